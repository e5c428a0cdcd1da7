// SOAP operations as a WSDL file describes them: what the envelope holds, what a mapping may say,
// and what a description that lies, hides or grows is answered.
#include <gmock/gmock.h>

#include <chrono>
#include <random>

#include "adapters/soap/described.h"
#include "adapters/soap/wsdl/operation.h"
#include "adapters_http_world.h"
#include "tests/kits/scratch_folder.h"

namespace lh::adapters::soap {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Of a register of organisations, as a service of 2005 would describe itself.
const std::string kWsdl =
    kits::load_file(std::string(LH_SOURCE_DIR) + "/tests/data/wsdl/civil.wsdl");

constexpr std::string_view kMapping = R"(wsdl = "$FILE"
wsdl_sha256 = "$DIGEST"
operation = "changed"
parameters = { "from" = "{since}" }
rows = "/Envelope/Body/queryChangedResponse/list/row"
columns = { "code" = "uscc", "name" = "name", "street" = "address/street", "changed" = "@changed" }
[source.since]
column = "changed"
initial = "1970-01-01"
[source.lookup]
operation = "one"
parameters = { "uscc" = "{key.code}" }
)";

void replace_all(std::string& in, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = in.find(from, at)) != std::string::npos; at += to.size()) {
    in.replace(at, from.size(), to);
  }
}

class WsdlTest : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& text) {
    kits::store_file(folder_ / name, text);
  }
  // The description with one piece written otherwise.
  static std::string with(const std::string& from, const std::string& to) {
    std::string out = kWsdl;
    EXPECT_NE(out.find(from), std::string::npos) << from;
    replace_all(out, from, to);
    return out;
  }
  SettingsNode source(const std::string& from = "", const std::string& to = "") {
    std::string toml = "[source]\nkind = \"soap\"\n" + std::string(kMapping);
    if (!from.empty()) {
      EXPECT_NE(toml.find(from), std::string::npos) << from;
      replace_all(toml, from, to);
    }
    const auto read = wsdl::Description::load(folder_ / "civil.wsdl");
    replace_all(toml, "$FILE", folder_ / "civil.wsdl");
    replace_all(toml, "$DIGEST", read.ok() ? to_hex(view(digests_.sha256(read->bytes()))) : "");
    tree_ = parse_settings(toml).value();
    return *tree_.find("source");
  }
  std::string said(const SettingsNode& node) {
    const auto kind = soap::make_kind(with_, digests_);
    const Status checked = kind->check(node);
    return checked.ok() ? "good" : checked.error().describe();
  }
  // What the check says of the mapping as it is, with this description.
  std::string said_of(const std::string& wsdl) {
    put("civil.wsdl", wsdl);
    return said(source());
  }
  std::string envelope(const std::string& operation, const wsdl::Parameters& parameters,
                       const std::string& header = "") {
    const auto description = wsdl::Description::load(folder_ / "civil.wsdl");
    if (!description.ok()) return description.error().describe();
    const auto found = wsdl::find_operation(*description, operation, "");
    if (!found.ok()) return found.error().describe();
    const auto made = wsdl::make_envelope(*found, parameters, header);
    return made.ok() ? *made : made.error().detail();
  }
  void SetUp() override { put("civil.wsdl", kWsdl); }

  kits::ScratchFolder folder_;
  http::MovedClock clock_;
  crypto::SystemRandom random_;
  http::NamedSecrets secrets_;
  Surroundings with_{clock_, random_, secrets_, {}, false};
  http::Digests digests_;
  SettingsNode tree_;
};

TEST_F(WsdlTest, TheEnvelopeFollowsTheSchema) {
  EXPECT_EQ(envelope("changed", {{"note", "a<b & {since}"}, {"from", "{since}"}}),
            "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>"
            "<n0:queryChanged xmlns:n0=\"urn:q\"><n0:from xmlns:n0=\"urn:q\">{since}</n0:from>"
            "<n0:note xmlns:n0=\"urn:q\">a&lt;b &amp; {since}</n0:note>"
            "</n0:queryChanged></soap:Body></soap:Envelope>")
      << "in the order of the schema, not of the mapping";
  EXPECT_THAT(envelope("changed", {{"from", "x"}, {"page/size", "9"}, {"page/number", "1"}}),
              HasSubstr("<n0:number xmlns:n0=\"urn:q\">1</n0:number><size>9</size></n0:page>"))
      << "each qualified as its schema says";
}

