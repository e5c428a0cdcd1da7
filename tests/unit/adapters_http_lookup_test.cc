// One record by its key, records given back, SOAP over the same, and what a mapping may not say.
#include <gmock/gmock.h>

#include "adapters/http/pull_source.h"
#include "adapters/soap/soap_kind.h"
#include "adapters_http_kit.h"

namespace lh::adapters::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string mistake(const std::string& more) {
  const auto read = read_source(source_of(plain_source(more)), rest_style());
  return read.ok() ? "none" : read.error().describe();
}

class HttpLookups : public testing::Test {
 protected:
  std::string find(const std::string& lookup, const KeyValues& key) {
    const auto settings = read_source(source_of(plain_source(lookup)), rest_style()).value();
    auto opened = open_lookup(settings, world.tools).value();
    const auto rows = opened->find(key);
    if (!rows.ok()) return rows.error().describe();
    std::string out;
    for (const auto& row : *rows) out += (row.malformed ? "bad" : row.values[0]) + ";";
    return out;
  }
  World world;
};

constexpr const char* kByPath = "[source.lookup]\npath='/items/{key.编号}'\nrows='data'\n";

TEST_F(HttpLookups, AKeyStandsInThePathAndNowhereElse) {
  world.script.answer(200, R"({"data":{"id":"17"}})");
  EXPECT_EQ(find(kByPath, {{"编号", "../admin?x=1#\r\nX: y"}}), "17;");
  EXPECT_EQ(world.script.asked[0].path, "/api/items/..%2Fadmin%3Fx%3D1%23%0D%0AX%3A%20y");
  EXPECT_THAT(find(kByPath, {{"编号", ".."}}), HasSubstr("input.malformed"));
  EXPECT_THAT(find(kByPath, {{"名称", "x"}}), HasSubstr("no value for {key.编号}"));
  EXPECT_EQ(world.script.asked.size(), 1U);
}

TEST_F(HttpLookups, AKeyStandsInABody) {
  world.script.answer(200, R"({"data":[{"id":"17"},{"id":"18"}]})");
  EXPECT_EQ(find("[source.lookup]\nmethod='POST'\nbody='{\"q\":\"{key.编号}\"}'\nrows='data'",
                 {{"编号", "\",\"all\":true,\"x\":\""}}),
            "17;18;");
  EXPECT_EQ(world.script.asked[0].body, R"({"q":"\",\"all\":true,\"x\":\""})");
}

TEST_F(HttpLookups, NothingFoundIsNoRowWhereTheMappingSaysHowItIsSaid) {
  world.script.answer(404, "");
  EXPECT_THAT(find(kByPath, {{"编号", "1"}}), HasSubstr("source.refused: HTTP 404"));
  world.script.answer(404, "");
  EXPECT_EQ(find(std::string(kByPath) + "not_found_404=true\n", {{"编号", "1"}}), "");
  world.script.answer(200, R"({"code":"10"})");
  EXPECT_EQ(
      find(std::string(kByPath) + "[source.success]\npath='code'\nvalues=['0']\nnot_found=['10']\n",
           {{"编号", "1"}}),
      "");
  world.script.answer(200, R"({"data":null})");
  EXPECT_EQ(find(kByPath, {{"编号", "1"}}), "");
  world.script.answer(200, "{}");
  EXPECT_THAT(find(kByPath, {{"编号", "1"}}), HasSubstr("source.answer"));
  std::string many = R"({"data":[)";
  for (int i = 0; i < 101; ++i) many += i == 0 ? "{}" : ",{}";
  world.script.answer(200, many + "]}");
  EXPECT_THAT(find(kByPath, {{"编号", "1"}}), HasSubstr("input.too_large"));
}

TEST_F(HttpLookups, ARecordIsGivenBackUnderItsId) {
  const auto settings =
      read_source(source_of(plain_source("[source.push]\nmethod='PUT'\npath='/items/{id}'\n")),
                  rest_style())
          .value();
  auto push = open_push(settings, world.tools).value();
  world.script.answer(503, "");
  world.script.answer(201, "");
  EXPECT_TRUE(push->send("case-1", {{"状态", "已\"办结\""}}).ok());
  ASSERT_EQ(world.script.asked.size(), 2U) << "the id makes it safe to send again";
  EXPECT_EQ(world.script.asked[1].path, "/api/items/case-1");
  EXPECT_EQ(world.script.asked[1].body, R"({"状态":"已\"办结\""})");
  EXPECT_THAT(world.script.asked[1].headers,
              ElementsAre(testing::Pair("Idempotency-Key", "case-1")));
  world.script.answer(422, "");
  EXPECT_EQ(push->send("case-1", {}).error().id(), "source.refused");
}

