// The licence document: made, presented, checked.
#include "hub/licences/document.h"

#include <gtest/gtest.h>

#include "crypto/jws.h"
#include "tests/unit/hub_licences_kit.h"

namespace lh {
namespace {

using namespace hub::licences;  // NOLINT: a test of this room
using kits::kBureau;
using kits::kDayMs;
using kits::kSupervision;
using kits::kToday;

struct Issuer {
  explicit Issuer(crypto::Algorithm algorithm = crypto::Algorithm::kEs256) : world(random) {
    auto key = crypto::PrivateKey::generate(algorithm, random).value();
    auto chain = world.chain_for(kSupervision, key.public_key(), random);
    std::vector<std::string> x5c;
    for (const auto& c : chain) x5c.push_back(to_base64(c.der()));
    auto header = schemas::sd_jwt_header(crypto::jose_name(algorithm), "dc+sd-jwt", x5c);
    signer = std::make_unique<Signer>(Signer{kits::uscc_of(kSupervision), std::move(key),
                                             std::move(chain), x5c, std::move(header)});
  }
  schemas::SdJwtPayload payload() const {
    schemas::SdJwtPayload p;
    p.iss = issuer_uri("https://hub.test", signer->organisation);
    p.vct = "urn:licence-type:" + std::string(kits::kFoodLicence);
    p.iat = kToday / 1000;
    p.nbf = p.iat - 3600;
    p.licence_id = make_licence_id(parse_licence_type_code(kits::kFoodLicence).value(),
                                   signer->organisation, "0001", 1)
                       ->text();
    p.status_uri = "https://hub.test/public/status/0";
    p.status_index = 7;
    return p;
  }
  Document make(const schemas::SdJwtPayload& p) {
    return make_document(*signer, p, fields, random).value();
  }
  CheckedDocument check(std::string_view text, UtcTime at = UtcTime{kToday + 1000}) const {
    return check_document(text, world.trust(1), at);
  }
  // A compact JWS over any header and payload by the issuer's key.
  std::string sign(std::string_view header, std::string_view body) const {
    return crypto::sign_jws(header, body, signer->key).value() + "~";
  }
  std::string with_header(const std::string& alg, const std::string& typ, bool x5c = true) const {
    const auto header =
        schemas::sd_jwt_header(alg, typ, x5c ? signer->x5c : std::vector<std::string>{});
    return sign(header, schemas::sd_jwt_payload(payload()));
  }