TEST_F(WsdlTest, AMappingTakesEndpointActionAndElements) {
  EXPECT_EQ(said(source()), "good");
  const SettingsNode whole = written_out(source(), digests_).value();
  EXPECT_EQ(*whole.find("url")->text(), "http://localhost:8080/services/Organisations");
  EXPECT_EQ(*whole.find("action")->text(), "urn:changed");
  EXPECT_EQ(*whole.find("lookup")->find("action")->text(), "urn:one");
  EXPECT_THAT(*whole.find("lookup")->find("envelope")->text(), HasSubstr(">{key.code}</n0:uscc>"));
  EXPECT_EQ(whole.find("wsdl"), nullptr);
  const SettingsNode moved =
      written_out(source("[source.since]", "url = \"http://localhost:1/x\"\n[source.since]"),
                  digests_)
          .value();
  EXPECT_EQ(*moved.find("url")->text(), "http://localhost:1/x") << "the mapping has the last word";
}

TEST_F(WsdlTest, MistakesOfAMappingHaveTheirLine) {
  const struct {
    const char* from;
    const char* to;
    const char* says;
  } cases[] = {
      {"\"from\" = \"{since}\"", "\"fromm\" = \"{since}\"", "line 5: the operation needs from"},
      {"{ \"from\" = \"{since}\" }", "{ \"from\" = \"{since}\", \"until\" = \"x\" }",
       "line 5: the operation does not know until; it knows from page note"},
      {"\"from\" = \"{since}\"", "\"from\" = \"{since}\", \"page\" = \"1\"",
       "line 5: the operation needs page/number"},
      {"\"from\" = \"{since}\"", "\"from/day\" = \"{since}\"",
       "line 5: from is a text and has nothing below it"},
      {"\"from\" = \"{since}\"", "\"from\" = \"{when}\"", "envelope: no value is called {when}"},
      {"operation = \"changed\"", "operation = \"all\"",
       "line 5: no port over SOAP has the operation all"},
      {"operation = \"one\"", "operation = \"none\"", "line 13: no port P has the operation none"},
      {"\"{key.code}\"", "\"{since}\"", "line 12: envelope: no value is called {since}"},
      {"operation = \"changed\"", "operation = \"changed\"\naction = \"urn:x\"",
       "action: comes from the WSDL"},
      {"operation = \"changed\"", "operation = \"changed\"\nport = \"Q\"", "no port Q has"},
      {"Body/queryChangedResponse/list", "Body/queryResponse/list",
       "line 7: the answer is queryChangedResponse"},
      {"list/row", "list/record", "line 7: the answer has no record there; in list are row"},
      {"= \"uscc\"", "= \"usccc\"", "line 7: the rows have no usccc"},
      {"wsdl_sha256 = \"$DIGEST\"", "", "wsdl_sha256 is missing: of this description it is "},
      {"$DIGEST", "00", "wsdl_sha256: the description is another one"},
      {"wsdl = \"$FILE\"", "wsdl = \"civil.wsdl\"", "line 3: wsdl: an absolute path"},
      {"wsdl = \"$FILE\"", "wsdl = \"/nowhere/x.wsdl\"", "line 3: cannot be read: x.wsdl"},
      {"wsdl = \"$FILE\"", "wsdl = \"/dev/zero\"", "line 3: cannot be read"},
      {"wsdl = \"$FILE\"", "wsdl = \"https://civil.example/?wsdl\"", "line 3: wsdl: an absolute"},
  };
  for (const auto& one : cases) {
    const std::string out = said(source(one.from, one.to));
    EXPECT_THAT(out, StartsWith("mapping.invalid: line ")) << one.to;
    EXPECT_THAT(out, HasSubstr(one.says)) << one.to;
  }
}

TEST_F(WsdlTest, ADescriptionThatChangesIsNotFollowed) {
  const SettingsNode before = source();
  put("civil.wsdl", with("localhost:8080", "localhost:8081"));
  EXPECT_THAT(said(before), HasSubstr("the description is another one"));
}

