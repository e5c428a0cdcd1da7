// Generic SD-JWT processing: laws of RFC 9901 section 7.1, hostile inputs, and the sample inputs of
// another implementation (tests/vectors/sd-jwt/README.md).
#include "hub/licences/sd_jwt/sd_jwt.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "crypto/digest.h"
#include "tests/kits/seeded_random.h"

namespace lh {
namespace {

using hub::licences::sd_jwt::process;
using hub::licences::sd_jwt::Reserved;
using hub::licences::sd_jwt::split;
using schemas::Json;

Json json(std::string_view text) {
  return schemas::parse_json(text, 1U << 20U).value();
}
std::string encoded(std::string_view disclosure) {
  return to_base64url(disclosure);
}
std::string digest(std::string_view encoded_disclosure) {
  return to_base64url(view(crypto::sha256(encoded_disclosure)));
}
std::string payload_with(std::string_view member, const std::vector<std::string>& digests) {
  std::string out = "{\"" + std::string(member) + "\":[";
  for (const auto& d : digests) out += (out.back() == '[' ? "\"" : ",\"") + d + "\"";
  return out + "]}";
}

std::string outcome(std::string_view payload, const std::vector<std::string>& disclosures,
                    Reserved reserved = Reserved::kGeneral) {
  std::vector<std::string_view> views(disclosures.begin(), disclosures.end());
  const auto done = process(json(payload), views, reserved);
  if (!done.ok()) return std::string(done.error().id());
  return done->unsupported.empty() ? schemas::to_text(done->claims)
                                   : "outside: " + done->unsupported;
}

TEST(SdJwtSplit, TakesThePartsBetweenTheTildes) {
  const auto plain = split("a.b.c~");
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->jwt, "a.b.c");
  EXPECT_TRUE(plain->disclosures.empty());
  EXPECT_TRUE(plain->key_binding.empty());
  const auto full = split("a.b.c~d1~d2~k.b.j");
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(full->disclosures, (std::vector<std::string_view>{"d1", "d2"}));
  EXPECT_EQ(full->key_binding, "k.b.j");
}

TEST(SdJwtSplit, RefusesWhatHasNoTildeEmptyPartsAndTooMany) {
  EXPECT_EQ(split("a.b.c").error().reason(), Reason::kSdJwtMalformed);
  EXPECT_EQ(split("").error().reason(), Reason::kSdJwtMalformed);
  EXPECT_EQ(split("a.b.c~~").error().reason(), Reason::kSdJwtMalformed);
  std::string many = "a.b.c~";
  for (int i = 0; i < 257; ++i) many += "d~";
  EXPECT_EQ(split(many).error().reason(), Reason::kInputTooLarge);
}

struct Case {
  const char* name;
  std::string payload;
  std::vector<std::string> disclosures;
  const char* expected;
  Reserved reserved = Reserved::kGeneral;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class SdJwtProcess : public testing::TestWithParam<Case> {};
TEST_P(SdJwtProcess, GivesTheExpectedOutcome) {
  const Case& c = GetParam();
  EXPECT_EQ(outcome(c.payload, c.disclosures, c.reserved), c.expected);
}

std::string d(std::string_view text) {
  return encoded(text);
}
std::string h(std::string_view text) {
  return digest(encoded(text));
}
std::vector<Case> cases() {
  const std::string name = R"(["s","name","Y"])";
  const std::string inner = R"(["s2","city","C"])";
  const std::string outer = R"(["s1","address",{"_sd":[")" + h(inner) + R"("]}])";
  const std::string element = R"(["s","DE"])";
  const std::string nested_element = R"(["s1",[{"...":")" + h(element) + R"("}]])";
  const auto in_sd = [](const std::string& text) { return payload_with("_sd", {h(text)}); };
  return {
      {"NothingDisclosed", in_sd(name), {}, "{}"},
      {"OneClaim", in_sd(name), {d(name)}, R"({"name":"Y"})"},
      {"NoSdAtAll", R"({"a":[1,{"b":null}]})", {}, R"({"a":[1,{"b":null}]})"},
      {"SdAlgNamed", R"({"_sd_alg":"sha-256","a":1})", {}, R"({"a":1})"},
      {"EmptySd", R"({"_sd":[],"a":1})", {}, R"({"a":1})"},
      {"RecursiveBoth", in_sd(outer), {d(inner), d(outer)}, R"({"address":{"city":"C"}})"},
      {"RecursiveOuterOnly", in_sd(outer), {d(outer)}, R"({"address":{}})"},
      {"RecursiveInnerWithoutOuter", in_sd(outer), {d(inner)}, "sdjwt.disclosure_unreferenced"},
      {"ArrayElement",
       R"({"n":["US",{"...":")" + h(element) + R"("}]})",
       {d(element)},
       R"({"n":["US","DE"]})"},
      {"ArrayElementWithheld",
       R"({"n":["US",{"...":")" + h(element) + R"("}]})",
       {},
       R"({"n":["US"]})"},
      {"ArrayInArray",
       R"({"n":[{"...":")" + h(nested_element) + R"("}]})",
       {d(nested_element), d(element)},
       R"({"n":[["DE"]]})"},
      {"OtherDigest", R"({"_sd_alg":"sha-512","_sd":[]})", {}, "outside: _sd_alg"},
      {"SdAlgNotText", R"({"_sd_alg":256})", {}, "sdjwt.malformed"},
      {"SdAlgNested", R"({"a":{"_sd_alg":"sha-256"}})", {}, "sdjwt.claim"},
      {"Unreferenced", "{}", {d(name)}, "sdjwt.disclosure_unreferenced"},
      {"DisclosureTwice", in_sd(name), {d(name), d(name)}, "sdjwt.digest_repeated"},
      {"DigestTwiceInSd",
       payload_with("_sd", {h(name), h(name)}),
       {d(name)},
       "sdjwt.digest_repeated"},
      {"DecoyTwice", payload_with("_sd", {"decoy", "decoy"}), {}, "sdjwt.digest_repeated"},
      {"DigestInTwoPlaces",
       R"({"_sd":[")" + h(name) + R"("],"o":{"_sd":[")" + h(name) + R"("]}})",
       {},
       "sdjwt.digest_repeated"},
      {"NameSd", in_sd(R"(["s","_sd",["x"]])"), {d(R"(["s","_sd",["x"]])")}, "sdjwt.claim"},
      {"NameDots", in_sd(R"(["s","...","x"])"), {d(R"(["s","...","x"])")}, "sdjwt.claim"},
      {"NameSdAlg", in_sd(R"(["s","_sd_alg","x"])"), {d(R"(["s","_sd_alg","x"])")}, "sdjwt.claim"},
      {"ReplacesClaim", R"({"name":"X","_sd":[")" + h(name) + R"("]})", {d(name)}, "sdjwt.claim"},
      {"TwoOfOneName",
       payload_with("_sd", {h(name), h(R"(["t","name","Z"])")}),
       {d(name), d(R"(["t","name","Z"])")},
       "sdjwt.claim"},
      {"ElementInSd", in_sd(element), {d(element)}, "sdjwt.malformed"},
      {"ClaimInArray", R"({"n":[{"...":")" + h(name) + R"("}]})", {d(name)}, "sdjwt.malformed"},
      {"DotsNotAlone", R"({"n":[{"...":"x","y":1}]})", {}, "sdjwt.malformed"},
      {"DotsOutsideArray", R"({"n":{"...":"x"}})", {}, "sdjwt.malformed"},
      {"DotsNotText", R"({"n":[{"...":1}]})", {}, "sdjwt.malformed"},
      {"SdNotList", R"({"_sd":"x"})", {}, "sdjwt.malformed"},
      {"SdHoldsNumber", R"({"_sd":[1]})", {}, "sdjwt.malformed"},
      {"PayloadNotObject", R"([1])", {}, "sdjwt.malformed"},
      {"SaltNotText", in_sd(R"([1,"name","Y"])"), {d(R"([1,"name","Y"])")}, "sdjwt.malformed"},
      {"NameNotText", in_sd(R"(["s",1,"Y"])"), {d(R"(["s",1,"Y"])")}, "sdjwt.malformed"},
      {"FourMembers", in_sd(R"(["s","n","Y",1])"), {d(R"(["s","n","Y",1])")}, "sdjwt.malformed"},
      {"OneMember", in_sd(R"(["s"])"), {d(R"(["s"])")}, "sdjwt.malformed"},
      {"NotAList", in_sd(R"({"a":1})"), {d(R"({"a":1})")}, "sdjwt.malformed"},
      {"DisclosureNotJson", in_sd("hello"), {d("hello")}, "json.syntax"},
      {"DisclosureDuplicateKeys",
       in_sd(R"(["s","n",{"a":1,"a":2}])"),
       {d(R"(["s","n",{"a":1,"a":2}])")},
       "json.duplicate_key"},
      {"DisclosurePadded", "{}", {"YQ=="}, "sdjwt.malformed"},
      {"DisclosureNotBase64", "{}", {"a*b"}, "sdjwt.malformed"},
      {"LicenceHidesIssuer",
       in_sd(R"(["s","iss","x"])"),
       {d(R"(["s","iss","x"])")},
       "sdjwt.claim",
       Reserved::kLicence},
      {"LicenceHidesStatus",
       in_sd(R"(["s","status",{}])"),
       {d(R"(["s","status",{}])")},
       "sdjwt.claim",
       Reserved::kLicence},
      {"GeneralMayHideSub",
       in_sd(R"(["s","sub","x"])"),
       {d(R"(["s","sub","x"])")},
       R"({"sub":"x"})",
       Reserved::kLicence},
  };
}
INSTANTIATE_TEST_SUITE_P(Table, SdJwtProcess, testing::ValuesIn(cases()),
                         [](const auto& p) { return p.param.name; });

TEST(SdJwtProcessDepth, NestingThroughDisclosuresIsBounded) {
  std::vector<std::string> disclosures;
  std::string text = R"(["s","leaf",1])";
  for (int i = 0; i < 60; ++i) {
    disclosures.push_back(encoded(text));
    text = R"(["s","n",{"_sd":[")" + digest(disclosures.back()) + R"("]}])";
  }
  EXPECT_EQ(outcome(payload_with("_sd", {digest(disclosures.back())}), disclosures), "json.depth");
}

// ---- inputs of another implementation ---------------------------------------------------------

// Builds payload and disclosures from a tree in which {"!sd": x} marks what is hidden; the reverse
// is the code under test. disclose says which disclosures the holder shows.
class Builder {
 public:
  explicit Builder(std::uint64_t seed) : random_(seed) {}

