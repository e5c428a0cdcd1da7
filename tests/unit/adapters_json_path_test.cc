#include "adapters/file/formats/json_path.h"

#include <gtest/gtest.h>

namespace lh::adapters::file::formats {
namespace {

std::string written(std::string_view path) {
  const auto steps = parse_json_path(path);
  if (!steps.ok()) return std::string(steps.error().id());
  std::string out;
  for (const auto& s : *steps) out += s.name.empty() ? "#" + std::to_string(s.index) : "/" + s.name;
  return out;
}

TEST(JsonPath, IsNamesAndNumbers) {
  EXPECT_EQ(written("a"), "/a");
  EXPECT_EQ(written("a.b[0].c"), "/a/b#0/c");
  EXPECT_EQ(written("[12][3].信用 代码"), "#12#3/信用 代码");
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "a[", "a[]", "a[x]", "a[1]b", "a.[1]", "]",
                          "a[-1]", "a[9999999]", "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a"}) {
    EXPECT_EQ(written(bad), "mapping.invalid") << bad;
  }
}

TEST(JsonPath, LeadsToTheTextOfTheValue) {
  const std::string text =
      R"( {"x": {"}": [1, {"k\u0065y":  -1.500e2 }, "]"] , "s":"\"}"}, "n":null , "e":[] } )";
  const auto at = [&text](std::string_view path) {
    const auto json = schemas::parse_json(text, text.size());
    return json_value_at(json.value(), text, parse_json_path(path).value());
  };
  EXPECT_EQ(at("x.}[1].key"), "-1.500e2");
  EXPECT_EQ(at("x.}[2]"), "]");
  EXPECT_EQ(at("x.s"), "\"}");
  EXPECT_EQ(at("x.}"), R"([1, {"k\u0065y":  -1.500e2 }, "]"])");
  EXPECT_EQ(at("e"), "[]");
  for (const char* none : {"n", "y", "x.}[3]", "x.s.t", "x[0]", "e[0]", "n.a"}) {
    EXPECT_EQ(at(none), "") << none;
  }
}

}  // namespace
}  // namespace lh::adapters::file::formats
