#include <gtest/gtest.h>

#include "base/limits.h"

#include "adapters/mapping.h"

namespace lh::adapters {
namespace {

constexpr const char* kMapping = R"(name = "test"
empty = ["N/A"]
[source]
kind = "memory"
header_guard = { column = "状态", values = ["STATUS"] }
[tables.status]
"有效" = "valid"
"审核中" = "!row.not_issued"
"奇怪" = "curious"
[[outputs]]
kind = "base_data"
object = "legal_entity"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc", name = "name" }
division = "_division"
[outputs.fields]
uscc = { column = "代码", convert = ["half_width","trim","upper"], check = ["uscc"], required = true }
name = { column = "名称", convert = ["trim"], required = true }
domicile = { columns = ["市", "街"], join = ", " }
data_source = { constant = "test" }
_division = { column = "代码", convert = ["half_width","trim","upper","part:2:6"], required = true }
[[outputs]]
kind = "licence"
object = "11990100MB99000131002"
key = ["uscc", "number"]
holder = { scheme = "uscc", id = "uscc", name = "name" }
status = "_status"
valid_from = "_from"
valid_until = "_until"
division = "990102"
date_order = [["_from", "_until"]]
[outputs.fields]
uscc = { column = "代码", convert = ["half_width","trim","upper"], check = ["uscc"], required = true }
number = { column = "编号", required = true }
name = { column = "名称", convert = ["trim"], required = true }
_status = { column = "状态", convert = ["table:status"], required = true }
_from = { column = "起", convert = ["date"] }
_until = { column = "止", convert = ["date"], empty = ["长期"] }
)";

const std::vector<std::string> kColumns = {"编号", "代码", "名称", "市", "街", "状态", "起", "止"};

Mapper mapper() {
  const auto mapping = parse_mapping(kMapping);
  EXPECT_TRUE(mapping.ok()) << mapping.error().describe();
  return Mapper::bind(*mapping, kColumns).value();
}

RawRow good_row() {
  RawRow row;
  row.number = 1;
  row.values = {"7",    " ９1350100m000100Y43", "测试企业001", "N/A", "测试路1号",
                "有效", "2020-01-01",           "长期"};
  return row;
}

RawRow row_with(std::size_t column, const char* value) {
  RawRow row = good_row();
  row.values[column] = value;
  return row;
}

TEST(Mapper, MakesEveryRecordOfARow) {
  const auto out = mapper().apply(good_row());
  ASSERT_TRUE(out.errors.empty());
  ASSERT_EQ(out.records.size(), 2U);
  const MappedRecord& base = out.records[0];
  EXPECT_EQ(base.kind, RecordKind::kBaseData);
  EXPECT_EQ(base.object, "legal_entity");
  EXPECT_EQ(base.key, "91350100M000100Y43");
  EXPECT_EQ(base.division, "350100");
  EXPECT_EQ(base.holder.id.reveal(), "91350100M000100Y43");
  EXPECT_EQ(base.holder.name.reveal(), "测试企业001");
  EXPECT_EQ(base.fields, (schemas::Fields{{"uscc", "91350100M000100Y43"},
                                          {"name", "测试企业001"},
                                          {"domicile", "测试路1号"},
                                          {"data_source", "test"}}));
  const MappedRecord& licence = out.records[1];
  EXPECT_EQ(licence.key,
            "91350100M000100Y43\x1F"
            "7");
  EXPECT_EQ(licence.status, "valid");
  EXPECT_EQ(licence.division, "990102");
  ASSERT_TRUE(licence.valid_from.has_value());
  EXPECT_EQ(licence.valid_from->text(), "2020-01-01");
  EXPECT_FALSE(licence.valid_until.has_value());
}

struct Case {
  std::size_t column;
  const char* value;
  Reason reason;
  const char* field;
};

TEST(Mapper, NamesReasonFieldAndColumnAndGivesNoRecord) {
  const Case cases[] = {
      {1, "91350100M000100Y44", Reason::kRowCheckDigit, "uscc"},
      {1, "91350100M000100Y4", Reason::kRowCheck, "uscc"},
      {2, " ", Reason::kRowRequired, "name"},
      {2, "N/A", Reason::kRowRequired, "name"},
      {0, "", Reason::kRowRequired, "number"},
      {0, "a\x1F", Reason::kRowCheck, "number"},
      {5, "失效", Reason::kRowEnum, "_status"},
      {5, "审核中", Reason::kRowNotIssued, "_status"},
      {5, "奇怪", Reason::kRowEnum, "_status"},
      {6, "2020-02-30", Reason::kRowDate, "_from"},
      {7, "2019-12-31", Reason::kRowDate, "_until"},
  };
  const Mapper m = mapper();
  for (const Case& c : cases) {
    const auto out = m.apply(row_with(c.column, c.value));
    EXPECT_TRUE(out.records.empty()) << c.value;
    ASSERT_EQ(out.errors.size(), 1U) << c.value;
    EXPECT_EQ(out.errors[0].reason, c.reason) << c.value;
    EXPECT_EQ(out.errors[0].field, c.field) << c.value;
    EXPECT_EQ(out.errors[0].column, kColumns[c.column]) << c.value;
  }
}

TEST(Mapper, GivesEveryReasonOfARow) {
  RawRow row = good_row();
  row.values[2] = "";
  row.values[5] = "失效";
  row.values[6] = "soon";
  const auto out = mapper().apply(row);
  ASSERT_EQ(out.errors.size(), 3U);
  EXPECT_EQ(out.errors[0].reason, Reason::kRowRequired);
  EXPECT_EQ(out.errors[1].reason, Reason::kRowEnum);
  EXPECT_EQ(out.errors[2].reason, Reason::kRowDate);
}

TEST(Mapper, HeaderLinesOfOtherFilesAreNamed) {
  const Mapper m = mapper();
  RawRow repeated = good_row();
  repeated.values = kColumns;
  for (const RawRow& row : {row_with(5, "状态"), row_with(5, " STATUS "), repeated}) {
    const auto out = m.apply(row);
    ASSERT_EQ(out.errors.size(), 1U);
    EXPECT_EQ(out.errors[0].reason, Reason::kRowHeaderRepeated);
  }
}

TEST(Mapper, AMalformedRowKeepsItsReason) {
  RawRow row;
  row.malformed = Error(Reason::kRowQuoting);
  EXPECT_EQ(mapper().apply(row).errors.at(0).reason, Reason::kRowQuoting);
  row.malformed.reset();
  row.values = {"only one"};
  EXPECT_EQ(mapper().apply(row).errors.at(0).reason, Reason::kRowWidth);
}

TEST(Mapper, AValueBeyondTheFieldLimitIsTooLong) {
  RawRow row = good_row();
  row.values[2] = std::string(limits::kFieldBytes, 'x');
  EXPECT_TRUE(mapper().apply(row).errors.empty());
  row.values[2] += "x";
  EXPECT_EQ(mapper().apply(row).errors.at(0).reason, Reason::kRowTooLong);
}

TEST(Mapper, AMissingColumnIsNamedWithTheFieldItStarves) {
  const auto mapping = parse_mapping(kMapping).value();
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    std::vector<std::string> columns = kColumns;
    columns[i] = "renamed";
    const auto bound = Mapper::bind(mapping, columns);
    ASSERT_FALSE(bound.ok()) << kColumns[i];
    EXPECT_EQ(bound.error().reason(), Reason::kMappingColumn);
    EXPECT_NE(bound.error().detail().find("column " + kColumns[i] + ", needed by "),
              std::string::npos);
  }
  std::vector<std::string> twice = kColumns;
  twice.push_back("代码");
  EXPECT_NE(Mapper::bind(mapping, twice).error().detail().find("stands twice"), std::string::npos);
}

// A mapping made by code passes the same checks as one from a file.
TEST(Mapper, RefusesAMappingThatNeverPassedTheParser) {
  Mapping mapping = parse_mapping(kMapping).value();
  mapping.outputs[1].status = "nonsense";
  EXPECT_EQ(Mapper::bind(mapping, kColumns).error().reason(), Reason::kMappingInvalid);
}

}  // namespace
}  // namespace lh::adapters
