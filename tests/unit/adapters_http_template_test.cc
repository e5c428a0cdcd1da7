// Values never leave their places.
#include "adapters/http/request/template.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "schemas/json.h"
#include "tests/kits/seeded_random.h"

namespace lh::adapters::http::request {
namespace {

Template made(const std::string& text, Place place) {
  return Template::parse(text, place, {"a", "b", "key."}).value();
}

Values of(std::string_view name, std::string value) {
  Values out;
  out.set(name, std::move(value));
  return out;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    out += parse_hex(text.substr(i + 1, 2)).value();
    i += 2;
  }
  return out;
}

// Bytes that matter to paths, queries, JSON, XML and HTTP, mixed with Chinese text.
std::string hostile(kits::SeededRandom& random) {
  static const std::vector<std::string> kPieces = {
      "/",  "..", ".", "?",    "#",  "&",   "=",    "%",  "%2F",      "%2e%2e", "\r\n",
      "\\", "\"", "'", "<",    ">",  "]]>", "{a}",  " ",  "+",        ";",      ":",
      "@",  "A",  "9", "测试", "𠀀", "\t",  "\x7F", "--", "HTTP/1.1", "\x01",   "\xC2\x85"};
  std::string out;
  for (std::size_t n = random.below(6) + 1; n > 0; --n)
    out += kPieces[random.below(kPieces.size())];
  return out;
}

TEST(HttpTemplate, PlacesAreFilledAndOtherBracesStay) {
  const auto t = made(R"({"head":{},"data":{"q":"{a}","x":{}}})", Place::kJson);
  EXPECT_EQ(t.render(of("a", "测\"试\n")).value(), R"({"head":{},"data":{"q":"测\"试\n","x":{}}})");
  EXPECT_TRUE(t.uses("a"));
  EXPECT_FALSE(t.uses("b"));
  EXPECT_EQ(made("/x/{key.证照编号}", Place::kPath).render(of("key.证照编号", "甲1")).value(),
            "/x/%E7%94%B21");
}

TEST(HttpTemplate, UnknownNamesAndImpossiblePlacesAreRefused) {
  EXPECT_FALSE(Template::parse("/{c}", Place::kPath, {"a"}).ok());
  EXPECT_FALSE(Template::parse("/{key.}", Place::kPath, {"key."}).ok());
  EXPECT_FALSE(Template::parse("<{a}/>", Place::kXml, {"a"}).ok());
  EXPECT_FALSE(Template::parse("<x {a}='1'/>", Place::kXml, {"a"}).ok());
  EXPECT_TRUE(Template::parse("<x y='{a}'>{a}</x>", Place::kXml, {"a"}).ok());
  EXPECT_FALSE(Template::parse("<!DOCTYPE x><x>{a}</x>", Place::kXml, {"a"}).ok());
  EXPECT_FALSE(Template::parse("<x><![CDATA[{a}]]></x>", Place::kXml, {"a"}).ok());
  EXPECT_FALSE(made("/{a}", Place::kPath).render(Values()).ok()) << "no value";
}

TEST(HttpTemplate, NoKeyChangesTheStructureOfAPath) {
  kits::SeededRandom random(11);
  const auto t = made("/v1/{a}/items/x-{b}", Place::kPath);
  int rendered = 0;
  for (int i = 0; i < 20000; ++i) {
    Values values = of("a", hostile(random));
    values.set("b", hostile(random));
    const auto out = t.render(values);
    const std::string& a = *values.find("a");
    if (!out.ok()) {
      const std::string& b = *values.find("b");
      EXPECT_TRUE(a == "." || a == ".." || b == "." || b == "..") << a << " " << b;
      continue;
    }
    ++rendered;
    ASSERT_EQ(std::count(out->begin(), out->end(), '/'), 4) << *out;
    ASSERT_TRUE(std::all_of(out->begin(), out->end(), [](char c) { return c > ' ' && c < 0x7F; }));
    ASSERT_EQ(out->find_first_of("?#\\&=<>\"'{}"), std::string::npos) << *out;
    const auto end = out->find('/', 4);
    ASSERT_EQ(percent_decoded(out->substr(4, end - 4)), a);
  }
  EXPECT_GT(rendered, 15000);
  for (const char* bad : {"", ".", ".."}) {
    EXPECT_FALSE(made("/v1/{a}", Place::kPath).render(of("a", bad)).ok()) << bad;
  }
  EXPECT_FALSE(made("/v1/{a}.", Place::kPath).render(of("a", ".")).ok()) << "two dots together";
  EXPECT_FALSE(made("/v1/{a}", Place::kPath).render(of("a", std::string("x\0y", 3))).ok());
  EXPECT_FALSE(made("/v1/{a}", Place::kPath).render(of("a", "\xFF")).ok());
}

TEST(HttpTemplate, NoValueEndsAQueryParameter) {
  kits::SeededRandom random(12);
  const auto t = made("{a}", Place::kQuery);
  for (int i = 0; i < 5000; ++i) {
    const std::string value = hostile(random);
    const std::string out = t.render(of("a", value)).value();
    ASSERT_EQ(out.find_first_of("&=?#+/ \r\n"), std::string::npos) << out;
    ASSERT_EQ(percent_decoded(out), value);
  }
}

TEST(HttpTemplate, NoValueEndsAJsonString) {
  kits::SeededRandom random(13);
  const auto t = made(R"({"x":"{a}","y":1})", Place::kJson);
  for (int i = 0; i < 5000; ++i) {
    const std::string value = hostile(random);
    const auto parsed = schemas::parse_json(t.render(of("a", value)).value(), 1U << 20U);
    ASSERT_TRUE(parsed.ok()) << value;
    ASSERT_EQ(*parsed->find("x")->string(), value);
    ASSERT_EQ(parsed->members()->size(), 2U);
  }
  const auto bare = made(R"({"x":{a}})", Place::kJson);
  EXPECT_EQ(bare.render(of("a", "17")).value(), R"({"x":17})");
  for (const char* bad : {"", "1,\"y\":2", "01", "-1", "1e5", "测"}) {
    EXPECT_FALSE(bare.render(of("a", bad)).ok()) << bad;
  }
}

TEST(HttpTemplate, XmlValuesAreEscapedAndWhatXmlHasNotIsRefused) {
  const auto t = made("<q a=\"{a}\">{a}</q>", Place::kXml);
  EXPECT_EQ(t.render(of("a", "<&>\"'\r\n\t测")).value(),
            "<q a=\"&lt;&amp;&gt;&quot;&#39;&#13;&#10;&#9;测\">"
            "&lt;&amp;&gt;&quot;&#39;&#13;&#10;&#9;测</q>");
  for (const std::string& bad : {std::string("\x01"), std::string("a\0", 2),
                                 std::string("\xEF\xBF\xBF"), std::string("\xC0\x80")}) {
    EXPECT_FALSE(t.render(of("a", bad)).ok());
  }
}

TEST(HttpTemplate, AParameterWithoutAValueIsLeftOut) {
  Values values = of("a", "");
  values.set("b", "1");
  EXPECT_TRUE(made("{a}", Place::kQuery).renders_nothing(values));
  EXPECT_FALSE(made("{b}", Place::kQuery).renders_nothing(values));
  EXPECT_FALSE(made("x{a}", Place::kQuery).renders_nothing(values));
  EXPECT_FALSE(made("", Place::kQuery).renders_nothing(values));
}

}  // namespace
}  // namespace lh::adapters::http::request
