#include "pki/chain.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "tests/kits/seeded_random.h"
#include "tests/unit/pki_farm.h"

namespace lh::pki {
namespace {

using farm::Chain;
using farm::kNow;

class ChainCheck : public ::testing::Test {
 protected:
  VerifyReport check(const std::vector<Certificate>& sent, const TrustStore& trust) {
    return check_chain(sent, trust, kNow, Usage::kTlsClient);
  }
  TrustStore trusting(const Certificate& anchor) const { return TrustStore({anchor}, {}, 1); }
  Chain chain_;
};

void expect(const VerifyReport& r, Verdict verdict, Reason reason) {
  EXPECT_EQ(r.verdict(), verdict);
  EXPECT_EQ(reason_id(r.reason()), reason_id(reason));
}

TEST_F(ChainCheck, IsValidWithAndWithoutTheAnchorInTheChain) {
  const TrustStore trust = trusting(chain_.root_certificate());
  auto sent = chain_.sent();
  expect(check(sent, trust), Verdict::kValid, Reason::kVerdictGood);
  sent.push_back(trust.anchors()[0]);
  expect(check(sent, trust), Verdict::kValid, Reason::kVerdictGood);
}

TEST_F(ChainCheck, IsValidDirectlyUnderAnAnchor) {
  const Certificate issuing = chain_.issuing_certificate();
  expect(check({chain_.leaf_certificate()}, trusting(issuing)), Verdict::kValid,
         Reason::kVerdictGood);
}

TEST_F(ChainCheck, IsUndecidedWithoutAnAnchor) {
  expect(check(chain_.sent(), TrustStore()), Verdict::kIndeterminate, Reason::kTrustMissing);
  expect(check({chain_.leaf_certificate()}, trusting(chain_.root_certificate())),
         Verdict::kIndeterminate, Reason::kTrustMissing);
  auto whole = chain_.sent();
  whole.push_back(chain_.root_certificate());
  expect(check(whole, TrustStore()), Verdict::kIndeterminate, Reason::kTrustMissing);
}

TEST_F(ChainCheck, IsInvalidRatherThanUndecidedWhenSomethingElseIsWrong) {
  chain_.leaf.not_after = kNow.plus_ms(-farm::kDay);
  expect(check(chain_.sent(), TrustStore()), Verdict::kInvalid, Reason::kChainExpired);
}

// An anchor of the same name: with no word on the key it is a forgery; a chain that asks for
// another key of that name cannot be decided here.
TEST_F(ChainCheck, TellsAForgeryFromAnotherKeyOfTheAnchor) {
  Chain other;
  other.root.key = farm::key_of("P-256", 8);
  other.root.set("subjectKeyIdentifier", "hash");
  const TrustStore trust = trusting(other.root_certificate());
  expect(check(chain_.sent(), trust), Verdict::kInvalid, Reason::kChainSignature);
  chain_.issuing.set("authorityKeyIdentifier", "keyid");
  expect(check(chain_.sent(), trust), Verdict::kIndeterminate, Reason::kTrustMissing);
}

TEST_F(ChainCheck, FindsTheRightOneOfTwoAnchorsOfOneName) {
  Chain other;
  other.root.key = farm::key_of("P-256", 8);
  const Certificate a = other.root_certificate();
  const Certificate b = chain_.root_certificate();
  expect(check(chain_.sent(), TrustStore({a, b}, {}, 1)), Verdict::kValid, Reason::kVerdictGood);
  expect(check(chain_.sent(), TrustStore({b, a}, {}, 1)), Verdict::kValid, Reason::kVerdictGood);
}

TEST_F(ChainCheck, RefusesAnAnchorAlone) {
  const Certificate root = chain_.root_certificate();
  expect(check({root}, trusting(root)), Verdict::kInvalid, Reason::kChainCaAsLeaf);
  const Certificate leaf = chain_.leaf_certificate();
  expect(check({leaf}, trusting(leaf)), Verdict::kInvalid, Reason::kChainNotCa);
}

TEST_F(ChainCheck, RefusesASelfSignedLeafUnderNoAnchor) {
  chain_.leaf_issuer = chain_.leaf.subject;
  chain_.leaf_signer = chain_.leaf.key;
  expect(check({chain_.leaf_certificate()}, trusting(chain_.root_certificate())),
         Verdict::kIndeterminate, Reason::kTrustMissing);
}

TEST_F(ChainCheck, RefusesAWrongOrder) {
  const TrustStore trust = trusting(chain_.root_certificate());
  const auto sent = chain_.sent();
  EXPECT_EQ(check({sent[1], sent[0]}, trust).verdict(), Verdict::kInvalid);
  EXPECT_EQ(check({sent[0], trust.anchors()[0], sent[1]}, trust).verdict(), Verdict::kInvalid);
  expect(check({sent[0], sent[1], sent[1]}, trust), Verdict::kInvalid, Reason::kChainOrder);
  const Certificate root = trust.anchors()[0];
  expect(check({sent[0], sent[1], root, root}, trust), Verdict::kInvalid, Reason::kChainOrder);
}

TEST_F(ChainCheck, RefusesNothingAndTooMuch) {
  const TrustStore trust = trusting(chain_.root_certificate());
  expect(check({}, trust), Verdict::kInvalid, Reason::kChainEmpty);
  const std::vector<Certificate> many(limits::kChainCertificates + 1, chain_.leaf_certificate());
  expect(check(many, trust), Verdict::kInvalid, Reason::kChainTooLong);
}

TEST_F(ChainCheck, RefusesWhatTheTrustStoreRevoked) {
  const Certificate root = chain_.root_certificate();
  const auto sent = chain_.sent();
  for (const Certificate& c : {sent[0], sent[1], root}) {
    const TrustStore trust({root}, {c.fingerprint()}, 2);
    expect(check(sent, trust), Verdict::kInvalid, Reason::kChainRevoked);
  }
}

// A second authority below issuing, whose path length is 0.
TEST_F(ChainCheck, RefusesAnAuthorityBelowPathLengthZero) {
  Chain lower;
  lower.issuing.subject = "lower";
  lower.issuing.key = farm::key_of("P-256", 5);
  lower.issuing_issuer = "issuing";
  lower.issuing_signer = chain_.issuing.key;
  lower.leaf_issuer = "lower";
  lower.leaf_signer = lower.issuing.key;
  chain_.root.set("basicConstraints", "critical,CA:TRUE");
  auto sent = lower.sent();
  sent.push_back(chain_.issuing_certificate());
  const TrustStore trust = trusting(chain_.root_certificate());
  expect(check(sent, trust), Verdict::kInvalid, Reason::kChainPathLength);
  chain_.issuing.set("basicConstraints", "critical,CA:TRUE,pathlen:1");
  sent.back() = chain_.issuing_certificate();
  expect(check(sent, trust), Verdict::kValid, Reason::kVerdictGood);
}

// ecdsa-with-SHA256 has no parameters (RFC 5758 3.2); OpenSSL would read a NULL there.
TEST_F(ChainCheck, RefusesParametersOfTheSignatureAlgorithm) {
  const Bytes plain = parse_hex("300a06082a8648ce3d040302").value();
  const Bytes with_null = parse_hex("300c06082a8648ce3d0403020500").value();
  Bytes der = chain_.leaf_certificate().der();
  der.replace(der.rfind(plain), plain.size(), with_null);
  const auto length = static_cast<std::uint16_t>(read_be16(ByteView(der).substr(2)) + 2);
  Bytes octets;
  append_be16(octets, length);
  der.replace(2, 2, octets);
  const Certificate leaf = Certificate::from_der(der).value();
  const auto r = check({leaf, chain_.issuing_certificate()}, trusting(chain_.root_certificate()));
  const bool found = std::any_of(r.findings().begin(), r.findings().end(), [](const Finding& f) {
    return f.reason == Reason::kAlgorithmRefused && f.where == "certificate[0].signatureAlgorithm";
  });
  EXPECT_TRUE(found);
}

TEST_F(ChainCheck, NamesAllThatIsWrong) {
  chain_.leaf.serial = "0";
  chain_.leaf.not_after = kNow.plus_ms(-farm::kDay);
  chain_.issuing.drop("keyUsage");
  const VerifyReport r = check(chain_.sent(), trusting(chain_.root_certificate()));
  EXPECT_EQ(r.findings().size(), 3U);
}

// Whatever byte of either certificate is changed: unreadable, or not valid.
TEST_F(ChainCheck, NeverAcceptsAFlippedByte) {
  const TrustStore trust = trusting(chain_.root_certificate());
  const auto sent = chain_.sent();
  for (std::size_t which = 0; which < sent.size(); ++which) {
    const Bytes good = sent[which].der();
    for (std::size_t i = 0; i < good.size(); ++i) {
      const Result<Certificate> bad = Certificate::from_der(kits::flipped(good, i, i % 8));
      if (!bad.ok()) {
        EXPECT_EQ(bad.error().reason(), Reason::kChainMalformed);
        continue;
      }
      auto chain = sent;
      chain[which] = *bad;
      ASSERT_NE(check(chain, trust).verdict(), Verdict::kValid) << which << " byte " << i;
    }
  }
}

}  // namespace
}  // namespace lh::pki