  crypto::SystemRandom random;
  kits::SigningWorld world;
  std::unique_ptr<Signer> signer;
  schemas::Fields fields{{"operator_name", "测试企业001"},
                         {"uscc", "x"},
                         {"business_items", "一\n二"},
                         {"legal_representative", "测试人员001"},
                         {"domicile", "测试路1号"}};
};

class DocumentOfBothKinds : public testing::TestWithParam<crypto::Algorithm> {};
INSTANTIATE_TEST_SUITE_P(Keys, DocumentOfBothKinds,
                         testing::Values(crypto::Algorithm::kEs256, crypto::Algorithm::kEd25519),
                         [](const auto& p) {
                           return p.param == crypto::Algorithm::kEs256 ? "Es256" : "Ed25519";
                         });

TEST_P(DocumentOfBothKinds, EverySubsetVerifiesAndDisclosesExactlyThat) {
  Issuer issuer(GetParam());
  const Document document = issuer.make(issuer.payload());
  for (unsigned set = 0; set < 32; ++set) {
    std::vector<std::string> names;
    for (unsigned i = 0; i < 5; ++i) {
      if ((set >> i & 1U) != 0) names.push_back(issuer.fields[i].first);
    }
    const auto checked = issuer.check(document.presentation(names));
    EXPECT_EQ(checked.integrity.verdict(), pki::Verdict::kValid);
    EXPECT_EQ(checked.issuer.verdict(), pki::Verdict::kValid);
    EXPECT_EQ(checked.digest, document_digest(document));
    for (const auto& [name, value] : issuer.fields) {
      const auto* claim = checked.claims.find(name);
      const bool wanted = std::find(names.begin(), names.end(), name) != names.end();
      ASSERT_EQ(claim != nullptr, wanted) << name;
      if (wanted) {
        EXPECT_EQ(*claim->string(), value);
      }
    }
  }
}

// One exception: a byte of the name "x5c" leaves a document that names no key; nothing can be
// decided then, and indeterminate is not valid either.
TEST(Document, EveryFlippedByteIsInvalid) {
  Issuer issuer;
  const std::string text = issuer.make(issuer.payload()).text();
  ASSERT_EQ(issuer.check(text).integrity.verdict(), pki::Verdict::kValid);
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Every byte of what is short, every seventh of the certificates.
    if (i > 60 && i + 1400 < text.size() && i % 7 != 0) continue;
    const auto checked = issuer.check(kits::flipped(text, i, i % 7));
    const bool no_key = checked.integrity.reason() == Reason::kTrustMissing && i > 40 && i < 56;
    ASSERT_EQ(checked.integrity.verdict(),
              no_key ? pki::Verdict::kIndeterminate : pki::Verdict::kInvalid)
        << "byte " << i;
    ASSERT_NE(checked.issuer.verdict(), pki::Verdict::kValid) << "byte " << i;
    ASSERT_TRUE(checked.claims.members()->empty()) << "byte " << i;
  }
}

TEST(Document, ReadsThePlainClaims) {
  Issuer issuer;
  const auto checked = issuer.check(issuer.make(issuer.payload()).text());
  const auto payload = issuer.payload();
  EXPECT_EQ(checked.iss, payload.iss);
  EXPECT_EQ(checked.vct, payload.vct);
  EXPECT_EQ(checked.licence_id, payload.licence_id);
  EXPECT_EQ(checked.version, 1);
  EXPECT_EQ(checked.status_uri, payload.status_uri);
  EXPECT_EQ(checked.status_index, 7U);
  EXPECT_EQ(checked.iat, payload.iat);
  EXPECT_EQ(checked.time.verdict(), pki::Verdict::kValid);
  EXPECT_TRUE(checked.unsupported.empty());
}

TEST(Document, AlgorithmThatDoesNotFitTheKeyIsInvalid) {
  const Issuer issuer;
  for (const char* alg : {"EdDSA", "ES384", "RS256", "SM2"}) {
    const auto checked = issuer.check(issuer.with_header(alg, "dc+sd-jwt"));
    EXPECT_EQ(checked.integrity.verdict(), pki::Verdict::kInvalid) << alg;
    EXPECT_EQ(checked.integrity.reason(), Reason::kAlgorithmRefused) << alg;
  }
  EXPECT_EQ(issuer.check(issuer.with_header("none", "dc+sd-jwt")).integrity.reason(),
            Reason::kAlgorithmRefused);
}

TEST(Document, OtherTypIsOutsideTheProfileAndNeverValid) {
  const Issuer issuer;
  for (const char* typ : {"JWT", "statuslist+jwt", "subject-assertion+jwt"}) {
    const auto checked = issuer.check(issuer.with_header("ES256", typ));
    EXPECT_EQ(checked.integrity.verdict(), pki::Verdict::kIndeterminate) << typ;
    EXPECT_EQ(checked.unsupported, "header.typ");
  }
  for (const char* typ : {"vc+sd-jwt", "example+sd-jwt"}) {
    const auto checked = issuer.check(issuer.with_header("ES256", typ));
    EXPECT_EQ(checked.integrity.verdict(), pki::Verdict::kValid) << typ;
    EXPECT_TRUE(checked.unsupported.empty());
  }
}

TEST(Document, CriticalHeaderAndBroughtKeysAreRefused) {
  const Issuer issuer;
  const std::string body = schemas::sd_jwt_payload(issuer.payload());
  for (const char* extra : {R"("crit":["exp"])", R"("jwk":{"kty":"EC"})", R"("b64":false)",
                            R"("jku":"https://example.test/keys")"}) {
    const std::string header = std::string(R"({"alg":"ES256","typ":"dc+sd-jwt",)") + extra + "}";
    EXPECT_EQ(issuer.check(issuer.sign(header, body)).integrity.reason(), Reason::kJwsHeader)
        << extra;
  }
}

TEST(Document, WithoutAChainAKnownKeyIdDecidesElseTrustIsMissing) {
  const Issuer issuer;
  const std::string header = R"({"alg":"ES256","typ":"dc+sd-jwt","kid":"k1"})";
  const std::string text = issuer.sign(header, schemas::sd_jwt_payload(issuer.payload()));
  const auto without = issuer.check(text);
  EXPECT_EQ(without.integrity.verdict(), pki::Verdict::kIndeterminate);
  EXPECT_EQ(without.integrity.reason(), Reason::kTrustMissing);
  const KeysById keys{{"k1", issuer.signer->key.public_key()}};
  const auto trust = issuer.world.trust(1);
  const auto with = check_document(text, {trust, UtcTime{kToday}, SigningTime::kUnproven, &keys});
  EXPECT_EQ(with.integrity.verdict(), pki::Verdict::kValid);
  EXPECT_NE(with.issuer.verdict(), pki::Verdict::kValid);  // a licence names its issuer by chain
}

TEST(Document, ForeignRootIsIndeterminateAndRevokedSignerInvalid) {
  Issuer issuer;
  crypto::SystemRandom random;
  const kits::SigningWorld foreign(random);
  const std::string text = issuer.make(issuer.payload()).text();
  const auto unknown = check_document(text, foreign.trust(1), UtcTime{kToday});
  EXPECT_EQ(unknown.integrity.verdict(), pki::Verdict::kValid);
  EXPECT_EQ(unknown.issuer.verdict(), pki::Verdict::kIndeterminate);
  EXPECT_EQ(unknown.issuer.reason(), Reason::kTrustMissing);
  const auto revoked = check_document(
      text, issuer.world.trust(2, {issuer.signer->chain.front().fingerprint()}), UtcTime{kToday});
  EXPECT_EQ(revoked.issuer.verdict(), pki::Verdict::kInvalid);
  EXPECT_EQ(revoked.issuer.reason(), Reason::kChainRevoked);
}

TEST(Document, SignerMustBeTheIssuerTheLicenceNames) {
  Issuer issuer;
  auto payload = issuer.payload();
  payload.iss = issuer_uri("https://hub.test", kits::uscc_of(kBureau));
  const auto checked = issuer.check(issuer.make(payload).text());
  EXPECT_EQ(checked.integrity.verdict(), pki::Verdict::kValid);
  EXPECT_EQ(checked.issuer.verdict(), pki::Verdict::kInvalid);
  EXPECT_EQ(checked.issuer.reason(), Reason::kIssuerMismatch);
}

TEST(Document, NumberVersionAndTypeMustAgree) {
  Issuer issuer;
  auto payload = issuer.payload();
  payload.version = 2;
  EXPECT_EQ(issuer.check(issuer.make(payload).text()).integrity.reason(), Reason::kSdJwtClaim);
  payload = issuer.payload();
  payload.vct = "urn:licence-type:" + std::string(kits::kHealthCertificate);
  EXPECT_EQ(issuer.check(issuer.make(payload).text()).integrity.reason(), Reason::kSdJwtClaim);
  payload = issuer.payload();
  payload.licence_id.back() = payload.licence_id.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(issuer.check(issuer.make(payload).text()).integrity.verdict(), pki::Verdict::kInvalid);
}

TEST(Document, StockDataCannotBePresentedAsIssuerSigned) {
  Issuer issuer;
  auto payload = issuer.payload();
  payload.iss = collector_uri("https://hub.test", issuer.signer->organisation);
  const auto checked = issuer.check(issuer.make(payload).presentation({}));
  EXPECT_EQ(checked.integrity.verdict(), pki::Verdict::kValid);
  EXPECT_EQ(checked.issuer.verdict(), pki::Verdict::kIndeterminate);
  EXPECT_EQ(checked.issuer.reason(), Reason::kIssuerStockData);
}

TEST(Document, CertificateExpiredSinceIsIndeterminateUnlessTheSigningTimeIsProven) {
  Issuer issuer;
  const std::string text = issuer.make(issuer.payload()).text();
  const UtcTime later{kToday + 4000 * kDayMs};
  const auto unproven = issuer.check(text, later);
  EXPECT_EQ(unproven.issuer.verdict(), pki::Verdict::kIndeterminate);
  EXPECT_EQ(unproven.issuer.reason(), Reason::kChainExpired);
  const auto trust = issuer.world.trust(1);
  const auto proven = check_document(text, {trust, later, SigningTime::kProven, nullptr});
  EXPECT_EQ(proven.issuer.verdict(), pki::Verdict::kValid);
}

TEST(Document, KeyBindingIsOutsideTheProfile) {
  Issuer issuer;
  const std::string text = issuer.make(issuer.payload()).text();
  const auto bound = issuer.check(text + issuer.make(issuer.payload()).jwt);
  EXPECT_EQ(bound.integrity.verdict(), pki::Verdict::kIndeterminate);
  EXPECT_EQ(bound.unsupported, "key binding");
  EXPECT_EQ(issuer.check(text + "rest").integrity.verdict(), pki::Verdict::kInvalid);
}

TEST(Document, TimesBeforeNbfAndAfterExpAreFindingsOfTheirOwn) {
  const Issuer issuer;
  const auto body = [](std::string_view member) {
    return R"({"iss":"https://a.test",)" + std::string(member) + "}";
  };
  const auto header = schemas::sd_jwt_header("ES256", "dc+sd-jwt", issuer.signer->x5c);
  const auto at = std::to_string(kToday / 1000);
  const auto early =
      issuer.check(issuer.sign(header, body("\"nbf\":" + at)), UtcTime{kToday - 5000});
  EXPECT_EQ(early.time.reason(), Reason::kStatusNotYetValid);
  const auto late = issuer.check(issuer.sign(header, body("\"exp\":" + at)), UtcTime{kToday});
  EXPECT_EQ(late.time.reason(), Reason::kStatusExpired);
  EXPECT_EQ(issuer.check(issuer.sign(header, body("\"exp\":\"soon\""))).integrity.reason(),
            Reason::kSdJwtMalformed);
}

TEST(Document, GarbageIsAFindingNotAFailure) {
  const Issuer issuer;
  kits::SeededRandom random(5);
  for (const std::string text :
       {"", "~", "a~", "a.b~", "a.b.c~", "...~", "\xff\xfe~", "e30.e30.~"}) {
    EXPECT_EQ(issuer.check(text).integrity.verdict(), pki::Verdict::kInvalid) << text;
  }
  for (int i = 0; i < 200; ++i) {
    const Bytes noise = random.bytes(random.below(200));
    EXPECT_NE(issuer.check(noise).integrity.verdict(), pki::Verdict::kValid);
  }
}

}  // namespace
}  // namespace lh
