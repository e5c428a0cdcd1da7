#include "pki/certificate.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/limits.h"
#include "crypto/digest.h"
#include "pki/der.h"
#include "tests/unit/pki_farm.h"

namespace lh::pki {
namespace {

using farm::Chain;

Reason reason_of(const Result<Certificate>& r) {
  return r.ok() ? Reason::kVerdictGood : r.error().reason();
}

TEST(Certificate, SaysWhatItHolds) {
  Chain chain;
  chain.leaf.subject = "测试企业001";
  chain.leaf.serial = "0102ff";
  const Certificate c = chain.leaf_certificate();
  EXPECT_EQ(c.common_name(), "测试企业001");
  EXPECT_EQ(c.subject(), "CN=测试企业001");
  EXPECT_EQ(c.issuer(), "CN=issuing");
  EXPECT_EQ(c.serial_hex(), "0102ff");
  EXPECT_EQ(c.not_before(), chain.leaf.not_before);
  EXPECT_EQ(c.not_after(), chain.leaf.not_after);
  EXPECT_EQ(c.dns_names(), std::vector<std::string>{"hub.example.cn"});
  EXPECT_EQ(c.uri_names(), std::vector<std::string>{"urn:uscc:91310000MA1FL0000X"});
  EXPECT_EQ(c.fingerprint(), crypto::sha256(c.der()));
  EXPECT_EQ(c.public_key().value().algorithm(), crypto::Algorithm::kEs256);
}

// RFC 9525: the common name is no server name, even when it looks like one.
TEST(Certificate, NeverTakesTheCommonNameForADnsName) {
  Chain chain;
  chain.leaf.subject = "hub.example.cn";
  chain.leaf.drop("subjectAltName");
  EXPECT_TRUE(chain.leaf_certificate().dns_names().empty());
}

TEST(Certificate, KeepsControlCharactersOfNamesEscaped) {
  Chain chain;
  chain.leaf.subject = "a\nCN=b";
  EXPECT_EQ(chain.leaf_certificate().subject().find('\n'), std::string::npos);
}

TEST(Certificate, RefusesTruncationsTrailingBytesAndSize) {
  const Bytes der = Chain().leaf_certificate().der();
  for (std::size_t n = 0; n < der.size(); ++n) {
    ASSERT_EQ(reason_of(Certificate::from_der(ByteView(der).substr(0, n))),
              Reason::kChainMalformed);
  }
  EXPECT_EQ(reason_of(Certificate::from_der(der + '\0')), Reason::kChainMalformed);
  EXPECT_EQ(reason_of(Certificate::from_der(der + der)), Reason::kChainMalformed);
  EXPECT_EQ(reason_of(Certificate::from_der(Bytes(limits::kCertificateBytes + 1, '0'))),
            Reason::kChainMalformed);
}

// 30 82 LL LL … as 30 83 00 LL LL …: BER that OpenSSL reads and DER forbids.
TEST(Certificate, RefusesALengthThatIsNotTheShortest) {
  const Bytes der = Chain().leaf_certificate().der();
  ASSERT_EQ(der.substr(0, 2), "\x30\x82");
  const Bytes longer = Bytes("\x30\x83\x00", 3) + der.substr(2);
  EXPECT_EQ(reason_of(Certificate::from_der(longer)), Reason::kChainMalformed);
  const Bytes indefinite = Bytes("\x30\x80", 2) + der.substr(4) + Bytes(2, '\0');
  EXPECT_EQ(reason_of(Certificate::from_der(indefinite)), Reason::kChainMalformed);
}

TEST(Certificate, GivesItsKeyToManyThreads) {
  const Certificate c = Chain().leaf_certificate();
  const Bytes spki = Certificate::from_der(c.der()).value().public_key().value().spki();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] { EXPECT_EQ(c.public_key().value().spki(), spki); });
  }
  for (auto& t : threads) t.join();
}

TEST(Pem, SurvivesItsText) {
  const auto sent = Chain().sent();
  const std::string text = "# leaf\n" + to_pem(sent[0]) + "\n \t\n# issuer\r\n" + to_pem(sent[1]);
  const auto again = parse_pem_chain(text).value();
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].der(), sent[0].der());
  EXPECT_EQ(again[1].der(), sent[1].der());
}

TEST(Pem, ReadsCarriageReturns) {
  std::string text;
  for (const char c : to_pem(Chain().leaf_certificate())) {
    if (c == '\n') text += '\r';
    text += c;
  }
  EXPECT_EQ(parse_pem_chain(text).value().size(), 1U);
}

