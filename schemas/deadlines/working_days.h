// Working days 工作日: Monday to Friday, less the days off and plus the adjusted weekends that the
// State Council announces each year. Pure; the file of days is read by the caller.
#pragma once

#include <map>
#include <string_view>

#include "base/time.h"
#include "schemas/catalogue.h"

namespace lh::schemas {

enum class DayKind : std::uint8_t { kOff, kWorking };
using SpecialDays = std::map<LocalDate, DayKind>;

// One day a line: "2026-10-01" or "2026-10-01 off", "2026-10-10 work" (an adjusted weekend); blank
// lines and what follows # are left out. Errors: config.invalid with the line (also a day that
// stands there twice).
Result<SpecialDays> parse_special_days(std::string_view text);
// The file that is part of the binary (schemas/data/deadlines/special_days.txt).
const SpecialDays& shipped_special_days();

int weekday_of(LocalDate day);  // 0 is Monday
bool is_working_day(LocalDate day, const SpecialDays& special);
// The last day of a term that begins on `from`: the day after counts as the first (民法典 art.
// 201); a term in calendar days that ends on a day off ends on the next working day (art. 203).
LocalDate end_of_term(LocalDate from, const Term& term, const SpecialDays& special);

}  // namespace lh::schemas
