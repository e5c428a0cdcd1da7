// The JSON parts of an SD-JWT: exact bytes out, strict headers in.
#include <gtest/gtest.h>

#include "schemas/sd_jwt_json.h"

namespace lh::schemas {
namespace {

TEST(SdJwt, HeaderIsExact) {
  EXPECT_EQ(sd_jwt_header("ES256", "dc+sd-jwt", {"AAAA", "BBBB"}),
            R"({"alg":"ES256","typ":"dc+sd-jwt","x5c":["AAAA","BBBB"]})");
  EXPECT_EQ(sd_jwt_header("EdDSA", "dc+sd-jwt", {}), R"({"alg":"EdDSA","typ":"dc+sd-jwt"})");
}

TEST(SdJwt, OurHeaderIsOneWeRead) {
  const auto h = parse_jose_header(sd_jwt_header("ES256", "dc+sd-jwt", {"AAAA"})).value();
  EXPECT_EQ(h.alg, "ES256");
  EXPECT_EQ(h.typ, "dc+sd-jwt");
  EXPECT_EQ(h.x5c, std::vector<std::string>{"AAAA"});
  EXPECT_TRUE(h.kid.empty());
}

// The text before base64url is compact and keeps characters as they are; a verifier hashes what it
// gets, so any writer is right as long as it writes once (RFC 9901 section 4.2.1).
TEST(SdJwt, DisclosureIsSaltNameValue) {
  const std::string text = disclosure_text("_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius");
  EXPECT_EQ(parse_base64url(text).value(), R"(["_26bc4LT-ac6q2KI6cBW5es","family_name","Möbius"])");
  EXPECT_EQ(parse_base64url(disclosure_text("s", "n", Json::array().push(1))).value(),
            R"(["s","n",[1]])");
}

TEST(SdJwt, PayloadHasTheClaimsOfTheProfile) {
  SdJwtPayload p;
  p.iss = "https://hub.test";
  p.vct = "urn:licence-type:11990100MB99000131001";
  p.iat = 1795312800;
  p.nbf = 1795312801;
  p.licence_id = "1.2.156.3005.2.x";
  p.version = 2;
  p.status_uri = "https://hub.test/public/status/1";
  p.status_index = 77;
  p.sd = {"aaa", "bbb"};
  EXPECT_EQ(sd_jwt_payload(p),
            R"({"iss":"https://hub.test","vct":"urn:licence-type:11990100MB99000131001",)"
            R"("iat":1795312800,"nbf":1795312801,"licence_id":"1.2.156.3005.2.x","version":2,)"
            R"("status":{"status_list":{"idx":77,"uri":"https://hub.test/public/status/1"}},)"
            R"("_sd_alg":"sha-256","_sd":["aaa","bbb"]})");
}

TEST(SdJwtDeathTest, DigestsComeSorted) {
  SdJwtPayload p;
  p.sd = {"b", "a"};
  EXPECT_DEATH(sd_jwt_payload(p), "order");
}

struct Header {
  const char* name;
  std::string json;
};
void PrintTo(const Header& h, std::ostream* out) {
  *out << h.name;
}

class RefusedHeader : public testing::TestWithParam<Header> {};

TEST_P(RefusedHeader, IsRefused) {
  const auto h = parse_jose_header(GetParam().json);
  ASSERT_FALSE(h.ok());
  const std::string_view name = GetParam().name;
  const bool algorithm = name.starts_with("none") || name.starts_with("hs");
  EXPECT_EQ(h.error().reason(), algorithm ? Reason::kAlgorithmRefused : Reason::kJwsHeader);
}

INSTANTIATE_TEST_SUITE_P(
    Jose, RefusedHeader,
    testing::Values(
        Header{"empty", ""}, Header{"no_json", "alg:ES256"}, Header{"array", R"(["ES256"])"},
        Header{"text", "\"ES256\""}, Header{"trailing", R"({"alg":"ES256"}x)"},
        Header{"bom", "\xEF\xBB\xBF{\"alg\":\"ES256\"}"},
        Header{"no_alg", R"({"typ":"dc+sd-jwt"})"}, Header{"empty_alg", R"({"alg":""})"},
        Header{"null_alg", R"({"alg":null})"}, Header{"number_alg", R"({"alg":256})"},
        Header{"list_alg", R"({"alg":["ES256","none"]})"},
        Header{"two_algs", R"({"alg":"ES256","alg":"none"})"},
        Header{"two_algs_by_escape", R"({"alg":"ES256","\u0061lg":"none"})"},
        Header{"none", R"({"alg":"none"})"}, Header{"none_capital", R"({"alg":"NONE"})"},
        Header{"none_mixed", R"({"alg":"nOnE"})"}, Header{"hs256", R"({"alg":"HS256"})"},
        Header{"hs512_small", R"({"alg":"hs512"})"},
        Header{"crit", R"({"alg":"ES256","crit":["exp"],"exp":1})"},
        Header{"crit_empty", R"({"alg":"ES256","crit":[]})"},
        Header{"b64_false", R"({"alg":"ES256","b64":false,"crit":["b64"]})"},
        Header{"b64_true", R"({"alg":"ES256","b64":true})"},
        Header{"jwk", R"({"alg":"ES256","jwk":{"kty":"EC"}})"},
        Header{"jku", R"({"alg":"ES256","jku":"https://a.test/k"})"},
        Header{"x5u", R"({"alg":"ES256","x5u":"https://a.test/c"})"},
        Header{"null_jwk", R"({"alg":"ES256","jwk":null})"},
        Header{"compressed", R"({"alg":"ES256","zip":"DEF"})"},
        Header{"encrypted", R"({"alg":"ECDH-ES","enc":"A128GCM"})"},
        Header{"kid_number", R"({"alg":"ES256","kid":1})"},
        Header{"kid_empty", R"({"alg":"ES256","kid":""})"},
        Header{"kid_long", R"({"alg":"ES256","kid":")" + std::string(257, 'k') + "\"}"},
        Header{"typ_number", R"({"alg":"ES256","typ":1})"},
        Header{"x5c_text", R"({"alg":"ES256","x5c":"AAAA"})"},
        Header{"x5c_empty", R"({"alg":"ES256","x5c":[]})"},
        Header{"x5c_number", R"({"alg":"ES256","x5c":[1]})"},
        Header{"x5c_empty_text", R"({"alg":"ES256","x5c":[""]})"},
        Header{"x5c_base64url", R"({"alg":"ES256","x5c":["_-_-"]})"},
        Header{"x5c_space", R"({"alg":"ES256","x5c":["AA AA"]})"},
        Header{"x5c_pem", R"({"alg":"ES256","x5c":["-----BEGIN CERTIFICATE-----"]})"},
        Header{"x5c_nine",
               R"({"alg":"ES256","x5c":["AA==","AA==","AA==","AA==","AA==","AA==","AA==","AA==",
                                         "AA=="]})"},
        Header{"x5c_large", R"({"alg":"ES256","x5c":[")" + std::string(32768, 'A') + "\"]}"},
        Header{"too_large", R"({"alg":"ES256","x":")" + std::string(300000, 'x') + "\"}"}),
    [](const auto& i) { return i.param.name; });

// Members without meaning to us are ignored as RFC 7515 section 4 demands; they carry no key.
TEST(JoseHeaderTest, IgnoresMembersItDoesNotUse) {
  const auto h = parse_jose_header(R"({"alg":"EdDSA","kid":"k1","cty":"x","x5t#S256":"y"})");
  ASSERT_TRUE(h.ok()) << h.error().describe();
  EXPECT_EQ(h->alg, "EdDSA");
  EXPECT_EQ(h->kid, "k1");
}

}  // namespace
}  // namespace lh::schemas
