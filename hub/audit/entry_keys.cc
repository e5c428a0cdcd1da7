// Names and keys around entries: decisions, months, tags, packed identifiers.
#include "base/ids.h"
#include "crypto/digest.h"
#include "crypto/seal.h"
#include "hub/audit/entry_format.h"

namespace lh::hub::audit {
namespace {

constexpr int kMonthsAhead = 12;

std::uint64_t next_month(std::uint64_t month) {
  return month % 100 == 12 ? month + 89 : month + 1;
}

}  // namespace

std::optional<Tag> packed_hex(std::string_view text) {
  Tag out{};
  if (text.size() != 2 * out.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
    const int value = digit ? c - '0' : c - 'a' + 10;
    out[i / 2] = static_cast<std::uint8_t>(out[i / 2] << 4U | value);
  }
  return out;
}

std::optional<Tag> packed_system(std::string_view text) {
  constexpr std::string_view kPrefix = SystemIdKind::kPrefix;
  if (!text.starts_with(kPrefix)) return std::nullopt;
  return packed_hex(text.substr(kPrefix.size()));
}

std::uint64_t month_number(UtcTime t) {
  const LocalDate day = local_date(t);
  return static_cast<std::uint64_t>(day.year()) * 100 + static_cast<std::uint64_t>(day.month());
}

std::string month_name(std::uint64_t month) {
  return "audit/" + std::to_string(month);
}

std::string month_key_name(UtcTime t) {
  return month_name(month_number(t));
}

std::string_view decision_text(Decision d) {
  switch (d) {
    case Decision::kAllow:
      return "allow";
    case Decision::kDeny:
      return "deny";
    case Decision::kError:
      break;
  }
  return "error";
}

Status ensure_months(crypto::KeyStore& keys, UtcTime now, Random& random) {
  std::vector<std::pair<std::string, Secret>> missing;
  std::uint64_t month = month_number(now);
  for (int i = 0; i < kMonthsAhead; ++i, month = next_month(month)) {
    if (keys.find(month_name(month)) != nullptr) continue;
    Secret key = Secret::zeroed(crypto::kSealKeyBytes);
    random.fill(key.data(), key.size());
    missing.emplace_back(month_name(month), std::move(key));
  }
  if (missing.empty()) return {};
  return keys.put_all(std::move(missing), random);
}

Result<const Secret*> MonthKeys::get(std::uint64_t month) {
  const Slot* const current = current_.load(std::memory_order_acquire);
  if (current != nullptr && current->month == month) return current->key;
  const std::lock_guard lock(mutex_);
  for (const auto& slot : slots_) {
    if (slot->month != month) continue;
    current_.store(slot.get(), std::memory_order_release);
    return slot->key;
  }
  const Secret* const key = keys_.find(month_name(month));
  if (key == nullptr || key->size() != crypto::kSealKeyBytes) {
    return Error(Reason::kKeyMissing, month_name(month));
  }
  slots_.push_back(std::make_unique<const Slot>(Slot{month, key}));
  current_.store(slots_.back().get(), std::memory_order_release);
  return key;
}

Tag organisation_tag(std::string_view uscc) {
  const Digest d = crypto::sha256("org", uscc);
  return to_array<16>(view(d).substr(0, 16)).value();
}

Tag licence_type_tag(std::string_view code) {
  const Digest d = crypto::sha256("type", code);
  return to_array<16>(view(d).substr(0, 16)).value();
}

bool is_licence_change(schemas::AuditEvent event) {
  return event == schemas::AuditEvent::kLicenceIssued ||
         event == schemas::AuditEvent::kLicenceCollected ||
         event == schemas::AuditEvent::kLicenceStatus;
}

// Events are public numbers: the tag is the number itself, in the last two bytes.
Tag event_tag(schemas::AuditEvent event) {
  const auto n = static_cast<std::uint16_t>(event);
  Tag tag{};
  tag[14] = static_cast<std::uint8_t>(n >> 8U);
  tag[15] = static_cast<std::uint8_t>(n & 0xFFU);
  return tag;
}

}  // namespace lh::hub::audit