TEST_F(HttpLookups, KindsWithoutATableSaySo) {
  const auto kind =
      make_kind(world.with, world.digests, std::make_unique<ScriptedTransports>(world.script));
  const auto source = source_of(plain_source());
  EXPECT_EQ(kind->lookup(source).error().id(), "adapter.unsupported");
  EXPECT_EQ(kind->push(source).error().id(), "adapter.unsupported");
  EXPECT_TRUE(kind->check(source).ok());
  EXPECT_EQ(kind->name(), "http");
}

TEST(HttpSettings, EveryMistakeIsNamed) {
  EXPECT_EQ(mistake(""), "none");
  const std::vector<std::pair<std::string, std::string>> cases{
      {"colour='red'", "colour is not known"},
      {"method='DELETE'", "method is one of"},
      {"headers={Host='x'}", "not for a mapping"},
      {"headers={Authorization='Bearer x'}", "not for a mapping"},
      {"headers={'X-A'='测'}", "visible ASCII"},
      {"query={a='{b}'}", "no value is called {b}"},
      {"query={a='{page}'}", "no value is called {page}"},
      {"body='{}'", "a GET has no body"},
      {"method='POST'\nbody='{}'\nform={a='1'}", "not both"},
      {"conditional=true\n[source.paging]\nkind='page'\nparameter='p'", "conditional"},
      {"[source.paging]\nkind='page'", "nothing says {page}"},
      {"[source.paging]\nkind='next'", "path says"},
      {"[source.paging]\nkind='page'\nparameter='p'\npath='x'", "path says"},
      {"[source.paging]\nkind='page'\nparameter='p'\nkeep=true", "keep is for tokens"},
      {"[source.since]\ncolumn='没有'\nparameter='s'", "not among the columns"},
      {"[source.since]\ncolumn='时间'", "nothing says {since}"},
      {"[source.success]\npath='code'", "values are needed"},
      {"[source.lookup]\npath='/x'", "nothing says {key.COLUMN}"},
      {"[source.push]\nmethod='GET'", "POST or PUT"},
      {"[source.limits]\nretries=11", "retries is a number"},
      {"header=['没有']", "not among the columns"}};
  for (const auto& [more, said] : cases) {
    const std::string found = mistake(more);
    EXPECT_THAT(found, HasSubstr(said)) << more;
    EXPECT_THAT(found, HasSubstr("mapping.invalid: line ")) << more;
  }
}

TEST(HttpSettings, UrlsAreTakenApart) {
  const auto connection = [](const std::string& url) {
    const auto tree = parse_settings("[source]\nurl='" + url + "'\n[source.tls]\nca='c'\n").value();
    auto in = SettingsReader::open(*tree.find("source"), "source").value();
    const auto read = request::read_connection(in);
    return read.ok() ? read->target() + read->base_path : "bad";
  };
  EXPECT_EQ(connection("https://a.test"), "a.test:443");
  EXPECT_EQ(connection("https://a.test:8443/x/y/"), "a.test:8443/x/y");
  EXPECT_EQ(connection("https://[::1]:9"), "::1:9");
  for (const char* bad :
       {"", "a.test", "ftp://a.test", "https://", "https://A.test", "https://a.test:0",
        "https://a.test:65536", "https://a.test:x", "https://u:p@a.test", "https://a.test/x?y",
        "https://a.test/../x", "https://a.test/x y", "https://a_b/", "https://[::1"}) {
    EXPECT_EQ(connection(bad), "bad") << bad;
  }
}

constexpr const char* kSoapSource = R"(url = "https://source.test/ws/LicenceService"
action = "urn:query"
envelope = '''<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<q:query xmlns:q="urn:q"><q:since>{since}</q:since></q:query></soap:Body></soap:Envelope>'''
rows = "/Envelope/Body/queryResponse/list/row"
columns = { "编号" = "id" }
since = { column = "编号", order = "ascending" }
[source.lookup]
envelope = '''<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>
<one>{key.编号}</one></e:Body></e:Envelope>'''
action = "urn:one"
[source.tls]
ca = "ca.pem"
)";

