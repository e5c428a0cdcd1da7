#include "schemas/xml/xml_rows.h"

#include <gmock/gmock.h>

namespace lh::schemas {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

struct Read {
  std::vector<std::string> rows;  // values joined by '|', or the reason
  std::string error;
};

Read read(const std::string& text, std::size_t piece = 1U << 20U) {
  auto reader = XmlRows::create("/l/r", {"@i", "a", "a/b", "."}, 1000).value();
  Read out;
  Status status;
  for (std::size_t at = 0; at < text.size() && status.ok(); at += piece) {
    status = reader.feed(std::string_view(text).substr(at, piece));
  }
  if (status.ok()) status = reader.finish();
  if (!status.ok()) out.error = status.error().describe();
  while (const auto row = reader.take()) {
    std::string joined(row->malformed ? row->malformed->id() : "");
    for (const auto& value : row->values) joined += value + "|";
    out.rows.push_back(joined);
  }
  return out;
}

TEST(XmlRows, GivesValuesAtTheirPaths) {
  const auto out = read(
      "<?xml version='1.0' encoding='whatever'?><!-- c --><l x='1'><r i='7'>t<a>x<b>y</b>z</a>u</r>"
      "<q><r i='no'/></q><r><a><![CDATA[<&]]>&#65;&lt;</a><c><a>no</a></c></r><r/></l>");
  EXPECT_EQ(out.error, "");
  EXPECT_THAT(out.rows, ElementsAre("7|xz|y|tu|", "|<&A<|||", "||||"));
}

// An ampersand in an attribute is an ampersand, as it is between tags.
TEST(XmlRows, ResolvesReferencesInAttributesAsInText) {
  const auto out = read(
      "<l><r i='A&amp;B&lt;&gt;&quot;&apos;&#38;&#x6D4B;&amp;#38;'>"
      "A&amp;B&lt;&gt;&quot;&apos;&#38;&#x6D4B;&amp;#38;</r></l>");
  EXPECT_EQ(out.error, "");
  EXPECT_THAT(out.rows, ElementsAre("A&B<>\"'&测&#38;|||A&B<>\"'&测&#38;|"));
  EXPECT_THAT(read("<l><r i='&unknown;'/></l>").error, StartsWith("input.malformed"));
}

// Law: it does not matter in which pieces a document comes.
TEST(XmlRows, PiecesMakeNoDifference) {
  const std::string text =
      "<!-- <!DOCTYPE --><l><r i='a>b'><a>1</a></r><?p <!DOCTYPE ?><r>2<!-- > --></r>"
      "<r><![CDATA[<!DOCTYPE x>]]></r></l>\n";
  const auto whole = read(text);
  EXPECT_THAT(whole.rows, ElementsAre("a>b|1|||", "|||2|", "|||<!DOCTYPE x>|"));
  EXPECT_EQ(whole.error, "");
  for (std::size_t piece = 1; piece < 20; ++piece) EXPECT_EQ(read(text, piece).rows, whole.rows);
}

TEST(XmlRows, RefusesWhatCouldHurt) {
  const std::string attributes = [] {
    std::string out = "<l";
    for (int i = 0; i < 300; ++i) out += " a" + std::to_string(i) + "='1'";
    return out + "/>";
  }();
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<l>";
  const std::string bomb = "<!DOCTYPE l [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><l><r>&b;</r></l>";
  EXPECT_THAT(read(bomb).error, StartsWith("input.malformed: XML: a declaration"));
  EXPECT_THAT(read(bomb, 1).error, StartsWith("input.malformed: XML: a declaration"));
  EXPECT_THAT(read("<l><!ELEMENT a ANY></l>").error, StartsWith("input.malformed"));
  EXPECT_THAT(read("<l><r>&x;</r></l>").error, StartsWith("input.malformed"));
  EXPECT_THAT(read(attributes).error, StartsWith("input.too_large"));
  EXPECT_THAT(read(deep).error, StartsWith("input.too_large"));
  EXPECT_THAT(read("<" + std::string(600, 'n')).error, StartsWith("input.too_large"));
  EXPECT_THAT(read(std::string("<l>\0</l>", 8)).error, StartsWith("input.encoding"));
  EXPECT_THAT(read("<l>\xB2\xE2</l>").error, StartsWith("input.encoding"));
  EXPECT_THAT(read("<l><p:r/></l>").error, StartsWith("input.malformed"));
  EXPECT_THAT(read("<l><r></l>").error, StartsWith("input.malformed"));
  EXPECT_THAT(read("<l><r/>").error, StartsWith("input.malformed"));
  EXPECT_THAT(read("").error, StartsWith("input.malformed"));
}

TEST(XmlRows, RowsBeforeAnErrorAreGiven) {
  EXPECT_THAT(read("<l><r i='1'/><r i='2'/><r></x>").rows, ElementsAre("1||||", "2||||"));
}

TEST(XmlRows, AValueTwiceOrTooLongIsABadRow) {
  EXPECT_THAT(
      read("<l><r><a/><a/></r><r><a>" + std::string(2000, 'x') + "</a></r><r i='3'/></l>").rows,
      ElementsAre("row.width", "row.too_long", "3||||"));
}

TEST(XmlRows, PathsAreChecked) {
  const auto reason = [](const char* row, const std::vector<std::string>& columns) {
    const auto made = XmlRows::create(row, columns, 10);
    return made.ok() ? "ok" : std::string(made.error().id());
  };
  EXPECT_EQ(reason("/a", {"b"}), "ok");
  for (const char* row : {"", "a", "/", "/a/", "//a", "/a//b"}) {
    EXPECT_EQ(reason(row, {"b"}), "mapping.invalid") << row;
  }
  for (const char* column : {"", "/", "a/", "/a", "a//b", "@", "@a/b", "..", "a/.", "../@x"}) {
    EXPECT_EQ(reason("/a", {column}), "mapping.invalid") << column;
  }
  EXPECT_EQ(reason("/a", {"b", "b"}), "mapping.invalid");
  EXPECT_EQ(reason("/a", {"@b", "@b"}), "mapping.invalid");
}

}  // namespace
}  // namespace lh::schemas
