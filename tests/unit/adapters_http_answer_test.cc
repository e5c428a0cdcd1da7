// Rows out of JSON and XML: bytes as received, one bad row spoils no other, hostile texts refused.
#include "adapters/http/answer/answer.h"

#include <gtest/gtest.h>

#include "adapters/http/answer/json_text.h"

namespace lh::adapters::http::answer {
namespace {

const Shape& json_shape() {
  static const Shape shape{"data.list", Absent::kError, {{"id", "id"}, {"n", "who.name"}}};
  return shape;
}
const Shape& xml_shape() {
  static const Shape shape{"/r/list/row", Absent::kError, {{"id", "@id"}, {"n", "who/name"}}};
  return shape;
}

std::vector<RawRow> rows_of(const std::string& body, const Shape& shape = json_shape()) {
  auto answer = read_json(body, shape).value();
  EXPECT_TRUE(answer->locate_rows(Rows::kMany).ok());
  std::vector<RawRow> out;
  for (auto row = answer->next(); row; row = answer->next()) out.push_back(std::move(*row));
  return out;
}
std::string reason_of(const std::string& body, const Shape& shape = json_shape()) {
  auto answer = read_json(body, shape);
  if (!answer.ok()) return std::string(answer.error().id());
  const auto located = (*answer)->locate_rows(Rows::kMany);
  return located.ok() ? "ok" : std::string(located.error().id());
}
std::string malformed_of(const std::string& item) {
  const auto rows = rows_of(R"({"data":{"list":[)" + item + R"(,{"id":"2"}]}})");
  EXPECT_EQ(rows.size(), 2U);
  EXPECT_FALSE(rows[1].malformed) << "the row behind a bad one";
  EXPECT_EQ(rows[0].bytes, item);
  return rows[0].malformed ? std::string(rows[0].malformed->id()) : "ok";
}

TEST(JsonAnswer, ARowKeepsItsBytesAndNumbersTheirDigits) {
  const auto rows = rows_of(R"({ "data" : { "list" : [ {"id": 1.10, "who":{"name":"测\u8bd5"}} ,
    {"id":12345678901234567890,"who":null}, {"id":-0,"who":{"name":[1, 2]}}, {"id":true} ] } })");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].bytes, R"({"id": 1.10, "who":{"name":"测\u8bd5"}})");
  EXPECT_EQ(rows[0].values, (std::vector<std::string>{"1.10", "测试"}));
  EXPECT_EQ(rows[1].values, (std::vector<std::string>{"12345678901234567890", ""}));
  EXPECT_EQ(rows[2].values, (std::vector<std::string>{"-0", "[1, 2]"}));
  EXPECT_EQ(rows[3].values, (std::vector<std::string>{"true", ""}));
  EXPECT_EQ(rows[3].number, 4U);
}

TEST(JsonAnswer, ABadRowIsMalformedAndTheOthersAreNot) {
  EXPECT_EQ(malformed_of(R"({"id":"1","id":"2"})"), "json.duplicate_key");
  EXPECT_EQ(malformed_of("{\"id\":\"\xFF\"}"), "row.encoding");
  EXPECT_EQ(malformed_of(R"({"id":"\ud800"})"), "row.encoding");
  EXPECT_EQ(malformed_of(R"({"id":"a\u0000b"})"), "row.encoding");
  EXPECT_EQ(malformed_of(R"({"id":01})"), "json.syntax");
  EXPECT_EQ(malformed_of(R"({"id" 1})"), "json.syntax");
  EXPECT_EQ(malformed_of(R"({"id":)" + std::string(40, '[') + std::string(40, ']') + "}"),
            "json.depth");
  EXPECT_EQ(malformed_of(R"({"id":"\ud840\udc00"})"), "ok") << "a pair of surrogates";
}

