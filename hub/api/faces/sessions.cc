#include "hub/api/faces/sessions.h"

#include <algorithm>
#include <cctype>

namespace lh::hub::api::faces {
namespace {

std::string padded(std::int64_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

}  // namespace

std::string stamp_text(UtcTime t) {
  const LocalDate day = local_date(t);
  const std::int64_t ms = t.ms - start_of_day(day).ms;
  return day.compact() + padded(ms / 3600000, 2) + padded(ms / 60000 % 60, 2) +
         padded(ms / 1000 % 60, 2) + padded(ms % 1000, 3);
}

std::string Sessions::open(Face face, const Digest& certificate, std::string account) {
  std::string token = to_base64url(view(random_.array<32>()));
  const std::lock_guard lock(mutex_);
  holders_[certificate].sessions.put(token, {face, std::move(account)}, clock_.monotonic_us());
  return token;
}

Result<std::string> Sessions::check(Face face, const Digest& certificate, const std::string& token,
                                    std::string_view member) {
  const std::lock_guard lock(mutex_);
  const auto holder = holders_.find(certificate);
  const Session* session = holder == holders_.end()
                               ? nullptr
                               : holder->second.sessions.find(token, clock_.monotonic_us());
  if (session == nullptr || session->face != face) {
    return Error(Reason::kReferenceUnknown, std::string(member));
  }
  return session->account;
}

void Sessions::close(const Digest& certificate, const std::string& token) {
  const std::lock_guard lock(mutex_);
  const auto holder = holders_.find(certificate);
  if (holder != holders_.end()) holder->second.sessions.remove(token);
}

std::string Sessions::grant(const Digest& certificate, Grant grant) {
  std::string random = to_hex(view(random_.array<16>()));
  std::transform(random.begin(), random.end(), random.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::string code = stamp_text(clock_.now()) + "NC" + random;
  const std::lock_guard lock(mutex_);
  holders_[certificate].grants.put(code, std::move(grant), clock_.monotonic_us());
  return code;
}

Result<Grant> Sessions::find_grant(const Digest& certificate, const std::string& code) {
  const std::lock_guard lock(mutex_);
  const auto holder = holders_.find(certificate);
  const Grant* found =
      holder == holders_.end() ? nullptr : holder->second.grants.find(code, clock_.monotonic_us());
  if (found == nullptr) return Error(Reason::kReferenceUnknown, "auth_code");
  return *found;
}

}  // namespace lh::hub::api::faces
