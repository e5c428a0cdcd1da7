#include "hub/audit/refusals.h"

namespace lh::hub::audit {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

std::int64_t minute_of(UtcTime t) {
  const std::int64_t minute = t.ms / kMinuteMs;
  return t.ms % kMinuteMs < 0 ? minute - 1 : minute;
}

EntryFacts facts_of(std::int64_t minute, Reason reason, std::uint64_t count) {
  EntryFacts f;
  f.event = schemas::AuditEvent::kRefusedAnonymous;
  f.decision = Decision::kDeny;
  f.reason = reason;
  f.object = time_text(UtcTime{minute * kMinuteMs});  // the minute that was counted
  f.count = count;
  return f;
}

}  // namespace

void RefusalCounter::count(Reason reason, UtcTime now) {
  const std::lock_guard lock(mutex_);
  ++counts_[{minute_of(now), reason}];
}

std::vector<EntryFacts> RefusalCounter::take_finished(UtcTime now) {
  const std::lock_guard lock(mutex_);
  std::vector<EntryFacts> out;
  const bool all = now == UtcTime::max();
  auto it = counts_.begin();
  while (it != counts_.end() && (all || it->first.first < minute_of(now))) {
    out.push_back(facts_of(it->first.first, it->first.second, it->second));
    it = counts_.erase(it);
  }
  return out;
}

}  // namespace lh::hub::audit
