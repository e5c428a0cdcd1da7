#include "adapters/mapping.h"

#include <gtest/gtest.h>

#include "adapters/file/file_source.h"

namespace lh::adapters {
namespace {

constexpr const char* kGood = R"(name = "test"
version = 3
issuer_name = "测试局"
empty = ["N/A"]
[source]
kind = "file"
encoding = "gb18030"
delimiter = ","
header = ["编号", "日期"]
max_row_bytes = 4096
header_guard = { column = "编号", values = ["号"] }
[tables.status]
"有效" = "valid"
[[outputs]]
kind = "licence"
object = "11990100MB99000131002"
key = ["number"]
holder = { scheme = "local", source = "test", id = "number" }
status = "_status"
valid_from = "_from"
date_order = [["_from", "_until"]]
[outputs.fields]
zulu = { constant = "z" }
number = { column = "编号", convert = ["trim"], check = ["max:8"], required = true }
_status = { column = "状态", convert = ["table:status"], required = true, empty = [] }
_from = { column = "日期", convert = ["date"] }
_until = { columns = ["日期", "编号"], join = "-", convert = ["date"] }
)";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Mapping, ReadsWhatTheFileSays) {
  const auto parsed = parse_mapping(kGood);
  ASSERT_TRUE(parsed.ok()) << parsed.error().describe();
  EXPECT_EQ(parsed->name, "test");
  EXPECT_EQ(parsed->version, 3);
  EXPECT_EQ(parsed->issuer_name, "测试局");
  EXPECT_EQ(parsed->kind, "file");
  EXPECT_EQ(parsed->header, (std::vector<std::string>{"编号", "日期"}));
  EXPECT_EQ(parsed->header_guard, "编号");
  const auto file = file::read_settings(parsed->source);
  ASSERT_TRUE(file.ok()) << file.error().describe();
  EXPECT_EQ(file->encoding, file::Encoding::kGb18030);
  EXPECT_EQ(file->header, parsed->header);
  EXPECT_EQ(file->max_row_bytes, 4096U);
  EXPECT_EQ(parsed->tables.at("status").at("有效"), "valid");
  ASSERT_EQ(parsed->outputs.size(), 1U);
  const OutputRule& output = parsed->outputs[0];
  EXPECT_EQ(output.kind, RecordKind::kLicence);
  EXPECT_EQ(output.holder_scheme, IdScheme::kLocal);
  EXPECT_EQ(output.local_source, "test");
  ASSERT_EQ(output.fields.size(), 5U);
  EXPECT_EQ(output.fields[0].name, "zulu");  // the order of the file
  EXPECT_EQ(output.fields[1].empty_values, std::vector<std::string>{"N/A"});
  EXPECT_TRUE(output.fields[2].empty_values.empty());
  EXPECT_EQ(output.fields[1].line, 24);
  EXPECT_EQ(output.fields[4].join, "-");
}

// A mapping as the hub takes it: its own part, then the part of its kind.
Result<Mapping> read(const std::string& text) {
  Kinds kinds;
  kinds.add(file::make_kind());
  Mapping mapping = LH_TRY(parse_mapping(text));
  const Kind* kind = LH_TRY(kinds.find(mapping.kind, mapping.source));
  LH_TRY(kind->check(mapping.source));
  return mapping;
}

struct Wrong {
  const char* from;
  const char* to;
  const char* expected;  // in the error's text
};