TEST(JsonAnswer, WhatIsAroundTheRowsIsStrict) {
  EXPECT_EQ(reason_of(R"({"data":{"list":[]},"data":{"list":[1]}})"), "source.answer");
  EXPECT_EQ(reason_of(R"({"data":{"list":[]}} x)"), "source.answer");
  EXPECT_EQ(reason_of("\xEF\xBB\xBF{\"data\":{\"list\":[]}}"), "source.answer");
  EXPECT_EQ(reason_of(R"({"data":{"list":[{]}})"), "source.answer");
  EXPECT_EQ(reason_of(R"({"data":{"list":[{"id":"1)"), "source.answer");
  EXPECT_EQ(reason_of(R"({"data":{"list":{}}})"), "source.answer");
  EXPECT_EQ(reason_of(R"({"data":{}})"), "source.answer");
  EXPECT_EQ(reason_of("<html>"), "source.answer");
  EXPECT_EQ(reason_of(""), "source.answer");
  EXPECT_EQ(reason_of(R"({"data":{"list":null}})"), "ok");
  EXPECT_EQ(reason_of(std::string(100000, '[')), "source.answer");
  Shape few = json_shape();
  few.max_items = 2;
  EXPECT_EQ(reason_of(R"({"data":{"list":[1,2,3]}})", few), "input.too_large");
}

TEST(JsonAnswer, ALongRowKeepsItsBeginning) {
  Shape small = json_shape();
  small.max_row_bytes = 1024;
  const auto rows =
      rows_of(R"({"data":{"list":[{"id":")" + std::string(2000, 'x') + R"("}]}})", small);
  EXPECT_EQ(rows[0].malformed->id(), "row.too_long");
  EXPECT_EQ(rows[0].bytes.size(), 1024U);
}

TEST(JsonAnswer, PathsNameMembersItemsAndEscapes) {
  EXPECT_EQ(parse_path("a.b").value(), (JsonPath{"a", "b"}));
  EXPECT_EQ(parse_path("/a.b/~1~0").value(), (JsonPath{"a.b", "/~"}));
  EXPECT_TRUE(parse_path(".").value().empty());
  for (const char* bad : {"", "a..b", "/", "a.", "/~2"}) EXPECT_FALSE(parse_path(bad).ok()) << bad;
  const std::string text = R"({"\u0061":[10,{"b":"x"}],"c":"]}"})";
  EXPECT_EQ(*find_value(text, {"a", "1", "b"}).value(), R"("x")");
  EXPECT_EQ(*find_value(text, {"a", "0"}).value(), "10");
  EXPECT_EQ(*find_value(text, {"c"}).value(), R"("]}")");
  EXPECT_FALSE(find_value(text, {"a", "2"}).value());
  EXPECT_FALSE(find_value(text, {"a", "x"}).value());
}

// All the values an answer has around its rows.
TEST(JsonAnswer, ValuesAroundTheRowsAreText) {
  auto answer =
      read_json(R"({"code":0,"next":null,"total":12345678901234567890,"data":{"list":[]}})",
                json_shape())
          .value();
  EXPECT_EQ(answer->find("code").value(), "0");
  EXPECT_EQ(answer->find("total").value(), "12345678901234567890");
  EXPECT_FALSE(answer->find("next"));
  EXPECT_FALSE(answer->find("data"));
  EXPECT_FALSE(answer->find("nothing.here"));
}

std::string xml_reason(const std::string& body) {
  auto answer = read_xml(body, xml_shape());
  if (!answer.ok()) return std::string(answer.error().id());
  const auto located = (*answer)->locate_rows(Rows::kMany);
  return located.ok() ? "ok" : std::string(located.error().id());
}

