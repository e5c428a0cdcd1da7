// The time of entries: never decreasing, and never far ahead of what the monotonic clock allows, so
// that one forward jump of the wall clock cannot freeze the log's time (model.md, Time).
// In doubt: the wall clock ran more than 5 s ahead of the monotonic clock since the last look that
// was accepted, or stands more than 24 h away from the last entry at start. An operator confirms.
// Threads: any.
#pragma once

#include <mutex>

#include "base/time.h"

namespace lh::hub::ledger::log {

class ClockGuard {
 public:
  // `last` is the time of the last entry; none in a new log.
  ClockGuard(const Clock& clock, std::optional<UtcTime> last);
  // The time for the next entry. Errors: clock.jump.
  Result<UtcTime> stamp();
  UtcTime last() const;
  Status check() const;  // clock.jump while in doubt
  void confirm();        // the present wall clock is right

 private:
  Status check_locked(UtcTime now) const;
  const Clock& clock_;
  mutable std::mutex mutex_;
  UtcTime last_;
  UtcTime base_wall_;
  std::int64_t base_monotonic_us_ = 0;
  bool doubted_at_start_ = false;
};

}  // namespace lh::hub::ledger::log