TEST_F(WsdlTest, Soap12AndRpcLiteral) {
  std::string text =
      with("http://schemas.xmlsoap.org/wsdl/soap/", "http://schemas.xmlsoap.org/wsdl/soap12/");
  EXPECT_EQ(said_of(text), "good");
  EXPECT_THAT(envelope("changed", {{"from", "1"}}),
              HasSubstr("http://www.w3.org/2003/05/soap-envelope"));
  text = with("transport=", "style=\"rpc\" transport=");
  replace_all(text, "element=\"t:queryChanged\"", "type=\"x:date\"");
  replace_all(text, "element=\"t:queryChangedResponse\"", "type=\"t:Row\"");
  replace_all(text, "<w:input><s:body use=\"literal\"/>",
              "<w:input><s:body use=\"literal\" namespace=\"urn:rpc\"/>");
  put("civil.wsdl", text);
  EXPECT_THAT(envelope("changed", {{"p", "{since}"}}),
              HasSubstr("<n0:changed xmlns:n0=\"urn:rpc\"><p>{since}</p></n0:changed>"));
}

TEST_F(WsdlTest, SchemasBesideAreReadAndNothingElseIs) {
  const std::string inside = R"(<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:q"
    targetNamespace="urn:q"><x:include schemaLocation="page.xsd"/></x:schema>)";
  const std::string page = R"(<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema">
    <x:include schemaLocation="page.xsd"/>
    <x:complexType name="Page"><x:sequence><x:element name="number" type="x:int"/>
    </x:sequence></x:complexType></x:schema>)";
  std::string text = kWsdl;
  const auto begin = text.find("      <x:complexType name=\"Page\">");
  text.erase(begin, text.find("<x:element name=\"queryChangedResponse\">") - begin);
  replace_all(text, "<w:types>", "<w:types>" + inside);
  put("page.xsd", page);
  EXPECT_EQ(said_of(text), "good") << "also of a schema without a namespace, that includes itself";
  EXPECT_THAT(envelope("changed", {{"from", "x"}, {"page/number", "1"}}), HasSubstr(">1<"));
  for (const char* place : {"../page.xsd", "/etc/passwd", "http://x/page.xsd", "file:page.xsd",
                            "a/page.xsd", ".hidden", "", "page.xsd?x=1", "%2e%2e/page.xsd"}) {
    std::string other = text;
    replace_all(other, "\"page.xsd\"", "\"" + std::string(place) + "\"");
    EXPECT_THAT(said_of(other), HasSubstr("only the name of a file beside it")) << place;
    EXPECT_THAT(said_of(other), HasSubstr("civil.wsdl, line 5")) << place;
  }
  std::string gone = text;
  replace_all(gone, "\"page.xsd\"", "\"gone.xsd\"");
  EXPECT_THAT(said_of(gone), HasSubstr("gone.xsd is not there"));
  put("page.xsd", "<x:other xmlns:x='urn:x'/>");
  EXPECT_THAT(said_of(text), HasSubstr("page.xsd, line 1: neither WSDL 1.1 nor a schema"));
}

