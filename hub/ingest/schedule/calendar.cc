#include "hub/ingest/schedule/calendar.h"

#include <algorithm>

namespace lh::hub::ingest {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr int kMostDays = 731;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const auto from = std::min(text.find_first_not_of(kSpace), text.size());
  return text.substr(from, text.find_last_not_of(kSpace) + 1 - from);
}

Result<std::pair<LocalDate, DayKind>> parse_day(std::string_view line) {
  const auto space = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view kind = trimmed(line.substr(space));
  if (!kind.empty() && kind != "off" && kind != "work") {
    return Error(Reason::kConfigInvalid, "off or work is expected behind the day");
  }
  const LocalDate day = LH_TRY(parse_date(line.substr(0, space)));
  return std::pair(day, kind == "work" ? DayKind::kWorking : DayKind::kOff);
}

}  // namespace

Result<SpecialDays> parse_special_days(std::string_view text) {
  SpecialDays out;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = trimmed(line.substr(0, std::min(line.find('#'), line.size())));
    if (line.empty()) continue;
    const auto day = parse_day(line);
    if (!day.ok() || !out.insert(*day).second) {
      return Error(Reason::kConfigInvalid,
                   "days: line " + std::to_string(number) + ": " +
                       (day.ok() ? "the day stands there twice" : "YYYY-MM-DD [off|work]"));
    }
  }
  return out;
}

bool Calendar::works_on(LocalDate day) const {
  const auto special = days_.find(day);
  if (special != days_.end()) return special->second == DayKind::kWorking;
  const int weekday = ((day.days() % 7) + 10) % 7;  // 1970-01-01 was a Thursday, 0 is Monday
  return (times_.weekdays >> weekday & 1U) != 0;
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
