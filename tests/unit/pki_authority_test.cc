#include "pki/authority.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/kits/seeded_random.h"

namespace lh::pki {
namespace {

using crypto::Algorithm;
using crypto::PrivateKey;

constexpr UtcTime kNow{1893456000000};
constexpr UtcTime kFrom{kNow.ms - 86400000};
constexpr UtcTime kUntil{kNow.ms + 86400000};

// Everything a hub makes for itself at its first start, with keys of one kind.
class OwnAuthority : public ::testing::TestWithParam<Algorithm> {
 protected:
  PrivateKey new_key() { return PrivateKey::generate(GetParam(), random_).value(); }
  CertificateRequest request(Usage usage) const {
    CertificateRequest r;
    r.common_name = "测试系统001";
    r.organisation = "测试机构001";
    r.uscc = "91310000MA1FL0000X";
    if (usage == Usage::kTlsServer) {
      r.dns_names = {"localhost", "hub.example.cn"};
      r.ip_names = {"127.0.0.1", "::1"};
    }
    r.usage = usage;
    r.not_before = kFrom;
    r.not_after = kUntil;
    return r;
  }
  kits::SeededRandom random_{71};
  const PrivateKey root_key_ = new_key();
  const PrivateKey issuing_key_ = new_key();
  const Certificate root_ = make_root(root_key_, "测试根", kFrom, kUntil, random_).value();
  const Authority root_authority_{root_, root_key_};
  const Certificate issuing_ =
      root_authority_.issue_authority("测试签发", issuing_key_.public_key(), kFrom, kUntil, random_)
          .value();
  const Authority authority_{issuing_, issuing_key_};
};

INSTANTIATE_TEST_SUITE_P(Keys, OwnAuthority,
                         ::testing::Values(Algorithm::kEs256, Algorithm::kEd25519),
                         [](const auto& i) { return std::string(crypto::jose_name(i.param)); });

TEST_P(OwnAuthority, RenewsTheSameForTheSameKey) {
  const TrustStore trust({root_}, {}, 1);
  for (const Usage usage : {Usage::kTlsClient, Usage::kTlsServer, Usage::kSignDocument}) {
    const PrivateKey key = new_key();
    const Certificate old = authority_.issue(request(usage), key.public_key(), random_).value();
    const UtcTime later{kNow.ms + 3600000};
    const Certificate c = authority_.renew(old, kNow, later, random_).value();
    EXPECT_EQ(check_chain({c, issuing_}, trust, kNow, usage).reason(), Reason::kVerdictGood);
    EXPECT_EQ(c.public_key().value().spki(), old.public_key().value().spki());
    EXPECT_EQ(c.subject(), old.subject());
    EXPECT_EQ(c.dns_names(), old.dns_names());
    EXPECT_EQ(c.uri_names(), old.uri_names());
    EXPECT_NE(c.serial_hex(), old.serial_hex());
    EXPECT_EQ(c.not_before(), kNow);
    EXPECT_EQ(c.not_after(), later);
    EXPECT_EQ(root_authority_.renew(old, kNow, later, random_).error().reason(),
              Reason::kInputMalformed);
    EXPECT_FALSE(authority_.renew(old, later, kNow, random_).ok());
  }
}

TEST_P(OwnAuthority, WhatItSignedBeforeHoldsUnderItsRenewedCertificate) {
  const UtcTime end{kUntil.ms - 3600000};
  const Certificate renewed = root_authority_.renew(issuing_, kFrom, end, random_).value();
  const PrivateKey key = new_key();
  const Certificate c =
      authority_.issue(request(Usage::kTlsClient), key.public_key(), random_).value();
  const TrustStore trust({root_}, {}, 1);
  EXPECT_EQ(check_chain({c, renewed}, trust, kNow, Usage::kTlsClient).reason(),
            Reason::kVerdictGood);
}

TEST_P(OwnAuthority, IssuesWhatItsOwnCheckAccepts) {
  const TrustStore trust({root_}, {}, 1);
  for (const Usage usage : {Usage::kTlsClient, Usage::kTlsServer, Usage::kSignDocument}) {
    const PrivateKey key = new_key();
    const Certificate c = authority_.issue(request(usage), key.public_key(), random_).value();
    EXPECT_EQ(check_chain({c, issuing_}, trust, kNow, usage).reason(), Reason::kVerdictGood);
    EXPECT_EQ(check_chain({c, issuing_, root_}, trust, kNow, usage).verdict(), Verdict::kValid);
    EXPECT_EQ(c.public_key().value().spki(), key.public_key().spki());
    EXPECT_EQ(c.common_name(), "测试系统001");
    EXPECT_EQ(c.uri_names(), std::vector<std::string>{"urn:uscc:91310000MA1FL0000X"});
    EXPECT_EQ(c.not_before(), kFrom);
    EXPECT_EQ(c.not_after(), kUntil);
    for (const Usage other : {Usage::kTlsClient, Usage::kTlsServer, Usage::kSignDocument}) {
      if (other == usage) continue;
      EXPECT_EQ(check_chain({c, issuing_}, trust, kNow, other).verdict(), Verdict::kInvalid);
    }
  }
}

TEST_P(OwnAuthority, NeverRepeatsASerial) {
  std::set<std::string> serials{root_.serial_hex(), issuing_.serial_hex()};
  const auto key = new_key().public_key();
  for (int i = 0; i < 20; ++i) {
    const std::string serial =
        authority_.issue(request(Usage::kTlsClient), key, random_)->serial_hex();
    EXPECT_LE(serial.size(), 40U);
    EXPECT_TRUE(serials.insert(serial).second);
  }
}

TEST_P(OwnAuthority, LimitsThePath) {
  const PrivateKey lower_key = new_key();
  const Certificate lower =
      authority_.issue_authority("lower", lower_key.public_key(), kFrom, kUntil, random_).value();
  const Certificate c = Authority(lower, lower_key)
                            .issue(request(Usage::kTlsClient), new_key().public_key(), random_)
                            .value();
  const auto report =
      check_chain({c, lower, issuing_}, TrustStore({root_}, {}, 1), kNow, Usage::kTlsClient);
  EXPECT_EQ(report.reason(), Reason::kChainPathLength);
}

TEST_P(OwnAuthority, RefusesRequestsItCouldNotStandBy) {
  const auto key = new_key().public_key();
  const auto refused = [&](const CertificateRequest& r) {
    const auto c = authority_.issue(r, key, random_);
    return !c.ok() && c.error().reason() == Reason::kInputMalformed;
  };
  CertificateRequest r = request(Usage::kTlsServer);
  r.usage = Usage::kAny;
  EXPECT_TRUE(refused(r));
  for (const char* dns : {"", "a b", "a..b", "-a", "*.*.cn", "例子.cn"}) {
    r = request(Usage::kTlsServer);
    r.dns_names = {dns};
    EXPECT_TRUE(refused(r)) << dns;
  }
  for (const char* ip : {"", "1.2.3", "1.2.3.4.5", "host"}) {
    r = request(Usage::kTlsServer);
    r.ip_names = {ip};
    EXPECT_TRUE(refused(r)) << ip;
  }
  r = request(Usage::kTlsClient);
  r.common_name = std::string(65, 'a');
  EXPECT_TRUE(refused(r));
  r.common_name = "\xff";
  EXPECT_TRUE(refused(r));
  r.common_name = r.organisation = "";
  EXPECT_TRUE(refused(r));
  r = request(Usage::kTlsClient);
  r.uscc = "with space";
  EXPECT_TRUE(refused(r));
  r = request(Usage::kTlsClient);
  r.not_after = UtcTime{r.not_before.ms - 1000};
  EXPECT_TRUE(refused(r));
}

TEST_P(OwnAuthority, DoesNotIssueWithAKeyThatIsNotItsCertificates) {
  const Authority wrong(issuing_, root_key_);
  const auto c = wrong.issue(request(Usage::kTlsClient), new_key().public_key(), random_);
  ASSERT_FALSE(c.ok());
  EXPECT_EQ(c.error().reason(), Reason::kKeyMissing);
}

}  // namespace
}  // namespace lh::pki
