// Terms in working and calendar days, against counting day by day.
#include "schemas/deadlines/working_days.h"

#include <gtest/gtest.h>

#include "tests/kits/seeded_random.h"

namespace lh::schemas {
namespace {

LocalDate day(std::string_view text) {
  return parse_date(text).value();
}

std::string end(std::string_view from, int days, DayCount count) {
  return end_of_term(day(from), {days, count}, shipped_special_days()).text();
}

TEST(WorkingDays, CountFromTheDayAfter) {
  EXPECT_EQ(end("2026-11-18", 1, DayCount::kWorking), "2026-11-19");  // a Wednesday
  EXPECT_EQ(end("2026-11-20", 1, DayCount::kWorking), "2026-11-23");  // over the weekend
  EXPECT_EQ(end("2026-11-20", 20, DayCount::kWorking), "2026-12-18");
  EXPECT_EQ(end("2026-11-18", 2, DayCount::kCalendar), "2026-11-20");
}

TEST(WorkingDays, KnowHolidaysAndAdjustedWeekends) {
  EXPECT_EQ(end("2026-09-30", 1, DayCount::kWorking), "2026-10-08");  // 国庆
  EXPECT_EQ(end("2026-10-08", 2, DayCount::kWorking), "2026-10-10");  // a Saturday that is worked
  EXPECT_EQ(end("2026-02-13", 1, DayCount::kWorking), "2026-02-14");
  // A calendar term never ends on a day off (民法典 art. 203).
  EXPECT_EQ(end("2026-09-25", 7, DayCount::kCalendar), "2026-10-08");
  EXPECT_EQ(end("2026-11-18", 3, DayCount::kCalendar), "2026-11-23");
}

TEST(WorkingDays, ATermHasAsManyWorkingDaysAsItSays) {
  kits::SeededRandom random(7);
  const auto& special = shipped_special_days();
  for (int i = 0; i < 500; ++i) {
    const LocalDate from = day("2025-12-01").plus_days(static_cast<int>(random.below(500)));
    const int days = 1 + static_cast<int>(random.below(60));
    const LocalDate last = end_of_term(from, {days, DayCount::kWorking}, special);
    int counted = 0;
    for (LocalDate d = from.plus_days(1); d <= last; d = d.plus_days(1)) {
      counted += is_working_day(d, special) ? 1 : 0;
    }
    ASSERT_EQ(counted, days) << from.text();
    ASSERT_TRUE(is_working_day(last, special));
    const LocalDate calendar = end_of_term(from, {days, DayCount::kCalendar}, special);
    ASSERT_GE(calendar, from.plus_days(days));
    ASSERT_TRUE(is_working_day(calendar, special));
  }
}

TEST(WorkingDays, RefuseAFileThatIsNotOne) {
  EXPECT_EQ(parse_special_days("2026-10-01\n2026-10-01 work").error().reason(),
            Reason::kConfigInvalid);
  EXPECT_EQ(parse_special_days("2026-10-01 perhaps").error().reason(), Reason::kConfigInvalid);
  EXPECT_TRUE(parse_special_days("# nothing\n\n").value().empty());
}

}  // namespace
}  // namespace lh::schemas
