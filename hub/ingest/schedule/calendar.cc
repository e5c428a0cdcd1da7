#include "hub/ingest/schedule/calendar.h"

#include <algorithm>

namespace lh::hub::ingest {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr int kMostDays = 731;

}  // namespace

bool Calendar::works_on(LocalDate day) const {
  const auto special = days_.find(day);
  if (special != days_.end()) return special->second == schemas::DayKind::kWorking;
  return (times_.weekdays >> schemas::weekday_of(day) & 1U) != 0;
}

std::optional<Calendar::Stretch> Calendar::stretch_of(LocalDate day, UtcTime t) const {
  if (!works_on(day)) return std::nullopt;
  const UtcTime midnight = start_of_day(day);
  if (times_.hours.empty()) return Stretch{midnight, midnight.plus_ms(1440 * kMinuteMs)};
  for (const auto& span : times_.hours) {
    const Stretch s{midnight.plus_ms(span.from * kMinuteMs), midnight.plus_ms(span.to * kMinuteMs)};
    if (t < s.to) return s;
  }
  return std::nullopt;
}

std::optional<UtcTime> Calendar::next_open(UtcTime t) const {
  if (times_.always()) return t;
  const LocalDate first = local_date(t);
  for (int i = 0; i < kMostDays; ++i) {
    const auto stretch = stretch_of(first.plus_days(i), t);
    if (stretch) return std::max(t, stretch->from);
  }
  return std::nullopt;
}

std::optional<UtcTime> Calendar::closes(UtcTime t) const {
  if (times_.always() || !open_at(t)) return std::nullopt;
  return stretch_of(local_date(t), t)->to;
}

}  // namespace lh::hub::ingest