TEST_F(WsdlTest, WhatIsNotReadIsSaidWithItsLine) {
  const struct {
    std::string from, to, says;
  } cases[] = {
      {"<w:input><s:body use=\"literal\"/>", "<w:input><s:body use=\"encoded\"/>",
       "civil.wsdl, line 41: use is literal; encoded is not supported"},
      {"http://schemas.xmlsoap.org/soap/http", "http://schemas.xmlsoap.org/soap/smtp",
       "line 39: a transport that is not HTTP"},
      {"http://schemas.xmlsoap.org/wsdl/\"", "http://www.w3.org/ns/wsdl\"", "WSDL 2.0"},
      {"<x:element name=\"from\" type=\"x:date\"/>",
       "<x:choice><x:element name=\"from\" type=\"x:date\"/></x:choice>",
       "line 7: choice is not supported"},
      {"<x:element name=\"from\" type=\"x:date\"/>", "<x:any/>", "line 7: any is not supported"},
      {"name=\"from\" type=\"x:date\"", "name=\"from\" type=\"t:Gone\"",
       "line 7: type Gone is not there"},
      {"name=\"from\" type=\"x:date\"", "name=\"from\"", "line 7: an element of any type"},
      {"element=\"t:queryOne\"", "element=\"t:gone\"", "element gone is not there"},
      {"element=\"t:queryOne\"", "element=\"q:gone\"", "a prefix nobody declared"},
      {"element=\"t:queryOne\"", "type=\"t:Page\"", "document style: one part with an element"},
      {"message=\"t:askOne\"", "message=\"t:gone\"", "message gone is not there"},
      {"type=\"t:Organisations\"", "type=\"t:gone\"", "portType gone is not there"},
      {"<w:input><s:body use=\"literal\"/>",
       "<w:input><s:header message=\"t:ask\" part=\"p\" use=\"literal\"/><s:body use=\"literal\"/>",
       "the operation declares a header: write it as soap_header"},
      {"http://localhost:8080/", "ftp://localhost/", "url is https"},
      {"soapAction=\"urn:changed\"", "soapAction=\"a&#10;X: y\"", "action: visible ASCII"},
  };
  for (const auto& one : cases) {
    const std::string out = said_of(with(one.from, one.to));
    EXPECT_THAT(out, StartsWith("mapping.invalid: line ")) << one.to;
    EXPECT_THAT(out, HasSubstr(one.says)) << one.to;
  }
  put("civil.wsdl", with("<w:input><s:body use=\"literal\"/>",
                         "<w:input><s:header use=\"literal\"/><s:body use=\"literal\"/>"));
  EXPECT_THAT(envelope("changed", {{"from", "1"}}, "<a>{secret.x}</a>"),
              HasSubstr("<soap:Header><a>{secret.x}</a></soap:Header>"));
}

// What a description says is text: it cannot name a place, and so no secret, nor write an element.
TEST_F(WsdlTest, ADescriptionHasNoSayInPlaces) {
  wsdl::Operation operation;
  operation.request.name = {"urn:{secret.db}\"<&", "q"};
  operation.request.content = wsdl::Content::kElements;
  EXPECT_THAT(*wsdl::make_envelope(operation, {}, ""),
              HasSubstr("xmlns:n0=\"urn:&#123;secret.db&#125;&quot;&lt;&amp;\">"));
  EXPECT_THAT(said_of(with("\"urn:q\"", "\"urn:{secret.db}\"")), HasSubstr("civil.wsdl, line"));
  put("civil.wsdl", kWsdl);
  for (const char* name : {"a b", "a&gt;&lt;b", "{secret.db}", "a:b", "1a", ""}) {
    put("civil.wsdl", with("name=\"from\"", "name=\"" + std::string(name) + "\""));
    const std::string out = envelope("changed", {{"from", "1"},
                                                 {"{secret.db}", "1"},
                                                 {"a b", "1"},
                                                 {"a><b", "1"},
                                                 {"a:b", "1"},
                                                 {"1a", "1"}});
    EXPECT_THAT(out,
                testing::AnyOf(HasSubstr("its name is none"), HasSubstr("the operation needs")))
        << name;
  }
  put("civil.wsdl", with("services/Organisations", "services/{secret.db}"));
  EXPECT_THAT(said(source()), StartsWith("mapping.invalid: line 1: url or path"));
}

