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
std::string in_sd(const std::string& text) {
  return payload_with("_sd", {h(text)});
}
const std::string kName = R"(["s","name","Y"])";
const std::string kInner = R"(["s2","city","C"])";
const std::string kOuter = R"(["s1","address",{"_sd":[")" + h(kInner) + R"("]}])";
const std::string kElement = R"(["s","DE"])";
const std::string kNestedElement = R"(["s1",[{"...":")" + h(kElement) + R"("}]])";

std::vector<Case> good_cases() {
  return {
      {"NothingDisclosed", in_sd(kName), {}, "{}"},
      {"OneClaim", in_sd(kName), {d(kName)}, R"({"name":"Y"})"},
      {"NoSdAtAll", R"({"a":[1,{"b":null}]})", {}, R"({"a":[1,{"b":null}]})"},
      {"SdAlgNamed", R"({"_sd_alg":"sha-256","a":1})", {}, R"({"a":1})"},
      {"EmptySd", R"({"_sd":[],"a":1})", {}, R"({"a":1})"},
      {"RecursiveBoth", in_sd(kOuter), {d(kInner), d(kOuter)}, R"({"address":{"city":"C"}})"},
      {"RecursiveOuterOnly", in_sd(kOuter), {d(kOuter)}, R"({"address":{}})"},
      {"ArrayElement",
       R"({"n":["US",{"...":")" + h(kElement) + R"("}]})",
       {d(kElement)},
       R"({"n":["US","DE"]})"},
      {"ArrayElementWithheld",
       R"({"n":["US",{"...":")" + h(kElement) + R"("}]})",
       {},
       R"({"n":["US"]})"},
      {"ArrayInArray",
       R"({"n":[{"...":")" + h(kNestedElement) + R"("}]})",
       {d(kNestedElement), d(kElement)},
       R"({"n":[["DE"]]})"},
      {"OtherDigest", R"({"_sd_alg":"sha-512","_sd":[]})", {}, "outside: _sd_alg"},
      {"GeneralMayHideSub",
       in_sd(R"(["s","sub","x"])"),
       {d(R"(["s","sub","x"])")},
       R"({"sub":"x"})",
       Reserved::kLicence},
  };
}

std::vector<Case> hostile_payloads() {
  return {
      {"RecursiveInnerWithoutOuter", in_sd(kOuter), {d(kInner)}, "sdjwt.disclosure_unreferenced"},
      {"SdAlgNotText", R"({"_sd_alg":256})", {}, "sdjwt.malformed"},
      {"SdAlgNested", R"({"a":{"_sd_alg":"sha-256"}})", {}, "sdjwt.claim"},
      {"Unreferenced", "{}", {d(kName)}, "sdjwt.disclosure_unreferenced"},
      {"DisclosureTwice", in_sd(kName), {d(kName), d(kName)}, "sdjwt.digest_repeated"},
      {"DigestTwiceInSd",
       payload_with("_sd", {h(kName), h(kName)}),
       {d(kName)},
       "sdjwt.digest_repeated"},
      {"DecoyTwice", payload_with("_sd", {"decoy", "decoy"}), {}, "sdjwt.digest_repeated"},
      {"DigestInTwoPlaces",
       R"({"_sd":[")" + h(kName) + R"("],"o":{"_sd":[")" + h(kName) + R"("]}})",
       {},
       "sdjwt.digest_repeated"},
      {"ReplacesClaim", R"({"name":"X","_sd":[")" + h(kName) + R"("]})", {d(kName)}, "sdjwt.claim"},
      {"TwoOfOneName",
       payload_with("_sd", {h(kName), h(R"(["t","name","Z"])")}),
       {d(kName), d(R"(["t","name","Z"])")},
       "sdjwt.claim"},
      {"ClaimInArray", R"({"n":[{"...":")" + h(kName) + R"("}]})", {d(kName)}, "sdjwt.malformed"},
      {"DotsNotAlone", R"({"n":[{"...":"x","y":1}]})", {}, "sdjwt.malformed"},
      {"DotsOutsideArray", R"({"n":{"...":"x"}})", {}, "sdjwt.malformed"},
      {"DotsNotText", R"({"n":[{"...":1}]})", {}, "sdjwt.malformed"},
      {"SdNotList", R"({"_sd":"x"})", {}, "sdjwt.malformed"},
      {"SdHoldsNumber", R"({"_sd":[1]})", {}, "sdjwt.malformed"},
      {"PayloadNotObject", R"([1])", {}, "sdjwt.malformed"},
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
  };
}

// A disclosure that is referenced as it should be and is not one.
Case broken(const char* name, const std::string& text, const char* expected) {
  return {name, in_sd(text), {d(text)}, expected};
}
std::vector<Case> hostile_disclosures() {
  return {
      broken("NameSd", R"(["s","_sd",["x"]])", "sdjwt.claim"),
      broken("NameDots", R"(["s","...","x"])", "sdjwt.claim"),
      broken("NameSdAlg", R"(["s","_sd_alg","x"])", "sdjwt.claim"),
      broken("ElementInSd", R"(["s","DE"])", "sdjwt.malformed"),
      broken("SaltNotText", R"([1,"name","Y"])", "sdjwt.malformed"),
      broken("NameNotText", R"(["s",1,"Y"])", "sdjwt.malformed"),
      broken("FourMembers", R"(["s","n","Y",1])", "sdjwt.malformed"),
      broken("OneMember", R"(["s"])", "sdjwt.malformed"),
      broken("NotAList", R"({"a":1})", "sdjwt.malformed"),
      broken("DisclosureNotJson", "hello", "json.syntax"),
      broken("DisclosureDuplicateKeys", R"(["s","n",{"a":1,"a":2}])", "json.duplicate_key"),
  };
}
INSTANTIATE_TEST_SUITE_P(Good, SdJwtProcess, testing::ValuesIn(good_cases()),
                         [](const auto& p) { return p.param.name; });
INSTANTIATE_TEST_SUITE_P(Payloads, SdJwtProcess, testing::ValuesIn(hostile_payloads()),
                         [](const auto& p) { return p.param.name; });
INSTANTIATE_TEST_SUITE_P(Disclosures, SdJwtProcess, testing::ValuesIn(hostile_disclosures()),
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