TEST(Pem, RefusesAnythingElse) {
  const std::string good = to_pem(Chain().leaf_certificate());
  const std::string kBad[] = {
      "junk\n" + good,
      good + "junk",
      good.substr(0, good.size() - 30),
      good.substr(1),
      "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
      "-----BEGIN CERTIFICATE-----\n",
      "-----BEGIN CERTIFICATE-----",
      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + good,
      "-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----\n",
      std::string((1U << 20U) + 1, '\n'),
  };
  for (const auto& text : kBad) {
    const auto chain = parse_pem_chain(text);
    ASSERT_FALSE(chain.ok()) << text.substr(0, 60);
    EXPECT_EQ(chain.error().reason(), Reason::kChainMalformed);
  }
  EXPECT_EQ(parse_pem_chain("# nothing\n").error().reason(), Reason::kChainEmpty);
}

TEST(X5c, ReadsStandardBase64InOrder) {
  const auto sent = Chain().sent();
  const auto again = parse_x5c({to_base64(sent[0].der()), to_base64(sent[1].der())}).value();
  EXPECT_EQ(again[1].fingerprint(), sent[1].fingerprint());
  EXPECT_EQ(parse_x5c({}).error().reason(), Reason::kChainEmpty);
  EXPECT_EQ(parse_x5c({to_base64url(sent[0].der())}).error().reason(), Reason::kChainMalformed);
  EXPECT_EQ(parse_x5c({"=" + to_base64(sent[0].der())}).error().reason(), Reason::kChainMalformed);
  const std::vector<std::string> many(9, to_base64(sent[0].der()));
  EXPECT_EQ(parse_x5c(many).error().reason(), Reason::kChainTooLong);
}

struct DerCase {
  const char* name;
  const char* hex;
  bool good;
};
constexpr DerCase kDer[] = {
    {"Null", "0500", true},
    {"NullWithContent", "050100", false},
    {"Empty", "", false},
    {"TagOnly", "05", false},
    {"BytesAfter", "050000", false},
    {"SequenceOfNothing", "3000", true},
    {"PrimitiveSequence", "1000", false},
    {"True", "0101FF", true},
    {"TrueOtherwise", "010101", false},
    {"False", "010100", true},
    {"IntegerZero", "020100", true},
    {"IntegerEmpty", "0200", false},
    {"IntegerPadded", "02020001", false},
    {"IntegerPaddedNegative", "0202FF80", false},
    {"Integer128", "02020080", true},
    {"BitStringWithBitsUnused", "03020780", true},
    {"BitStringWithUnusedBitsSet", "03020781", false},
    {"BitStringOfEightUnused", "03020800", false},
    {"BitStringEmpty", "0300", false},
    {"OidCut", "060280", false},
    {"LengthIndefinite", "30800000", false},
    {"LengthLongForShort", "308100", false},
    {"LengthWithLeadingZero", "30820080", false},
    {"LengthBeyondTheEnd", "3003020100ff", false},
    {"LengthBeyondTheEndInside", "3002020100", false},
    {"TagInSeveralOctets", "1F0100", false},
    {"ConstructedOctetString", "2403040100", false},
    {"ContextConstructed", "A003020100", true},
    {"ContextPrimitiveHoldsAnything", "8002FFFF", true},
    {"DepthSixteen", "301e301c301a30183016301430123010300e300c300a300830063004300230003000", false},
};

class Der : public ::testing::TestWithParam<DerCase> {};
void PrintTo(const DerCase& c, std::ostream* out) {
  *out << c.name;
}
INSTANTIATE_TEST_SUITE_P(Values, Der, ::testing::ValuesIn(kDer),
                         [](const auto& i) { return std::string(i.param.name); });
TEST_P(Der, IsOneValueInItsOnlyForm) {
  EXPECT_EQ(check_der(parse_hex(GetParam().hex).value()).ok(), GetParam().good);
}

TEST(DerDepth, IsLimited) {
  Bytes nested("\x05\x00", 2);
  for (int i = 0; i < 16; ++i)
    nested = Bytes(1, '\x30') + static_cast<char>(nested.size()) + nested;
  EXPECT_TRUE(check_der(nested).ok());
  nested = Bytes(1, '\x30') + static_cast<char>(nested.size()) + nested;
  EXPECT_FALSE(check_der(nested).ok());
}

}  // namespace
}  // namespace lh::pki