TEST(Mapping, RefusesEveryMistakeWithItsLine) {
  const Wrong cases[] = {
      {"version = 3", "verison = 3", "line 2: the key verison is not known here"},
      {"version = 3", "version = \"3\"", "line 2: version is a number"},
      {"version = 3", "version = 0", "line 2: version is a number"},
      {"name = \"test\"", "name = 7", "line 1: name is a text"},
      {"kind = \"file\"", "kind = \"ftp\"", "line 5: kind is one of: file"},
      {"encoding = \"gb18030\"", "encoding = \"gbk\"", "encoding is utf-8 or gb18030"},
      {"encoding = \"gb18030\"\n", "", "encoding is missing"},
      {"encoding = \"gb18030\"", "encodng = \"gb18030\"", "encoding is missing"},
      {"delimiter = \",\"", "delimiter = \"|\"", "with gb18030 only characters below 0x30"},
      {"delimiter = \",\"", "delimiter = \"\\\"\"", "delimiter: an ASCII character"},
      {"delimiter = \",\"", "delimiter = \"，\"", "delimiter is one ASCII character"},
      {"max_row_bytes = 4096", "max_row_bytes = 9999999", "max_row_bytes is a number"},
      {"values = [\"号\"]", "value = [\"号\"]", "the key value is not known here"},
      {"header = [\"编号\", \"日期\"]", "header = [\"编号\", 7]", "line 9: header is a list"},
      {"\"有效\" = \"valid\"", "\"有效\" = 1", "line 13: a code becomes a text"},
      {"kind = \"licence\"", "kind = \"license\"", "line 14: kind is base_data or licence"},
      {"\"11990100MB99000131002\"", "\"11990100MB99000132002\"", "object: a licence type code"},
      {"key = [\"number\"]", "key = []", "key is missing"},
      {"key = [\"number\"]", "key = [\"nummer\"]", "line 14: there is no field nummer"},
      {"key = [\"number\"]", "key = [\"_from\"]", "a key or holder must be required"},
      {"holder = {", "holder_ = {", "holder is missing"},
      {"scheme = \"local\"", "scheme = \"uscc\"", "source is for the scheme local"},
      {"scheme = \"local\"", "scheme = \"email\"", "the scheme is not known"},
      {"source = \"test\", ", "", "source is for the scheme local"},
      {"id = \"number\"", "id = \"nothing\"", "there is no field nothing"},
      {"status = \"_status\"\n", "", "status: a field or one of"},
      {"status = \"_status\"", "status = \"gültig\"", "status: a field or one of"},
      {"status = \"_status\"", "status = \"number\"\ndivision = \"1\"", "division: a field or"},
      {"valid_from = \"_from\"", "valid_from = \"number\"", "its last converter must be date"},
      {"valid_from = \"_from\"", "valid_from = \"from\"", "there is no field from"},
      {"[[\"_from\", \"_until\"]]", "[[\"_from\"]]", "date_order: a pair of fields"},
      {"[[\"_from\", \"_until\"]]", "[[\"_from\", \"number\"]]", "must be date"},
      {"[outputs.fields]", "[outputs.felder]", "fields are missing"},
      {"zulu = {", "Zulu = {", "field names are of a-z"},
      {"zulu = { constant = \"z\" }", "zulu = \"z\"", "line 23: a field is a table"},
      {"zulu = { constant = \"z\" }", "zulu = { }", "one of column, columns and constant"},
      {"constant = \"z\"", "constant = \"z\", column = \"编号\"", "one of column, columns"},
      {"convert = [\"trim\"]", "convert = [\"trimm\"]", "line 24: number: converter trimm"},
      {"convert = [\"trim\"]", "convert = \"trim\"", "line 24: convert is a list of texts"},
      {"check = [\"max:8\"]", "check = [\"max:x\"]", "line 24: number: a whole number"},
      {"table:status", "table:state", "line 25: _status: there is no table state"},
      {"required = true, empty", "required = 1, empty", "line 25: required is true or false"},
      {"join = \"-\"", "jion = \"-\"", "line 27: the key jion is not known here"},
  };
  for (const Wrong& c : cases) {
    const auto parsed = read(with(kGood, c.from, c.to));
    ASSERT_FALSE(parsed.ok()) << c.to;
    EXPECT_EQ(parsed.error().reason(), Reason::kMappingInvalid) << c.to;
    EXPECT_NE(parsed.error().detail().find(c.expected), std::string::npos)
        << c.to << " gave: " << parsed.error().detail();
  }
}

TEST(Mapping, RefusesWhatIsNotToml) {
  for (const char* text : {"name = ", "= 1", "[source", "name = \"a\"\nname = \"b\"", "\xFF"}) {
    const auto parsed = parse_mapping(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().reason(), Reason::kMappingSyntax) << text;
  }
  EXPECT_NE(parse_mapping("a = 1\nb = ").error().detail().find("line 2"), std::string::npos);
  EXPECT_EQ(parse_mapping(std::string((1U << 20U) + 1, ' ')).error().reason(),
            Reason::kInputTooLarge);
}

// Hostile: every prefix of a good file is refused or read, never worse.
TEST(Mapping, EveryPrefixIsHandled) {
  const std::string text = kGood;
  std::size_t refused = 0;
  for (std::size_t n = 0; n < text.size(); n += 3) {
    if (!parse_mapping(text.substr(0, n)).ok()) ++refused;
  }
  EXPECT_GT(refused, text.size() / 4);
}

TEST(Mapping, ABaseDataOutputHasNoStatus) {
  std::string text = with(kGood, "kind = \"licence\"", "kind = \"base_data\"");
  EXPECT_NE(parse_mapping(text).error().detail().find("status is for licences"), std::string::npos);
  text = with(text, "status = \"_status\"\n", "");
  EXPECT_TRUE(parse_mapping(text).ok());
}

}  // namespace
}  // namespace lh::adapters
