#include "hub/ingest/schedule/schedule.h"

#include <algorithm>

namespace lh::hub::ingest {
namespace {

constexpr std::int64_t kSecondMs = 1000;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::uint32_t kMostDoublings = 20;

std::int64_t doubled(std::uint32_t seconds, std::uint32_t times) {
  return std::min((seconds * kSecondMs) << std::min(times, kMostDoublings), kDayMs);
}

bool may_pass(std::string_view reason) {
  const auto known = find_reason(reason);
  return known && info(*known).retry == Retry::kLater;
}

// A quarter more or less, from what is known of the failure: FNV-1a over name and time.
std::int64_t varied(std::int64_t wait, const std::string& name, UtcTime at) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  const auto add = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001B3U; };
  for (const char c : name) add(static_cast<std::uint8_t>(c));
  for (unsigned i = 0; i < 8; ++i) add(static_cast<std::uint8_t>(at.ms >> (8 * i)));
  const std::int64_t per_mille = static_cast<std::int64_t>((hash >> 20U) % 501) - 250;
  return wait + wait / 1000 * per_mille;
}

UtcTime due_of(const AdapterRecord& adapter, const adapters::RunLimits& limits,
               const LastRun& last) {
  if (adapter.changed > last.ended) return adapter.changed;
  const std::int64_t every = std::int64_t{adapter.every_seconds} * kSecondMs;
  if (last.failures == 0) {
    return last.ended.plus_ms(
        last.reason.empty() ? every : std::min(every, limits.retry_seconds * kSecondMs));
  }
  std::int64_t wait = every;
  if (last.failures >= limits.failures) {
    wait = doubled(limits.open_seconds, last.failures - limits.failures);
  } else if (may_pass(last.reason)) {
    wait = std::min(doubled(limits.retry_seconds, last.failures - 1), every);
  }
  return last.ended.plus_ms(varied(wait, adapter.name, last.ended));
}

AdapterState health_of(const adapters::RunLimits& limits, const std::optional<LastRun>& last) {
  if (!last) return AdapterState::kNew;
  if (last->failures == 0) return AdapterState::kOk;
  return last->failures >= limits.failures ? AdapterState::kOpen : AdapterState::kFailing;
}

}  // namespace

std::string_view state_text(AdapterState state) {
  switch (state) {
    case AdapterState::kPaused:
      break;
    case AdapterState::kNew:
      return "new";
    case AdapterState::kOk:
      return "ok";
    case AdapterState::kFailing:
      return "failing";
    case AdapterState::kOpen:
      return "open";
    case AdapterState::kOutsideHours:
      return "outside_hours";
  }
  return "paused";
}

Turn next_turn(const AdapterRecord& adapter, const RunTerms& terms,
               const std::optional<LastRun>& last, UtcTime now) {
  if (adapter.mode == AdapterMode::kDisabled) return {};
  Turn out;
  out.state = health_of(terms.limits, last);
  const bool well = out.state == AdapterState::kOk || out.state == AdapterState::kNew;
  if (well && !terms.calendar.open_at(now)) out.state = AdapterState::kOutsideHours;
  if (adapter.every_seconds == 0) return out;
  const UtcTime wanted = last ? due_of(adapter, terms.limits, *last) : adapter.changed;
  // What was wanted while it was open may be begun as long as it is open.
  const bool overdue = wanted <= now && terms.calendar.open_at(now);
  out.due = overdue ? wanted : terms.calendar.next_open(std::max(wanted, now));
  return out;
}

std::optional<UtcTime> next_reconcile(const AdapterRecord& adapter, const RunTerms& terms,
                                      const std::optional<UtcTime>& last) {
  if (adapter.mode == AdapterMode::kDisabled || !terms.reconcile_at) return std::nullopt;
  const UtcTime after = last ? std::max(*last, adapter.changed) : adapter.changed;
  const LocalDate day = local_date(after);
  const UtcTime today = start_of_day(day).plus_ms(*terms.reconcile_at * kMinuteMs);
  return today > after ? today
                       : start_of_day(day.plus_days(1)).plus_ms(*terms.reconcile_at * kMinuteMs);
}

std::int64_t Pace::wait_us(std::int64_t now_us) {
  if (rows_per_second_ == 0) return 0;
  constexpr std::int64_t kSecond = 1'000'000;
  const auto share = [this](std::uint64_t rows) {
    return static_cast<std::int64_t>(rows * 1'000'000U / rows_per_second_);
  };
  if (now_us - begun_us_ - share(rows_) > kSecond) {
    begun_us_ = now_us - kSecond;
    rows_ = 0;
  }
  const std::int64_t due = begun_us_ + share(rows_++);
  return std::max<std::int64_t>(0, due - now_us);
}

}  // namespace lh::hub::ingest
