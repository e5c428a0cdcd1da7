#include "hub/app/runs/guarded_source.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace lh::hub::app {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kLongestNapUs = 100'000;  // a hub that stops is not kept waiting

}  // namespace

GuardedSource::GuardedSource(std::unique_ptr<adapters::Source> inner, const Terms& terms,
                             const std::atomic<bool>& stop, const Clock& clock)
    : inner_(std::move(inner)),
      terms_(terms),
      stop_(stop),
      clock_(clock),
      begun_us_(clock.monotonic_us()),
      pace_(terms.limits.rows_per_second, begun_us_) {}

std::optional<Error> GuardedSource::judge() {
  if (stop_.load(std::memory_order_relaxed)) {
    broken_off_ = BrokenOff::kHubStops;
    return Error(Reason::kAdapterState, "the hub stops");
  }
  if (clock_.monotonic_us() - begun_us_ > terms_.limits.run_seconds * kSecondUs) {
    broken_off_ = BrokenOff::kDeadline;
    return Error(Reason::kSourceDeadline,
                 "run_seconds = " + std::to_string(terms_.limits.run_seconds));
  }
  if (terms_.closes && clock_.now() >= *terms_.closes) {
    broken_off_ = BrokenOff::kClosed;
    return Error(Reason::kAdapterState, "its hours are over");
  }
  return std::nullopt;
}

std::optional<Error> GuardedSource::keep_pace() {
  std::int64_t wait = pace_.wait_us(clock_.monotonic_us());
  while (wait > 0) {
    const std::int64_t nap = std::min(wait, kLongestNapUs);
    std::this_thread::sleep_for(std::chrono::microseconds(nap));
    wait -= nap;
    if (auto why = judge()) return why;
  }
  return std::nullopt;
}

Result<std::optional<adapters::RawRow>> GuardedSource::next() {
  if (auto why = judge()) return *why;
  if (auto why = keep_pace()) return *why;
  auto row = inner_->next();
  if (!row.ok()) {  // perhaps because it was not given a turn before its end
    if (auto why = judge()) return *why;
  }
  if (row.ok() && *row) ++rows_;
  return row;
}

}  // namespace lh::hub::app
