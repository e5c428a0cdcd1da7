// Name dialects: tables that hang together, and mappings that rest on them.
#include "adapters/dialects/dialects.h"

#include <gtest/gtest.h>

#include <set>

#include "adapters/mapping.h"

namespace lh::adapters {
namespace {

std::string mapping_with(std::string_view dialect, std::string_view fields) {
  return "name = \"m\"\n[source]\nkind = \"file\"\n[[outputs]]\nkind = \"licence\"\n"
         "object = \"11990100MB99000131001\"\ndialect = \"" +
         std::string(dialect) +
         "\"\nkey = [\"certificate_number\"]\n"
         "holder = { scheme = \"uscc\", id = \"certificate_number\" }\nstatus = \"valid\"\n"
         "[outputs.fields]\n" +
         std::string(fields);
}

TEST(Dialects, EveryFieldAndColumnStandsOnceInATable) {
  ASSERT_GE(dialects::names().size(), 6U);
  std::size_t names = 0;
  for (const auto dialect : dialects::names()) {
    std::set<std::string_view> columns;
    std::set<std::string_view> fields;
    for (const auto& name : dialects::table(dialect)) {
      EXPECT_TRUE(columns.insert(name.column).second) << dialect << " " << name.column;
      EXPECT_TRUE(fields.insert(name.field).second) << dialect << " " << name.field;
      EXPECT_EQ(dialects::column_of(dialect, name.field), name.column);
      ++names;
    }
    EXPECT_GE(fields.size(), 10U) << dialect;
  }
  EXPECT_GT(names, 80U);
}

TEST(Dialects, SayTheSameThingInTheirOwnWords) {
  const std::pair<std::string_view, std::string_view> issued[] = {
      {"pinyin", "ZZBFRQ"},
      {"pinyin_second", "FZRQ"},
      {"national", "certificate_issued_date"},
      {"national_camel", "certificateIssuedDate"},
      {"guangdong", "issue_date"}};
  for (const auto& [dialect, column] : issued) {
    EXPECT_EQ(dialects::column_of(dialect, "certificate_issued_date"), column);
  }
  EXPECT_FALSE(dialects::column_of("pinyin", "no_such_field"));
  EXPECT_FALSE(dialects::column_of("no_such_dialect", "certificate_issued_date"));
  EXPECT_TRUE(dialects::table("no_such_dialect").empty());
}

TEST(Dialects, AMappingReadsTheColumnsOfItsDialect) {
  const auto mapping =
      parse_mapping(mapping_with("guangdong",
                                 "certificate_number = { required = true }\n"
                                 "certificate_issued_date = { convert = [\"date\"] }\n"
                                 "certificate_name = { column = \"title\" }\n"
                                 "division_text = { constant = \"990100\" }\n"));
  ASSERT_TRUE(mapping.ok()) << mapping.error().describe();
  const auto& fields = mapping->outputs.front().fields;
  EXPECT_EQ(fields[0].column, "id_code");
  EXPECT_EQ(fields[1].column, "issue_date");
  EXPECT_EQ(fields[2].column, "title") << "what the mapping says itself stands";
  EXPECT_TRUE(fields[3].column.empty());
  const auto bound = Mapper::bind(*mapping, {"issue_date", "title"});
  ASSERT_FALSE(bound.ok());
  EXPECT_EQ(bound.error().reason(), Reason::kMappingColumn) << "a dialect does not excuse absence";
}

TEST(Dialects, WhatADialectDoesNotKnowIsNamedWithItsLine) {
  const auto unknown = parse_mapping(mapping_with("unheard_of", "certificate_number = {}\n"));
  ASSERT_FALSE(unknown.ok());
  EXPECT_NE(unknown.error().detail().find("dialect: not known"), std::string::npos);
  const auto missing = parse_mapping(
      mapping_with("pinyin", "certificate_number = { required = true }\nphoto = {}\n"));
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().detail(), "line 13: photo: the dialect pinyin has no name for it");
}

}  // namespace
}  // namespace lh::adapters
