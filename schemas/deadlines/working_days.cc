#include "schemas/deadlines/working_days.h"

#include <algorithm>

#include "base/embedded.h"

namespace lh::embedded {
std::span<const File> schema_files();  // made by tools/cmake/embed.cmake
}

namespace lh::schemas {
namespace {

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

SpecialDays read_shipped() {
  for (const embedded::File& file : embedded::schema_files()) {
    if (file.path != "deadlines/special_days.txt") continue;
    auto days = parse_special_days(file.bytes);
    LH_CHECK(days.ok(), days.error().describe());
    return std::move(days).value();
  }
  check_failed("schema_files()", "deadlines/special_days.txt is not there");
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

const SpecialDays& shipped_special_days() {
  static const SpecialDays kDays = read_shipped();
  return kDays;
}

int weekday_of(LocalDate day) {
  return ((day.days() % 7) + 10) % 7;  // 1970-01-01 was a Thursday
}

bool is_working_day(LocalDate day, const SpecialDays& special) {
  const auto known = special.find(day);
  if (known != special.end()) return known->second == DayKind::kWorking;
  return weekday_of(day) < 5;
}

LocalDate end_of_term(LocalDate from, const Term& term, const SpecialDays& special) {
  if (term.count == DayCount::kCalendar) {
    LocalDate end = from.plus_days(term.days);
    while (!is_working_day(end, special)) end = end.plus_days(1);
    return end;
  }
  LocalDate day = from;
  for (int counted = 0; counted < term.days;) {
    day = day.plus_days(1);
    if (is_working_day(day, special)) ++counted;
  }
  return day;
}

}  // namespace lh::schemas
