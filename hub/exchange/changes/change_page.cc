// Which licences stand in a page: from the log's postings by licence type, oldest first.
#include <algorithm>

#include "crypto/digest.h"
#include "hub/exchange/changes/change_desk.h"
#include "hub/exchange/plan/plan_maker.h"

namespace lh::hub::exchange {
namespace {

constexpr std::size_t kRun = 512;  // postings of a type read at once
constexpr std::size_t kCursorBytes = 8 + 16;

// The entry that changed it last, as far as its rows know.
std::uint64_t last_change(const licences::LicenceHead& head) {
  std::uint64_t out = 0;
  for (const auto& version : head.versions) out = std::max(out, version.index);
  for (const auto& fact : head.facts) out = std::max(out, fact.index);
  return out;
}

bool gives_values(const access::Caller& caller, const access::Policy& policy,
                  std::string_view matter, const schemas::LicenceType& type, LocalDate today) {
  const access::Question question{
      access::Operation::kPullLicences, caller, matter, type.code.text(), type.fields, {}, today};
  const auto decision = access::decide(question, policy);
  return decision.allowed() && !decision.fields.empty();
}

}  // namespace

struct ChangeDesk::Reading {
  const ChangesRequest& request;
  const access::Caller& caller;
  std::vector<std::string> types;  // those a rule gives
  std::uint64_t from = 0;
  std::uint64_t horizon = 0;  // entries below it were looked at
  bool more = false;
};

// What a cursor is bound to: a list of types that grew would miss what lies behind it, and nobody
// reads on with what was given to somebody else.
std::string ChangeDesk::cursor_at(std::uint64_t index, const Reading& reading) const {
  Bytes place;
  append_be64(place, index);
  Bytes bound(view(reading.caller.system.value));
  bound += place;
  bound += reading.request.purpose.matter;
  for (const auto& type : reading.request.types) (bound += '\0') += type;
  const Tag tag = parts_.directory.tag_of("licence_changes", bound);
  return to_hex(place.append(view(tag)));
}

Result<std::uint64_t> ChangeDesk::parse_cursor(std::string_view text,
                                               const Reading& reading) const {
  if (text.empty()) return std::uint64_t{0};
  const auto bytes = parse_hex(text);
  if (!bytes.ok() || bytes->size() != kCursorBytes) return Error(Reason::kCursorInvalid);
  const std::uint64_t index = read_be64(*bytes);
  if (!equal_constant_time(text, cursor_at(index, reading))) return Error(Reason::kCursorInvalid);
  return index;
}

// Of several types the entries up to where the shortest look ended, so none is passed by.
Result<std::vector<std::uint64_t>> ChangeDesk::find_entries(Reading& reading) const {
  std::vector<std::uint64_t> out;
  std::uint64_t covered = UINT64_MAX;
  reading.horizon = UINT64_MAX;
  for (const auto& type : reading.types) {
    auto found =
        LH_TRY(ledger_.postings_from(static_cast<std::uint8_t>(audit::PostingKind::kLicenceChange),
                                     audit::licence_type_tag(type), reading.from, kRun));
    covered = std::min(covered, found.covered);
    if (found.indexes.size() == kRun) {
      reading.horizon = std::min(reading.horizon, found.indexes.back() + 1);
    }
    out.insert(out.end(), found.indexes.begin(), found.indexes.end());
  }
  if (covered < reading.from) return Error(Reason::kCursorInvalid, "behind the end of the log");
  reading.horizon = std::min(reading.horizon, covered);
  reading.more = reading.horizon < covered;
  std::sort(out.begin(), out.end());
  out.erase(std::lower_bound(out.begin(), out.end(), reading.horizon), out.end());
  return out;
}

// A licence that changed again later stands there; one that nobody can read any more, nowhere.
Result<bool> ChangeDesk::stands_here(std::uint64_t index, const LicenceKey& key,
                                     const std::string& type) const {
  auto head = parts_.licences.head(key);
  if (!head.ok() && head.error().reason() == Reason::kLicenceUnknown) return false;
  if (!head.ok()) return head.error();
  if (head->type != type || last_change(*head) > index) return false;
  return std::any_of(head->holders.begin(), head->holders.end(),
                     [this](SubjectNo no) { return parts_.directory.get(no).ok(); });
}

// Nothing: no licence for this page. Entries written before they named their licence name none, and
// so do those whose month key was destroyed.
Result<std::optional<LicenceChange>> ChangeDesk::read_change(std::uint64_t index,
                                                             const Reading& reading) const {
  const auto entry = audit::parse_entry(LH_TRY(ledger_.entry(index)));
  if (!entry.ok() || entry->index != index) {
    return Error(Reason::kStoreCorrupt, "entry " + std::to_string(index));
  }
  const auto key = audit::open_licence_key(*entry, keys_);
  if (!key.ok() && key.error().reason() != Reason::kKeyMissing) return key.error();
  if (!key.ok() || !*key) return std::optional<LicenceChange>();
  if (!LH_TRY(stands_here(index, **key, entry->object))) return std::optional<LicenceChange>();
  return std::optional(LicenceChange{**key, entry->event, entry->time, cursor_at(index, reading),
                                     cursor_at(index + 1, reading)});
}

Result<ChangePage> ChangeDesk::find_page(const ChangesRequest& request,
                                         const access::Caller& caller,
                                         const access::Policy& policy) const {
  const LocalDate today = local_date(parts_.clock.now());
  const auto admitted = parts_.gate.admit_role(caller, access::Operation::kPullLicences, policy);
  if (const auto* no = std::get_if<access::Refusal>(&admitted)) return Error(no->decision->reason);
  if (caller.case_feed == access::CaseFeed::kRequired) return Error(Reason::kCaseNotInFeed);
  if (registered_for(caller, request.purpose.matter, policy, today) == Registered::kNo) {
    return Error(Reason::kPurposeNotRegistered, "purpose.matter");
  }
  Reading reading{request, caller, {}};
  reading.from = LH_TRY(parse_cursor(request.after, reading));
  for (const auto& code : request.types) {
    const auto* type = policy.find_type(code, today);
    if (type == nullptr) continue;
    if (!gives_values(caller, policy, request.purpose.matter, *type, today)) continue;
    reading.types.push_back(code);
  }
  ChangePage page;
  page.next = cursor_at(reading.from, reading);
  if (reading.types.empty()) return page;  // the cursor waits for a rule
  std::size_t examined = 0;
  for (const std::uint64_t index : LH_TRY(find_entries(reading))) {
    if (page.changes.size() == request.limit || examined++ == kMostExamined) {
      page.next = cursor_at(index, reading);
      page.more = true;
      return page;
    }
    auto change = LH_TRY(read_change(index, reading));
    if (change) page.changes.push_back(std::move(*change));
  }
  page.next = cursor_at(reading.horizon, reading);
  page.more = reading.more;
  return page;
}

}  // namespace lh::hub::exchange