class SoapKind : public testing::Test {
 protected:
  std::string pull() {
    auto opened = kind->pull(source_of(kSoapSource), {}, {});
    if (!opened.ok()) return opened.error().describe();
    std::string out;
    for (;;) {
      auto row = (*opened)->next();
      if (!row.ok()) return row.error().describe();
      if (!*row) return out;
      out += (*row)->values[0] + ";";
    }
  }
  static std::string envelope(const std::string& body) {
    return R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>)" + body +
           "</s:Body></s:Envelope>";
  }
  World world;
  std::unique_ptr<Kind> kind = soap::make_kind(world.with, world.digests,
                                               std::make_unique<ScriptedTransports>(world.script));
};

TEST_F(SoapKind, RowsAndTheActionOfSoap11) {
  world.script.answer(200, envelope("<queryResponse><list><row><id>1</id></row><row><id>2</id>"
                                    "</row></list></queryResponse>"));
  EXPECT_EQ(pull(), "1;2;");
  const auto& asked = world.script.asked[0];
  EXPECT_EQ(asked.method + " " + asked.path, "POST /ws/LicenceService");
  EXPECT_EQ(asked.content_type, "text/xml; charset=utf-8");
  EXPECT_THAT(asked.headers, ElementsAre(testing::Pair("SOAPAction", "\"urn:query\"")));
  EXPECT_THAT(asked.body, HasSubstr("<q:since></q:since>"));
}

TEST_F(SoapKind, AKeyIsEscapedAndSoap12SaysItsActionInTheMediaType) {
  world.script.answer(200, envelope("<queryResponse><list/></queryResponse>"));
  auto lookup = kind->lookup(source_of(kSoapSource)).value();
  EXPECT_TRUE(lookup->find({{"编号", "</one><all/>&"}}).value().empty());
  EXPECT_THAT(world.script.asked[0].body, HasSubstr("<one>&lt;/one&gt;&lt;all/&gt;&amp;</one>"));
  EXPECT_EQ(world.script.asked[0].content_type,
            "application/soap+xml; charset=utf-8; action=\"urn:one\"");
}

TEST_F(SoapKind, FaultsAndOtherDocuments) {
  world.script.answer(500, envelope("<s:Fault><faultcode>s:Server</faultcode><faultstring>"
                                    "测试人员001</faultstring></s:Fault>"));
  EXPECT_EQ(pull(), "source.refused: SOAP fault Server");
  world.script.answer(500, "<html>Internal Server Error</html>");
  EXPECT_EQ(pull(), "source.unavailable: HTTP 500");
  world.script.answer(400, "no XML, and a Fault");
  EXPECT_EQ(pull(), "source.refused: HTTP 400");
  world.script.answer(200, "<html>ok</html>");
  EXPECT_THAT(pull(), HasSubstr("source.answer: no rows")) << "never an empty list";
  world.script.answer(200, "<!DOCTYPE s:Envelope []>" + envelope("<x/>"));
  EXPECT_THAT(pull(), HasSubstr("source.answer"));
}

TEST_F(SoapKind, EnvelopesAreChecked) {
  const auto said = [this](std::string from, const std::string& to) {
    std::string toml = kSoapSource;
    toml.replace(toml.find(from), from.size(), to);
    const auto checked = kind->check(source_of(toml));
    return checked.ok() ? "none" : checked.error().describe();
  };
  EXPECT_EQ(said("urn:query", "urn:query"), "none");
  EXPECT_THAT(said("http://schemas.xmlsoap.org/soap/envelope/", "urn:x"), HasSubstr("SOAP 1.1"));
  EXPECT_THAT(said("{since}</q:since>", "{since}</q:since>{who}"), HasSubstr("{who}"));
  EXPECT_THAT(said("urn:query", "urn query"), HasSubstr("action"));
  EXPECT_THAT(said("/Envelope/Body/queryResponse", "Envelope/Body"), HasSubstr("path"));
}

}  // namespace
}  // namespace lh::adapters::http
