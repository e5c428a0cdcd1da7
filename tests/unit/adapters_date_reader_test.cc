#include <gtest/gtest.h>

#include "adapters/convert/date_reader.h"

namespace lh::adapters::convert {
namespace {

std::string read(const char* formats, std::string_view text) {
  const auto date = DateReader::parse(formats).value().read(text);
  return date ? date->text() : "refused";
}

TEST(DateReader, ReadsTheUsualFormsWithoutBeingTold) {
  for (const char* text : {"2018-01-05", "2018/1/5", "20180105", "2018年1月5日", "2018-1-5",
                           "2018/01/05", "2018年01月05日"}) {
    EXPECT_EQ(read("", text), "2018-01-05") << text;
  }
}

TEST(DateReader, RefusesDaysThatDoNotExistAndTextAroundADay) {
  for (const char* text : {"2018-02-30", "2018/13/1", "20180231", "2018年2月29日", "2018-00-10",
                           "2018-1-0", "", "2018-01-05 ", "x2018-01-05", "2018-01-05x", "18-01-05",
                           "2018-001-05", "201815", "２０１８-01-05", "0000-01-01", "2018.1.5"}) {
    EXPECT_EQ(read("", text), "refused") << text;
  }
  EXPECT_EQ(read("", "2020-02-29"), "2020-02-29");
}

TEST(DateReader, ReadsOnlyTheFormatsNamed) {
  EXPECT_EQ(read("%d.%m.%Y", "5.1.2018"), "2018-01-05");
  EXPECT_EQ(read("%d.%m.%Y", "2018-01-05"), "refused");
  EXPECT_EQ(read("%m/%d/%Y", "1/5/2018"), "2018-01-05");
  EXPECT_EQ(read("%Y-%m-%d %H:%M:%S", "2018-01-05 00:00:00"), "2018-01-05");
  EXPECT_EQ(read("%Y%%%m%%%d", "2018%1%5"), "2018-01-05");
}

TEST(DateReader, AYearOrMonthStandsForTheDayTheMappingChose) {
  EXPECT_EQ(read("%Y|first", "2020"), "2020-01-01");
  EXPECT_EQ(read("%Y|last", "2020"), "2020-12-31");
  EXPECT_EQ(read("%Y-%m|first", "2020-2"), "2020-02-01");
  EXPECT_EQ(read("%Y-%m|last", "2020-2"), "2020-02-29");
  EXPECT_EQ(read("%Y-%m|last", "2021-12"), "2021-12-31");
  EXPECT_EQ(read("%Y-%m|last", "2021-13"), "refused");
  EXPECT_EQ(read("%Y-%m|last", "2021-0"), "refused");
  EXPECT_EQ(read("%Y|last", "202"), "refused");
}

TEST(DateReader, RefusesFormatsThatCouldReadOneTextAsTwoDays) {
  for (const char* formats : {"%d/%m/%Y|%m/%d/%Y", "%Y%m%d|%Y%d%m", "%Y", "%Y-%m", "%m-%d", "%Y-%d",
                              "%Y-%Y-%m-%d", "%y-%m-%d", "%Y-%m-%d%", "x"}) {
    const auto made = DateReader::parse(formats);
    ASSERT_FALSE(made.ok()) << formats;
    EXPECT_EQ(made.error().reason(), Reason::kMappingInvalid) << formats;
  }
}

// Law: every day from 1900 to 2100 reads back from each usual spelling.
TEST(DateReader, EveryDayReadsBack) {
  const DateReader reader = DateReader::parse("").value();
  for (LocalDate d = LocalDate::make(1900, 1, 1).value(); d.year() < 2100; d = d.plus_days(13)) {
    const std::string y = std::to_string(d.year());
    const std::string m = std::to_string(d.month());
    const std::string n = std::to_string(d.day());
    for (const std::string& text :
         {d.text(), d.compact(), y + "/" + m + "/" + n, y + "年" + m + "月" + n + "日"}) {
      ASSERT_EQ(reader.read(text), d) << text;
    }
  }
}

}  // namespace
}  // namespace lh::adapters::convert
