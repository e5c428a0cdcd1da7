#include "hub/ledger/log/clock_guard.h"

#include <algorithm>

namespace lh::hub::ledger::log {
namespace {

constexpr std::int64_t kAheadMs = 5000;
constexpr std::int64_t kStartJumpMs = 24LL * 3600 * 1000;
// A disciplined clock may be slewed by 500 ppm for as long as it likes (RFC 5905, section 11.3).
constexpr std::int64_t kSlewUnits = 2000;

}  // namespace

ClockGuard::ClockGuard(const Clock& clock, std::optional<UtcTime> last)
    : clock_(clock), base_wall_(clock.now()), base_monotonic_us_(clock.monotonic_us()) {
  if (!last) return;
  last_ = *last;
  const std::int64_t away = base_wall_.ms - last_.ms;
  doubted_at_start_ = away > kStartJumpMs || away < -kStartJumpMs;
}

Status ClockGuard::check_locked(UtcTime now) const {
  if (doubted_at_start_) {
    return Error(Reason::kClockJump, "at start, more than 24 h from the last entry");
  }
  const std::int64_t elapsed = (clock_.monotonic_us() - base_monotonic_us_) / 1000;
  const std::int64_t allowed = elapsed + elapsed / kSlewUnits + kAheadMs;
  if (now.ms - base_wall_.ms > allowed) {
    return Error(Reason::kClockJump, "ahead of the monotonic clock");
  }
  return {};
}

Result<UtcTime> ClockGuard::stamp() {
  const UtcTime now = clock_.now();
  const std::lock_guard lock(mutex_);
  LH_TRY(check_locked(now));
  last_ = std::max(last_, now);
  return last_;
}

UtcTime ClockGuard::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

Status ClockGuard::check() const {
  const UtcTime now = clock_.now();
  const std::lock_guard lock(mutex_);
  return check_locked(now);
}

void ClockGuard::confirm() {
  const std::lock_guard lock(mutex_);
  base_wall_ = clock_.now();
  base_monotonic_us_ = clock_.monotonic_us();
  doubted_at_start_ = false;
}

}  // namespace lh::hub::ledger::log
