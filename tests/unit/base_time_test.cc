#include "base/time.h"

#include <gtest/gtest.h>

#include <random>

namespace lh {
namespace {

// An independent calendar: counts every day from a known one, without any formula of eras.
class DayCounter {
 public:
  int year = 1900;
  int month = 1;
  int day = 1;
  std::int32_t days =
      -25'567;  // 1900-01-01, counted back from 1970-01-01 by 70 years, 17 leap days
  int length() const {
    if (month == 2) return leap() ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }
  void next() {
    ++days;
    if (++day <= length()) return;
    day = 1;
    if (++month <= 12) return;
    month = 1;
    ++year;
  }

 private:
  bool leap() const { return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0); }
};

TEST(LocalDate, AgreesWithACountOfEveryDayFrom1900To2100) {
  int checked = 0;
  for (DayCounter c; c.year <= 2100; c.next()) {
    const auto made = LocalDate::make(c.year, c.month, c.day);
    ASSERT_TRUE(made.ok());
    ASSERT_EQ(made->days(), c.days) << c.year << "-" << c.month << "-" << c.day;
    const LocalDate back = LocalDate::from_days(c.days);
    ASSERT_EQ(back.year(), c.year);
    ASSERT_EQ(back.month(), c.month);
    ASSERT_EQ(back.day(), c.day);
    ASSERT_EQ(parse_date(back.text()).value(), back);
    ++checked;
  }
  EXPECT_EQ(checked, 73'414);
  EXPECT_EQ(LocalDate().text(), "1970-01-01");
}

TEST(LocalDate, ADateNobodyMadeIsWrittenInFull) {
  EXPECT_EQ(LocalDate::from_days(2'932'897).text(), "10000-01-01");
  EXPECT_EQ(LocalDate::from_days(-800'000).text(), "-221-09-04");
  EXPECT_EQ(LocalDate::make(1600, 3, 9).value().compact(), "16000309");
}

TEST(LocalDate, RoundTripsAcrossTheWholeCalendar) {
  const std::int32_t first = LocalDate::make(1600, 1, 1).value().days();
  const std::int32_t last = LocalDate::make(9999, 12, 31).value().days();
  for (std::int32_t d = first; d <= last; d += 97) {
    const LocalDate date = LocalDate::from_days(d);
    ASSERT_EQ(LocalDate::make(date.year(), date.month(), date.day()).value().days(), d);
  }
}

TEST(LocalDate, OrderAndStepsAreThoseOfDays) {
  const LocalDate d = LocalDate::make(2024, 2, 28).value();
  EXPECT_EQ(d.plus_days(1).text(), "2024-02-29");
  EXPECT_EQ(d.plus_days(2).compact(), "20240301");
  EXPECT_EQ(d.plus_days(-59).text(), "2023-12-31");
  EXPECT_LT(d, d.plus_days(1));
}

TEST(LocalDate, RefusesDaysThatDoNotExist) {
  for (const char* text :
       {"2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30", "2024-04-31", "2024-00-10",
        "2024-13-01", "2024-01-00", "2024-01-32", "1599-12-31", "0000-01-01"}) {
    const auto d = parse_date(text);
    ASSERT_FALSE(d.ok()) << text;
    EXPECT_EQ(d.error().reason(), Reason::kDateFormat);
  }
  EXPECT_TRUE(parse_date("2000-02-29").ok());
  EXPECT_FALSE(LocalDate::make(10'000, 1, 1).ok());
  EXPECT_FALSE(LocalDate::make(2024, -1, 1).ok());
}

TEST(LocalDate, ReadsOneSpellingOnly) {
  for (const char* text :
       {"", "2024", "2024-1-01", "2024-01-1", "24-01-01", "2024/01/01", "20240101", "2024-01-01 ",
        " 2024-01-01", "2024-01-01Z", "+024-01-01", "2024-0a-01", "２０24-01-01", "2024-01--1"}) {
    EXPECT_FALSE(parse_date(text).ok()) << text;
  }
}

struct TimeCase {
  const char* text;
  std::int64_t ms;
};

TEST(UtcTime, ReadsTheExamplesOfRfc3339) {
  const TimeCase cases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1985-04-12T23:20:50.52Z", 482'196'050'520},          // section 5.8
      {"1996-12-19T16:39:57-08:00", 851'042'397'000},        // section 5.8
      {"1937-01-01T12:00:27.87+00:20", -1'041'337'172'130},  // section 5.8
      {"2026-11-22T08:00:00+08:00", 1'795'305'600'000},
      {"2026-11-22", 1'795'276'800'000},
      {"1970-01-01T00:00:00.001Z", 1},
  };
  for (const auto& c : cases) {
    const auto t = parse_time(c.text);
    ASSERT_TRUE(t.ok()) << c.text;
    EXPECT_EQ(t->ms, c.ms) << c.text;
  }
}

TEST(UtcTime, RefusesEverythingElse) {
  for (const char* text : {"",
                           "2026-11-22T",
                           "2026-11-22T08:00:00",
                           "2026-11-22T08:00:00z",
                           "2026-11-22t08:00:00Z",
                           "2026-11-22 08:00:00Z",
                           "2026-11-22T24:00:00Z",
                           "2026-11-22T08:60:00Z",
                           "2026-11-22T08:00:60Z",
                           "2026-11-22T08:00:00.Z",
                           "2026-11-22T08:00:00.1234Z",
                           "2026-11-22T08:00:00,5Z",
                           "2026-11-22T08:00:00+8:00",
                           "2026-11-22T08:00:00+0800",
                           "2026-11-22T08:00:00+24:00",
                           "2026-11-22T08:00:00+08:60",
                           "2026-11-22T08:00:00-00:00",
                           "2026-11-22T08:00:00ZZ",
                           "2026-11-22T08:00:00.5",
                           "2026-02-30T08:00:00Z",
                           "2026-11-22T-8:00:00Z",
                           "2026-11-22T08:00Z",
                           "1795305600"}) {
    const auto t = parse_time(text);
    ASSERT_FALSE(t.ok()) << text;
    EXPECT_EQ(t.error().reason(), Reason::kDateFormat);
  }
}

TEST(UtcTime, WhatIsWrittenIsReadAgain) {
  std::mt19937_64 generator(3);
  for (int i = 0; i < 20'000; ++i) {
    const auto ms =
        static_cast<std::int64_t>(generator() % 250'000'000'000'000ULL) - 11'000'000'000'000;
    const UtcTime t{ms};
    const std::string text = time_text(t);
    ASSERT_EQ(text.size(), 24U) << text;
    ASSERT_EQ(parse_time(text).value(), t) << text;
  }
}

TEST(UtcTime, EndsOfTimeStayPrintable) {
  EXPECT_EQ(time_text(UtcTime::max()), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(local_date(UtcTime::max()).text(), "9999-12-31");
  EXPECT_EQ(time_text({std::numeric_limits<std::int64_t>::min()}), "1600-01-01T00:00:00.000Z");
}

// Business dates are civil dates of UTC+8 (model.md, Time).
TEST(UtcTime, TheDayChangesAtFourInTheAfternoonUtc) {
  EXPECT_EQ(local_date(parse_time("2026-11-22T15:59:59.999Z").value()).text(), "2026-11-22");
  EXPECT_EQ(local_date(parse_time("2026-11-22T16:00:00Z").value()).text(), "2026-11-23");
  EXPECT_EQ(local_date({-1}).text(), "1970-01-01");
  EXPECT_EQ(local_date({-8 * 3'600'000 - 1}).text(), "1969-12-31");
  for (std::int32_t d = -40'000; d < 80'000; d += 13) {
    const LocalDate date = LocalDate::from_days(d);
    ASSERT_EQ(local_date(start_of_day(date)), date);
    ASSERT_EQ(local_date(start_of_day(date).plus_ms(-1)), date.plus_days(-1));
  }
}

TEST(SystemClock, MonotonicTimeNeverGoesBack) {
  const SystemClock clock;
  std::int64_t last = clock.monotonic_us();
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t now = clock.monotonic_us();
    ASSERT_GE(now, last);
    last = now;
  }
  EXPECT_GT(clock.now(), parse_time("2024-01-01").value());
}

}  // namespace
}  // namespace lh