TEST(XmlAnswer, ARowKeepsItsBytes) {
  auto answer = read_xml(R"(<?xml version="1.0"?><!-- <row/> --><r><code>0</code><list>
<row id="1" x='>'><who><name>测&#x20000;&lt;</name></who></row><row id="2"/>
<other><row id="9"/></other>
<n:row xmlns:n="u" id="3"><who><name><![CDATA[</row>]]></name></who></n:row>
</list></r>)",
                         xml_shape())
                    .value();
  ASSERT_TRUE(answer->locate_rows(Rows::kMany).ok());
  EXPECT_EQ(answer->find("/r/code").value(), "0");
  auto row = answer->next();
  EXPECT_EQ(row->bytes, "<row id=\"1\" x='>'><who><name>测&#x20000;&lt;</name></who></row>");
  EXPECT_EQ(row->values, (std::vector<std::string>{"1", "测𠀀<"}));
  EXPECT_EQ(answer->next()->bytes, "<row id=\"2\"/>");
  row = answer->next();
  EXPECT_EQ(row->values, (std::vector<std::string>{"3", "</row>"}));
  EXPECT_TRUE(row->bytes.ends_with("</n:row>"));
  EXPECT_FALSE(answer->next());
}

TEST(XmlAnswer, BombsAndOtherDocumentsAreRefused) {
  EXPECT_EQ(xml_reason("<!DOCTYPE r [<!ENTITY a 'x'>]><r><list/></r>"), "source.answer");
  EXPECT_EQ(xml_reason("<r><list>&a;</list></r>"), "source.answer");
  EXPECT_EQ(xml_reason("<r><list><row></list></r>"), "source.answer");
  EXPECT_EQ(xml_reason("<html><body/></html>"), "source.answer") << "no list, so not an empty one";
  EXPECT_EQ(xml_reason("<r><list/></r>"), "ok");
  std::string deep = "<r>";
  for (int i = 0; i < 100; ++i) deep += "<a>";
  EXPECT_EQ(xml_reason(deep), "input.too_large");
}

TEST(XmlAnswer, ADocumentInsideADocumentIsRead) {
  const std::string inner =
      "<?xml version=\"1.0\" encoding=\"GBK\"?><r><list><row id=\"7\"/></list></r>";
  Form form{Format::kXml, file::Encoding::kUtf8, "/e/return"};
  auto answer = read("<e><return><![CDATA[" + inner + "]]></return></e>", form, xml_shape());
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  ASSERT_TRUE((*answer)->locate_rows(Rows::kMany).ok());
  EXPECT_EQ((*answer)->next()->values[0], "7");
  form.format = Format::kJson;
  answer =
      read("<e><return>{\"data\":{\"list\":[{\"id\":\"&lt;\"}]}}</return></e>", form, json_shape());
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  ASSERT_TRUE((*answer)->locate_rows(Rows::kMany).ok());
  EXPECT_EQ((*answer)->next()->values[0], "<");
  EXPECT_EQ(read("<e/>", form, json_shape()).error().id(), "source.answer");
}

TEST(XmlAnswer, FaultsSayTheirCodeAndNothingElse) {
  EXPECT_EQ(find_soap_fault("<s:Envelope xmlns:s='u'><s:Body><s:Fault><faultcode>s:Client.Auth"
                            "</faultcode><faultstring>测试人员001</faultstring></s:Fault></s:Body>"
                            "</s:Envelope>")
                .value()
                .value(),
            "Client.Auth");
  EXPECT_EQ(find_soap_fault("<Envelope><Body><Fault><Code><Value>env:Sender</Value><Subcode><Value>"
                            "m:NoSuch</Value></Subcode></Code></Fault></Body></Envelope>")
                .value()
                .value(),
            "Sender/NoSuch");
  EXPECT_EQ(
      find_soap_fault("<Envelope><Body><Fault><faultcode>测试人员001</faultcode></Fault></Body>"
                      "</Envelope>")
          .value()
          .value(),
      "with a code that is not shown");
  EXPECT_FALSE(find_soap_fault("<Envelope><Body><ok>Fault</ok></Body></Envelope>").value());
}

}  // namespace
}  // namespace lh::adapters::http::answer
