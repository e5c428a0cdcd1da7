// JSON and XML: values at paths, and texts that are made to hurt.
#include <gmock/gmock.h>

#include "adapters_formats_kit.h"

namespace lh::adapters::file {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class JsonRows : public Scratch {
 protected:
  FileSourceSettings lines_ = settings_of(
      "encoding = \"utf-8\"\nformat = \"jsonl\"\n"
      "[[columns]]\nname = \"x\"\npath = \"a.b[1].c\"\n[[columns]]\nname = \"y\"\npath = \"y\"\n");
  FileSourceSettings array_ = settings_of(
      "encoding = \"utf-8\"\nformat = \"json\"\n[[columns]]\nname = \"y\"\npath = \"y\"\n");

  std::vector<std::string> ys(const std::string& text) {
    std::vector<std::string> out;
    for (const RawRow& row : read_any(write(text), array_)) {
      out.push_back(row.malformed ? std::string(row.malformed->id()) : row.values[0]);
    }
    return out;
  }
};

TEST_F(JsonRows, ValuesAreAsTheyWereWritten) {
  const auto rows =
      read_any(write("{\"y\":1.10,\"a\":{\"b\":[0,{\"c\":\"\\u6d4b\\\"\"}]}}\n"
                     "{\"y\":[1, {\"z\":2.50}] ,\"a\":{\"b\":[{\"c\":1}]}}\r\n \n"
                     "{\"\\u0079\":9007199254740991}\n{\"y\":null}\n{\"y\":true,\"a\":7}\n"
                     "{\"y\":{\"k\":\"}\"}}\n{\"y\":-0.000}"),
               lines_);
  EXPECT_EQ(values_of(rows), (Rows{{"测\"", "1.10"},
                                   {"", "[1, {\"z\":2.50}]"},
                                   {"", "9007199254740991"},
                                   {"", ""},
                                   {"", "true"},
                                   {"", "{\"k\":\"}\"}"},
                                   {"", "-0.000"}}));
  EXPECT_EQ(rows[3].bytes, "{\"y\":null}");
}

TEST_F(JsonRows, LinesThatAreNoObjectAreBadRows) {
  const std::string deep(10'000, '[');
  const auto rows = read_any(
      write("{\"y\":1,\"y\":2}\n[1]\n{\"y\":1} {}\n{\"y\":\"\\u0000\"}\n{\"y\":1e999}\n{\"y\":" +
            deep + "\n{\"y\":\n12345678901234567890\n{\"y\":\"ok\"}\n" +
            std::string(1'100'000, ' ') + "{}\n{\"y\":\"end\"}\n"),
      lines_);
  EXPECT_THAT(
      reasons_of(rows),
      ElementsAre("json.duplicate_key", "json.wrong_type", "json.trailing", "row.encoding",
                  ::testing::StartsWith("json."), ::testing::AnyOf("json.depth", "json.syntax"),
                  "json.syntax", "json.number_range", "good", "row.too_long", "good"));
  EXPECT_EQ(rows[0].bytes, "{\"y\":1,\"y\":2}");
}

TEST_F(JsonRows, ItemsOfAnArrayOneByOne) {
  EXPECT_THAT(ys("[]"), ElementsAre());
  EXPECT_THAT(ys("\xEF\xBB\xBF [{\"y\":\"]}\"} , {\"y\":\"\\\"\"},{\"y\":[{}]}]\n "),
              ElementsAre("]}", "\"", "[{}]"));
  EXPECT_THAT(ys("[{\"y\":1},2,{\"y\":1,\"y\":2},{\"y\":3}]"),
              ElementsAre("1", "json.wrong_type", "json.duplicate_key", "3"));
  EXPECT_THAT(ys("[{\"y\":1}"), ElementsAre("1", "row.cut"));
  EXPECT_THAT(ys("[{\"y\":1},"), ElementsAre("1", "row.cut"));
  EXPECT_THAT(ys("[{\"y\":1},{\"y\":\"never"), ElementsAre("1", "row.cut"));
  EXPECT_THAT(ys("[{\"y\":1},]"), ElementsAre("1", "json.syntax"));
  EXPECT_THAT(ys("[{\"y\":1} {\"y\":2}]"), ElementsAre("1", "json.syntax"));
  EXPECT_THAT(ys("[{\"y\":1}] x"), ElementsAre("1", "json.syntax"));
  EXPECT_THAT(ys("[" + std::string(50'000, '{') + "},{\"y\":1}]"), ElementsAre("row.cut"));
}

TEST_F(JsonRows, TheArrayMustBeWhereTheMappingSays) {
  const auto nested = settings_of(
      "encoding = \"utf-8\"\nformat = \"json\"\nrows = \"d.r\"\n"
      "[[columns]]\nname = \"y\"\npath = \"y\"\n");
  for (const char* text :
       {"", "{}", "[]", "{\"d\":[]}", "{\"d\":{\"r\":{}}}", "{\"d\":{\"x\":1}}"}) {
    EXPECT_EQ(reason_of_opening(write(text), nested), "source.answer") << text;
  }
  const auto rows =
      read_any(write("{\"d\":{\"q\":\"r\",\"r\":[{\"y\":1}],\"r\":[{\"y\":2}]}}"), nested);
  EXPECT_THAT(reasons_of(rows), ElementsAre("good", "json.syntax"));  // the second is not lost
}

class XmlRows : public Scratch {
 protected:
  FileSourceSettings settings_ = settings_of(
      "encoding = \"utf-8\"\nformat = \"xml\"\nrows = \"/list/row\"\n"
      "[[columns]]\nname = \"id\"\npath = \"@id\"\n[[columns]]\nname = \"v\"\npath = \"v\"\n");

  std::vector<std::string> vs(const std::string& rows) {
    std::vector<std::string> out;
    for (const RawRow& row : read_any(write("<list>" + rows + "</list>"), settings_)) {
      out.push_back(row.malformed ? std::string(row.malformed->id())
                                  : row.values[0] + ":" + row.values[1]);
    }
    return out;
  }
  std::string opening(const std::string& text) { return reason_of_opening(write(text), settings_); }
};

TEST_F(XmlRows, ValuesAndBytes) {
  EXPECT_THAT(vs("text<row id='1'><v>a&amp;<![CDATA[<b>]]>&#x6D4B;</v></row>"
                 "<other><row id='no'/></other><row id=\"2\"/><!-- <row> --><?x <row>?>"
                 "<row><w><v>not here</v></w><row id='inner'/><v/></row>"),
              ElementsAre("1:a&<b>测", "2:", ":"));
  const auto rows = read_any(write("<list>\n<row id='1' >\n</row >\n</list>"), settings_);
  EXPECT_EQ(rows[0].bytes, "<row id='1' >\n</row >");
}

TEST_F(XmlRows, ABrokenRowIsOneBadRow) {
  EXPECT_THAT(
      vs("<row><v>1</v></row><row><v></row><row><v>&nothing;</v></row><row id='1' id='2'/>"
         "<row><x:v/></row><row><v>1</v><v>2</v></row><row><!DOCTYPE a></row>"
         "<row>&#0;</row><row><v>9</v></row>"),
      ElementsAre(":1", "input.malformed", "input.malformed", "input.malformed", "input.malformed",
                  "row.width", "input.malformed", "input.malformed", ":9"));
}

// Bombs and doors to the outside need a DOCTYPE; there is none.
TEST_F(XmlRows, ADoctypeIsRefusedBeforeItIsRead) {
  const std::string bomb =
      "<!DOCTYPE list [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><list/>";
  EXPECT_EQ(opening(bomb), "source.answer");
  EXPECT_EQ(opening("<?xml version='1.0'?><!-- x --><!DOCTYPE list SYSTEM 'file:///etc/passwd'>"),
            "source.answer");
  EXPECT_EQ(opening("<!DOCTYPE"), "source.answer");
  const auto late = read_any(write("<list/><!DOCTYPE list [<!ENTITY a 'b'>]>"), settings_);
  EXPECT_THAT(reasons_of(late), ElementsAre("input.malformed"));
}

TEST_F(XmlRows, LimitsOnDepthAttributesNamesAndSize) {
  std::string deep = "<row>";
  for (int i = 0; i < 10'000; ++i) deep += "<d>";
  for (int i = 0; i < 10'000; ++i) deep += "</d>";
  std::string attributes = "<row";
  for (int i = 0; i < 100'000; ++i) attributes += " a" + std::to_string(i) + "=''";
  const std::string name(600, 'n');
  EXPECT_THAT(vs(deep + "</row>" + attributes + "/><row " + name + "=''/><row><" + name +
                 "/></row><row><v>" + std::string(2'000'000, 'x') + "</v></row><row id='ok'/>"),
              ElementsAre("input.too_large", ::testing::AnyOf("row.too_long", "input.too_large"),
                          "input.too_large", "input.too_large", "row.too_long", "ok:"));
}

TEST_F(XmlRows, TheDeclaredEncodingIsTheOneOfTheMapping) {
  EXPECT_EQ(opening("<?xml version=\"1.0\" encoding=\"utf-8\"?><list/>"), "opened");
  EXPECT_EQ(opening("<?xml version='1.0'?><list/>"), "opened");
  EXPECT_EQ(opening("<list/>"), "opened");
  for (const char* other : {"GB18030", "GBK", "UTF-16", "utf8", ""}) {
    EXPECT_EQ(opening("<?xml version='1.0' encoding='" + std::string(other) + "'?><list/>"),
              "source.answer")
        << other;
  }
  EXPECT_EQ(opening("<?xml version='1.1'?><list/>"), "source.answer");
  EXPECT_EQ(opening("<?xml version='1.0'"), "source.answer");
  const auto gb = settings_of(
      "encoding = \"gb18030\"\nformat = \"xml\"\nrows = \"/list/row\"\n"
      "[[columns]]\nname = \"v\"\npath = \"v\"\n");
  EXPECT_EQ(reason_of_opening(write("<list/>"), gb), "source.answer");
  // The second byte of 乗 is ']': CDATA does not end there.
  const Bytes cdata = "<row><v><![CDATA[\x81\x5D]>]]></v></row>";
  const auto rows =
      read_any(write("<?xml version='1.0' encoding='GB18030'?><list>" + cdata + "</list>"), gb);
  ASSERT_EQ(rows.size(), 1U);
  ASSERT_FALSE(rows[0].malformed) << rows[0].malformed->describe();
  EXPECT_THAT(rows[0].values[0], ::testing::EndsWith("]>"));
}

TEST_F(XmlRows, WhatDoesNotEndAsItShouldShows) {
  const auto reasons = [this](const std::string& text) {
    return reasons_of(read_any(write(text), settings_));
  };
  EXPECT_THAT(reasons("<list><row/>"), ElementsAre("good", "row.cut"));
  EXPECT_THAT(reasons("<list><row/></lost>"), ElementsAre("good", "input.malformed"));
  EXPECT_THAT(reasons("<list><row/></list><list/>"), ElementsAre("good", "input.malformed"));
  EXPECT_THAT(reasons("<list><row/></list>text"), ElementsAre("good", "input.malformed"));
  EXPECT_THAT(reasons("<list><row><v>"), ElementsAre("row.cut"));
  EXPECT_THAT(reasons("<list><row/><!-- "), ElementsAre("good", "row.cut"));
  EXPECT_EQ(opening(""), "source.answer");
  EXPECT_EQ(opening("text"), "source.answer");
}

}  // namespace
}  // namespace lh::adapters::file
