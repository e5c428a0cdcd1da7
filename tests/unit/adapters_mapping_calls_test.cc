// What a mapping says of calls: strict to the letter, and values go where their place is and
// nowhere else.
#include "adapters/mapping_calls.h"

#include <gtest/gtest.h>

namespace lh::adapters {
namespace {

constexpr std::string_view kGood = R"(
name = "firms"
[source]
kind = "file"
[[outputs]]
kind = "licence"
object = "11990100MB99000131001"
key = ["uscc"]
holder = { scheme = "uscc", id = "uscc" }
status = "valid"
lookup = { code = "{holder.id}", region = "990100" }
[outputs.fields]
uscc = { column = "code", required = true }
[[pushes]]
object = "11990100MB99000131002"
on = ["status"]
record = { no = "{licence_id}/{version}", who = "{field.name}", fixed = "推送" }
)";

std::string with(std::string_view from, std::string_view to) {
  std::string out(kGood);
  const auto at = out.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return out.replace(at, from.size(), to);
}

TEST(MappingCalls, LimitsAreReadAndWrongOnesNameTheirLine) {
  EXPECT_EQ(parse_mapping(kGood).value().limits.calls, CallLimits{});
  const std::string limits = std::string(kGood) + "[limits]\n";
  const auto good = parse_mapping(limits + "calls_per_second = 5\nconcurrent_calls = 2\n").value();
  EXPECT_EQ(good.limits.calls, (CallLimits{5, 0, 1, 2}));
  const auto slow = parse_mapping(limits + "calls_per_minute = 30\ncalls_burst = 4\n").value();
  EXPECT_EQ(slow.limits.calls, (CallLimits{0, 30, 4, 0}));
  const struct {
    const char* text;
    const char* line;
  } bad[] = {{"calls_per_second = 0", "line 19:"},
             {"calls_per_second = 100001", "line 19:"},
             {"\ncalls_burst = 2", "line 20:"},
             {"calls_per_second = 1\ncalls_per_minute = 1", "line 20:"},
             {"concurrent_calls = 1001", "line 19:"},
             {"concurrent_calls = \"2\"", "line 19:"},
             {"calls_per_second = 0.5", "line 19:"},
             {"calls = 3", "line 19:"},
             {"calls_per_second = 1\ncalls_burst = 0", "line 20:"}};
  for (const auto& one : bad) {
    const auto read = parse_mapping(limits + one.text);
    ASSERT_FALSE(read.ok()) << one.text;
    EXPECT_EQ(read.error().reason(), Reason::kMappingInvalid) << one.text;
    EXPECT_TRUE(read.error().detail().starts_with(one.line))
        << one.text << ": " << read.error().detail();
  }
}

TEST(MappingCalls, AreReadInTheOrderOfTheFile) {
  const auto mapping = parse_mapping(kGood).value();
  const auto& rule = mapping.outputs.front();
  EXPECT_EQ(lookup_key(rule, "91X"), (NamedTexts{{"code", "91X"}, {"region", "990100"}}));
  ASSERT_EQ(mapping.pushes.size(), 1U);
  const auto record = push_record(
      mapping.pushes.front(),
      {{"licence_id", "1.2"}, {"version", "3"}, {"field.name", "甲{licence_id}"}, {"x", "y"}});
  EXPECT_EQ(record, (NamedTexts{{"no", "1.2/3"}, {"who", "甲{licence_id}"}, {"fixed", "推送"}}))
      << "a value is never read as a text with places";
}

TEST(MappingCalls, APushOfBaseDataNamesItsKind) {
  const std::string text = std::string(kGood) + R"([[pushes]]
object = "legal_entity"
on = ["base_data"]
record = { code = "{field.uscc}", what = "{event} {version} {kind} {time} {valid_from} {source}" }
)";
  const auto mapping = parse_mapping(text).value();
  ASSERT_EQ(mapping.pushes.size(), 2U);
  EXPECT_EQ(mapping.pushes[0].about, RecordKind::kLicence);
  EXPECT_EQ(mapping.pushes[1].about, RecordKind::kBaseData);
  EXPECT_EQ(mapping.pushes[1].on, std::vector<std::string>{"base_data"});
  struct Wrong {
    std::string_view from, to, expected;
  };
  const Wrong cases[] = {
      {"[\"base_data\"]", "[\"base_data\", \"issued\"]", "base_data stands alone"},
      {"[\"base_data\"]", "[\"status\", \"base_data\"]", "base_data stands alone"},
      {"[\"base_data\"]", "[\"case\"]", "on: issued, status, base_data"},
      {"on = [\"base_data\"]\n", "", "21 characters"},
      {"\"legal_entity\"", "\"Legal entity\"", "a kind of base data"},
      {"\"legal_entity\"", "\"11990100MB99000131009\"", "a kind of base data"},
      {"{event}", "{status}", "{status} is not known"},
      {"{field.uscc}", "{licence_id}", "{licence_id} is not known"},
  };
  for (const Wrong& c : cases) {
    std::string wrong = text;
    wrong.replace(wrong.rfind(c.from), c.from.size(), c.to);
    const auto parsed = parse_mapping(wrong);
    ASSERT_FALSE(parsed.ok()) << c.to;
    EXPECT_EQ(parsed.error().reason(), Reason::kMappingInvalid) << c.to;
    EXPECT_NE(parsed.error().detail().find(c.expected), std::string::npos)
        << c.to << " gave: " << parsed.error().detail();
    EXPECT_TRUE(parsed.error().detail().starts_with("line 18:")) << parsed.error().detail();
  }
}

