#include "crypto/jws.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/kits/seeded_random.h"

namespace lh::crypto {
namespace {

// RFC 7515 appendix A.3.
constexpr std::string_view kRfc7515 =
    "eyJhbGciOiJFUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf"
    "Q"
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

PublicKey rfc7515_key() {
  return PublicKey::from_p256(
             parse_base64url("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU").value(),
             parse_base64url("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0").value())
      .value();
}

TEST(Jws, VerifiesTheEs256ExampleOfRfc7515) {
  const Jws jws = parse_jws(kRfc7515).value();
  EXPECT_EQ(jws.header, R"({"alg":"ES256"})");
  EXPECT_EQ(jws.payload,
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
  EXPECT_TRUE(verify_jws(jws, "ES256", rfc7515_key()).ok());
}

// The value of a JSON member of the cookbook's flat objects: the test needs no JSON reader.
std::string member(const std::string& json, const std::string& name) {
  const std::size_t at = json.find("\"" + name + "\": \"");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 5;
  return json.substr(begin, json.find('"', begin) - begin);
}

TEST(Jws, MakesAndVerifiesTheEd25519ExampleOfTheCookbook) {
  std::ifstream in(LH_SHARED_DIR "/kits/jose-cookbook/curve25519/jws.json");
  if (!in) GTEST_SKIP() << "the JOSE cookbook is not beside this tree";
  std::stringstream text;
  text << in.rdbuf();
  const std::string json = text.str();
  const std::string compact = member(json, "compact");
  const auto key =
      PrivateKey::from_stored(Algorithm::kEd25519,
                              Secret::copy_of(parse_base64url(member(json, "d")).value()))
          .value();
  const auto known = PublicKey::from_ed25519(parse_base64url(member(json, "x")).value()).value();
  const Jws jws = parse_jws(compact).value();
  EXPECT_EQ(jws.payload, member(json, "payload"));
  EXPECT_TRUE(verify_jws(jws, "EdDSA", known).ok());
  EXPECT_EQ(sign_jws(R"({"alg":"EdDSA"})", jws.payload, key).value(), compact);
}

TEST(Jws, RefusesAnAlgorithmThatIsNotTheKeys) {
  const Jws jws = parse_jws(kRfc7515).value();
  for (const char* alg : {"", "none", "EdDSA", "es256", "ES384", "HS256", "ES256 "}) {
    const Status s = verify_jws(jws, alg, rfc7515_key());
    ASSERT_FALSE(s.ok()) << alg;
    EXPECT_EQ(s.error().reason(), Reason::kAlgorithmRefused);
  }
}

// Whatever byte is changed: it does not parse, or its signature is wrong.
TEST(Jws, RefusesAnyFlippedByte) {
  for (std::size_t i = 0; i < kRfc7515.size(); ++i) {
    const Result<Jws> jws = parse_jws(kits::flipped(Bytes(kRfc7515), i));
    if (!jws.ok()) {
      EXPECT_EQ(jws.error().reason(), Reason::kJwsMalformed);
      continue;
    }
    EXPECT_FALSE(verify_jws(*jws, "ES256", rfc7515_key()).ok()) << i;
  }
}

TEST(Jws, RefusesMalformedText) {
  constexpr std::string_view kBad[] = {
      "",
      ".",
      "..",
      "e30",
      "e30.",
      "e30.e30",
      "e30.e30.",
      ".e30.e30",
      "e30.e30.e30.e30",
      "e30=.e30.e30",
      "e30.e30.e31=",
      "e30.e3 0.e30",
      "e30.e30.e30\n",
      "e30.e30.+/+/",
      "e30.e30.e",
      "e30.e3.e31",
      "e31.e30.e3",
  };
  for (const auto text : kBad) {
    const Result<Jws> jws = parse_jws(text);
    ASSERT_FALSE(jws.ok()) << text;
    EXPECT_EQ(jws.error().reason(), Reason::kJwsMalformed) << text;
  }
}

TEST(Jws, AllowsAnEmptyPayload) {
  kits::SeededRandom random(21);
  const auto key = PrivateKey::generate(Algorithm::kEd25519, random).value();
  const std::string compact = sign_jws(R"({"alg":"EdDSA"})", "", key).value();
  const Jws jws = parse_jws(compact).value();
  EXPECT_TRUE(jws.payload.empty());
  EXPECT_TRUE(verify_jws(jws, "EdDSA", key.public_key()).ok());
}

}  // namespace
}  // namespace lh::crypto