TEST_F(WsdlTest, HostileFilesEndSoonAndWithAReason) {
  const std::string doctype = "<!DOCTYPE w:definitions [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>";
  EXPECT_THAT(said_of(with("<w:definitions", doctype + "<w:definitions")), HasSubstr("DOCTYPE"));
  EXPECT_THAT(said_of(kWsdl.substr(0, kWsdl.size() / 2)), HasSubstr("civil.wsdl, "));
  EXPECT_THAT(said_of(std::string((1U << 20U) + 1, ' ')), StartsWith("input.too_large"));
  EXPECT_THAT(said_of("\xFF\xFE<\0>"), HasSubstr("mapping.invalid"));
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<a>";
  EXPECT_THAT(said_of(deep), StartsWith("input.too_large"));
  std::string wide = "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/'>";
  for (int i = 0; i < 60000; ++i) wide += "<a/>";
  EXPECT_THAT(said_of(wide + "</w:definitions>"), StartsWith("input.too_large"));
  // Types that hold each other in all directions: 60^12 elements, if one let them.
  std::string types;
  for (int i = 0; i < 60; ++i) {
    types += "<x:complexType name=\"T" + std::to_string(i) + "\"><x:sequence>";
    for (int j = 0; j < 60; ++j) {
      types +=
          "<x:element name=\"e" + std::to_string(j) + "\" type=\"t:T" + std::to_string(j) + "\"/>";
    }
    types += "</x:sequence></x:complexType>";
  }
  std::string text = with("type=\"x:date\"", "type=\"t:T0\"");
  replace_all(text, "<x:complexType name=\"Page\">", types + "<x:complexType name=\"Page\">");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(said_of(text), HasSubstr("too deep, or holds itself"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
  // A chain of files.
  for (int i = 0; i < 40; ++i) {
    put("s" + std::to_string(i) + ".xsd",
        "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema'><x:include schemaLocation='s" +
            std::to_string(i + 1) + ".xsd'/></x:schema>");
  }
  EXPECT_THAT(said_of(with("<w:types>",
                           "<w:types><x:schema><x:include schemaLocation='s0.xsd'/>"
                           "</x:schema>")),
              StartsWith("input.too_large"));
}

// Any damage of a description is an error or a description, never a crash.
TEST_F(WsdlTest, AnyDamageIsAnErrorOrADescription) {
  std::mt19937_64 random(20260102);
  int good = 0;
  for (int round = 0; round < 400; ++round) {
    std::string text = kWsdl;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text[at] = static_cast<char>(random() % 256);
      } else {
        text.erase(at, random() % 40);
      }
    }
    const std::string out = said_of(text);
    good += out == "good" ? 1 : 0;
    EXPECT_THAT(out,
                testing::AnyOf("good", StartsWith("mapping.invalid: line "), StartsWith("input.")));
  }
  EXPECT_GT(good, 0);
  EXPECT_LT(good, 400);
}

TEST_F(WsdlTest, ANewMappingIsProposedFromTheDescriptionAlone) {
  const std::string toml = "[source]\nkind = \"soap\"\nwsdl = \"" + (folder_ / "civil.wsdl") +
                           "\"\noperation = \"changed\"\n";
  tree_ = parse_settings(toml).value();
  const auto kind = soap::make_kind(with_, digests_);
  const auto made = kind->describe(*tree_.find("source"), toml).value().value();
  EXPECT_THAT(made.columns, testing::ElementsAre("uscc", "name", "address/street"));
  EXPECT_THAT(made.toml, HasSubstr("rows = \"/Envelope/Body/queryChangedResponse/list/row\"\n"));
  EXPECT_THAT(made.toml, HasSubstr("parameters = { \"from\" = \"\" }"));
  EXPECT_THAT(made.toml, HasSubstr("# may be named too: \"page/number\", \"page/size\", \"note\""));
  const auto again = parse_settings(made.toml);
  ASSERT_TRUE(again.ok()) << again.error().describe() << made.toml;
  EXPECT_EQ(said(*again->find("source")), "good") << "what is proposed is a mapping";
  EXPECT_FALSE(kind->describe(source(), "").value()) << "it has its columns";
}

// The example of the page, with its own description and digest.
TEST_F(WsdlTest, TheExampleOfThePageIsGood) {
  const std::string page =
      kits::load_file(std::string(LH_SOURCE_DIR) + "/docs/formats/source-soap.md");
  const auto begin = page.find("```wsdl\n") + 8;
  std::string toml = page.substr(begin, page.find("```", begin) - begin);
  put("civil.wsdl", [] {
    std::string text = kWsdl;
    replace_all(text, "<w:operation name=\"changed\">", "<w:operation name=\"queryChanged\">");
    replace_all(text, "<w:operation name=\"one\">", "<w:operation name=\"queryOne\">");
    replace_all(text, "http://localhost:8080", "https://registry.civil.example");
    return text;
  }());
  const auto read = wsdl::Description::load(folder_ / "civil.wsdl").value();
  replace_all(toml, "/etc/licencehub/mappings/civil.wsdl", folder_ / "civil.wsdl");
  replace_all(toml, "$DIGEST", to_hex(view(digests_.sha256(read.bytes()))));
  tree_ = parse_settings(toml).value();
  EXPECT_EQ(said(*tree_.find("source")), "good");
}

}  // namespace
}  // namespace lh::adapters::soap