TEST(MappingCalls, WhatHasNoValueIsEmpty) {
  const auto mapping = parse_mapping(kGood).value();
  EXPECT_EQ(push_record(mapping.pushes.front(), {}),
            (NamedTexts{{"no", "/"}, {"who", ""}, {"fixed", "推送"}}));
}

TEST(MappingCalls, AbsentMeansNeitherAskedNorTold) {
  const auto text = with("lookup = { code = \"{holder.id}\", region = \"990100\" }\n", "");
  const auto mapping = parse_mapping(text.substr(0, text.find("[[pushes]]"))).value();
  EXPECT_TRUE(mapping.outputs.front().lookup.empty());
  EXPECT_TRUE(mapping.pushes.empty());
}

TEST(MappingCalls, RefusesWhatCannotBeMeant) {
  struct Wrong {
    std::string_view from, to, expected;
  };
  const Wrong cases[] = {
      {"{holder.id}", "91", "{holder.id} stands in it once"},
      {"region = \"990100\"", "region = \"{holder.id}\"", "{holder.id} stands in it once"},
      {"{holder.id}", "{holder.name}", "the only place is {holder.id}"},
      {"{holder.id}", "{holder.id", "a brace without its other half"},
      {"{holder.id}", "holder.id}", "a brace without its other half"},
      {"region = \"990100\"", "region = \"{{}\"", "a brace without its other half"},
      {"region = \"990100\"", "region = 990100", "line"},
      {"scheme = \"uscc\", id = \"uscc\"", "scheme = \"local\", id = \"uscc\", source = \"s\"",
       "an identifier of their own"},
      {"kind = \"licence\"", "kind = \"base_data\"", "lookup is for licences"},
      {"{field.name}", "{field.}", "is not known"},
      {"{field.name}", "{secret}", "is not known"},
      {"[\"status\"]", "[\"deleted\"]", "on: issued, status"},
      {"11990100MB99000131002", "food", "21 characters"},
      {"record = {", "recrod = {", "record: 1 to 64 columns"},
      {"on = [", "only = [", "only"},
      {"[[pushes]]\n",
       "[[pushes]]\nobject = \"11990100MB99000131002\"\nrecord = { a = \"b\" }\n"
       "[[pushes]]\n",
       "one push a licence type"},
  };
  for (const Wrong& c : cases) {
    const auto parsed = parse_mapping(with(c.from, c.to));
    ASSERT_FALSE(parsed.ok()) << c.to;
    EXPECT_EQ(parsed.error().reason(), Reason::kMappingInvalid) << c.to;
    EXPECT_NE(parsed.error().detail().find(c.expected), std::string::npos)
        << c.to << " gave: " << parsed.error().detail();
    EXPECT_NE(parsed.error().detail().find("line "), std::string::npos) << c.to;
  }
}

}  // namespace
}  // namespace lh::adapters
