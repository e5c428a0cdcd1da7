#include "schemas/division_table.h"

#include <gtest/gtest.h>

namespace lh::schemas {
namespace {

Division division(std::string_view code) {
  return parse_division(code).value();
}
LocalDate day(std::string_view text) {
  return parse_date(text).value();
}

std::string name(std::string_view code, std::string_view at) {
  return DivisionTable::shipped().find_name(division(code), day(at)).value_or("-");
}

std::string became(std::string_view code, std::string_view at) {
  const auto d = DivisionTable::shipped().successor(division(code), day(at));
  return d ? d->code() : "-";
}

TEST(DivisionTableTest, ShippedTableHasTheCountryAndTheSampleDivisions) {
  EXPECT_GT(DivisionTable::shipped().size(), 3000U);
  EXPECT_EQ(name("110000", "2026-01-01"), "北京市");
  EXPECT_EQ(name("220000", "2026-01-01"), "吉林省");
  EXPECT_EQ(name("990100", "2026-01-01"), "测试市");
  EXPECT_EQ(name("998877", "2026-01-01"), "-");
}

TEST(DivisionTableTest, CodesEndAndBeginOnTheirDay) {
  EXPECT_EQ(name("371202", "2018-12-25"), "莱城区");
  EXPECT_EQ(name("371202", "2018-12-26"), "-");
  EXPECT_EQ(name("370116", "2018-12-25"), "-");
  EXPECT_EQ(name("370116", "2018-12-26"), "莱芜区");
  EXPECT_EQ(name("220381", "2020-06-18"), "公主岭市");
  EXPECT_EQ(name("220381", "2020-06-19"), "-");
  EXPECT_EQ(name("330114", "2021-04-08"), "-");
  EXPECT_EQ(name("330114", "2021-04-09"), "钱塘区");
}

TEST(DivisionTableTest, LongerCodesAreLookedUpByTheirFirstSix) {
  EXPECT_EQ(name("220102001", "2026-01-01"), name("220102", "2026-01-01"));
  EXPECT_EQ(name("220102001001", "2026-01-01"), name("220102", "2026-01-01"));
}

TEST(DivisionTableTest, SaysWhatACodeBecame) {
  EXPECT_EQ(became("371202", "2026-01-01"), "370116");
  EXPECT_EQ(became("371200", "2026-01-01"), "370100");
  EXPECT_EQ(became("330104", "2026-01-01"), "330102");
  EXPECT_EQ(became("371202", "2010-01-01"), "371202");  // still itself
  EXPECT_EQ(became("220102001", "2026-01-01"), "220102001");
  EXPECT_EQ(became("371202001", "2026-01-01"), "370116");  // the town may have another number
  EXPECT_EQ(became("998877", "2026-01-01"), "-");
  EXPECT_EQ(became("330114", "2000-01-01"), "-");  // before it began
}

TEST(DivisionTableTest, CheckNamesTheCodeAndTheDay) {
  EXPECT_TRUE(DivisionTable::shipped().check(division("371202"), day("2018-01-01")).ok());
  const Status s = DivisionTable::shipped().check(division("371202"), day("2026-01-01"));
  EXPECT_EQ(s.error().reason(), Reason::kDivisionUnknown);
  EXPECT_EQ(s.error().detail(), "371202 at 2026-01-01");
}

constexpr std::string_view kHeader = "code,name,from,until,successor\n";

Result<DivisionTable> parse(std::string_view rows) {
  return DivisionTable::parse(std::string(kHeader) + std::string(rows));
}

TEST(DivisionTableTest, FollowsChainsAndEndsCircles) {
  const auto t = parse(
                     "110001,甲,1950-01-01,1980-12-31,110002\n"
                     "110002,乙,1981-01-01,1999-12-31,110003\n"
                     "110003,丙,2000-01-01,,\n"
                     "120001,丁,1950-01-01,1980-12-31,120002\n"
                     "120002,戊,1950-01-01,1980-12-31,120001\n"
                     "130001,己,1950-01-01,1980-12-31,\n"
                     "130002,庚,1950-01-01,1960-12-31,\n"
                     "130002,辛,1970-01-01,,\n")
                     .value();
  EXPECT_EQ(t.successor(division("110001"), day("2020-01-01"))->code(), "110003");
  EXPECT_EQ(t.successor(division("110001"), day("1990-01-01"))->code(), "110002");
  EXPECT_FALSE(t.successor(division("120001"), day("2020-01-01")).has_value());
  EXPECT_FALSE(t.successor(division("130001"), day("2020-01-01")).has_value());
  EXPECT_EQ(t.find_name(division("130002"), day("1960-12-31")), "庚");
  EXPECT_EQ(t.find_name(division("130002"), day("1965-01-01")), std::nullopt);
  EXPECT_EQ(t.find_name(division("130002"), day("1970-01-01")), "辛");
}

TEST(DivisionTableTest, TakesCommentsCrlfAndAnyOrder) {
  const auto t = DivisionTable::parse(
      "# a comment\r\ncode,name,from,until,successor\r\n\r\n120000,乙,1950-01-01,,\r\n"
      "110000,甲,1950-01-01,,");
  ASSERT_TRUE(t.ok()) << t.error().describe();
  EXPECT_EQ(t->size(), 2U);
  EXPECT_EQ(t->find_name(division("110000"), day("2000-01-01")), "甲");
}

TEST(DivisionTableTest, RefusesWrongLines) {
  for (const char* row :
       {"110000,甲,1950-01-01,\n", "110000,甲,1950-01-01,,,\n", "11000,甲,1950-01-01,,\n",
        "110000001,甲,1950-01-01,,\n", "11000x,甲,1950-01-01,,\n", "110000,,1950-01-01,,\n",
        "110000,甲,,,\n", "110000,甲,1950,,\n", "110000,甲,1950-01-01,1949-12-31,\n",
        "110000,甲,1950-01-01,x,\n", "110000,甲,1950-01-01,,120000\n",
        "110000,甲,1950-01-01,1960-01-01,12\n", "110000,甲,1950-01-01,,\n110000,乙,1960-01-01,,\n",
        "110000,甲,1950-01-01,1960-01-01,\n110000,乙,1960-01-01,,\n"}) {
    const auto t = parse(row);
    ASSERT_FALSE(t.ok()) << row;
    EXPECT_EQ(t.error().reason(), Reason::kInputMalformed) << row;
  }
  EXPECT_EQ(parse("110000,\xFF,1950-01-01,,\n").error().reason(), Reason::kInputEncoding);
  EXPECT_FALSE(DivisionTable::parse("").ok());
  EXPECT_FALSE(DivisionTable::parse("110000,甲,1950-01-01,,\n").ok());
}

TEST(DivisionTableTest, FindsWhatACodeWasAndWhatContainsIt) {
  const auto t = parse(
      "110000,甲省,1950-01-01,,\n110100,乙市,1950-01-01,,\n"
      "110101,丙区,1950-01-01,1960-01-01,110102\n");
  const auto division = parse_division("110101003").value();
  const auto ended = t->find(division, parse_date("1999-01-01").value());
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->name, "丙区");
  EXPECT_EQ(ended->successor, "110102");
  EXPECT_FALSE(t->find(division, parse_date("1949-12-31").value()).has_value());
  const auto above = t->parents(division, parse_date("1955-01-01").value());
  ASSERT_EQ(above.size(), 2U);
  EXPECT_EQ(above.front().name + above.back().name, "甲省乙市");
  EXPECT_TRUE(t->parents(parse_division("110000").value(), ended->from).empty());
}

TEST(DivisionTableTest, NamesTheLine) {
  EXPECT_EQ(parse("110000,甲,1950-01-01,,\nx\n").error().detail(), "line 3: not five columns");
}

}  // namespace
}  // namespace lh::schemas