  Json hidden(const Json& claims) {
    if (const auto* members = claims.members()) return object(*members);
    if (const auto* items = claims.items()) return array(*items);
    return claims;
  }
  const std::vector<std::string>& disclosures() const { return disclosures_; }

 private:
  std::string add(Json list) {
    disclosures_.push_back(encoded(schemas::to_text(list)));
    return digest(disclosures_.back());
  }
  std::string salt() { return to_base64url(random_.bytes(16)); }

  Json object(const Json::Object& members) {
    Json out = Json::object();
    Json digests = Json::array();
    for (const auto& [name, value] : members) {
      if (name.starts_with("!sd ")) {
        Json list = Json::array();
        list.push(salt()).push(name.substr(4)).push(hidden(value));
        digests.push(add(std::move(list)));
      } else {
        out.set(name, hidden(value));
      }
    }
    if (!digests.items()->empty()) {
      digests.push(to_base64url(random_.bytes(32)));  // a decoy
      out.set("_sd", std::move(digests));
    }
    return out;
  }
  Json array(const Json::Array& items) {
    Json out = Json::array();
    for (const auto& item : items) {
      const Json* marked = item.find("!sd");
      if (marked == nullptr) {
        out.push(hidden(item));
        continue;
      }
      Json list = Json::array();
      list.push(salt()).push(hidden(*marked));
      out.push(Json::object().set("...", add(std::move(list))));
    }
    return out;
  }
  kits::SeededRandom random_;
  std::vector<std::string> disclosures_;
};

// The tree without marks: what a holder who shows everything shows.
Json shown(const Json& claims) {
  if (const auto* items = claims.items()) {
    Json out = Json::array();
    for (const auto& item : *items) {
      const Json* marked = item.find("!sd");
      out.push(shown(marked == nullptr ? item : *marked));
    }
    return out;
  }
  if (claims.members() == nullptr) return claims;
  Json out = Json::object();
  for (const auto& [name, value] : *claims.members()) {
    if (!name.starts_with("!sd ")) out.set(name, shown(value));
  }
  for (const auto& [name, value] : *claims.members()) {
    if (name.starts_with("!sd ")) out.set(name.substr(4), shown(value));
  }
  return out;
}

// What is left when nothing is shown.
Json withheld(const Json& claims) {
  if (const auto* items = claims.items()) {
    Json out = Json::array();
    for (const auto& item : *items) {
      if (item.find("!sd") == nullptr) out.push(withheld(item));
    }
    return out;
  }
  if (claims.members() == nullptr) return claims;
  Json out = Json::object();
  for (const auto& [name, value] : *claims.members()) {
    if (!name.starts_with("!sd ")) out.set(name, withheld(value));
  }
  return out;
}

Json kit() {
  std::ifstream in(std::string(LH_SOURCE_DIR) + "/tests/vectors/sd-jwt/claims.json");
  std::stringstream text;
  text << in.rdbuf();
  return json(text.str());
}

TEST(SdJwtKit, EverySampleComesBackWholeEmptyAndInAnyOrder) {
  const Json samples = kit();
  ASSERT_NE(samples.members(), nullptr);
  EXPECT_GE(samples.members()->size(), 25U);
  for (const auto& [name, claims] : *samples.members()) {
    SCOPED_TRACE(name);
    Builder builder(42);
    const std::string payload = schemas::to_text(builder.hidden(claims));
    auto all = builder.disclosures();
    EXPECT_EQ(outcome(payload, all), schemas::to_text(shown(claims)));
    EXPECT_EQ(outcome(payload, {}), schemas::to_text(withheld(claims)));
    std::reverse(all.begin(), all.end());
    EXPECT_EQ(outcome(payload, all), schemas::to_text(shown(claims)));
  }
}

TEST(SdJwtKit, OneChangedSymbolOfADisclosureIsNoticed) {
  const Json samples = kit();
  for (const auto& [name, claims] : *samples.members()) {
    SCOPED_TRACE(name);
    Builder builder(43);
    const std::string payload = schemas::to_text(builder.hidden(claims));
    const auto whole = outcome(payload, builder.disclosures());
    for (std::size_t i = 0; i < builder.disclosures().size(); ++i) {
      auto changed = builder.disclosures();
      char& symbol = changed[i][changed[i].size() / 2];
      symbol = symbol == 'A' ? 'B' : 'A';
      EXPECT_NE(outcome(payload, changed), whole);
      EXPECT_EQ(outcome(payload, changed).find('{'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace lh
