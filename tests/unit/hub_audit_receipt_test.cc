#include <gtest/gtest.h>

#include "hub/audit/receipt.h"
#include "tests/kits/audit_kit.h"

namespace lh {
namespace {

using hub::audit::parse_receipt;
using hub::audit::verify_receipt;
using kits::AuditHub;

class AuditReceipt : public testing::Test {
 protected:
  void SetUp() override {
    hub_.open_ledger();
    const auto subject = hub_.subject(kits::test_person(1));
    for (int i = 0; i < 20; ++i) {
      hub::audit::EntryFacts f;
      f.event = schemas::AuditEvent::kFetched;
      f.subjects = {subject};
      const auto recorded = hub_.commit(f).value();
      texts_.push_back(hub::audit::receipt_json(kits::kToyOrigin, recorded[0]));
    }
  }
  Status check(std::string_view text) {
    const auto receipt = parse_receipt(text);
    if (!receipt.ok()) return receipt.error();
    return verify_receipt(*receipt, {hub_.note_key()});
  }
  AuditHub hub_;
  std::vector<std::string> texts_;
};

TEST_F(AuditReceipt, EveryReceiptVerifies) {
  for (const auto& text : texts_) EXPECT_TRUE(check(text).ok());
}

TEST_F(AuditReceipt, NoByteCanBeFlipped) {
  const std::string& good = texts_[12];
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const std::size_t bit : {0U, 1U, 5U}) {
      const std::string bad = kits::flipped(good, i, bit);
      EXPECT_FALSE(check(bad).ok()) << "byte " << i << " bit " << bit;
    }
  }
}

TEST_F(AuditReceipt, ProofOfAnotherEntryDoesNotDo) {
  auto one = parse_receipt(texts_[3]).value();
  const auto two = parse_receipt(texts_[4]).value();
  one.proof = two.proof;
  EXPECT_EQ(verify_receipt(one, {hub_.note_key()}).error().reason(), Reason::kProofInvalid);
  one.index = two.index;
  EXPECT_EQ(verify_receipt(one, {hub_.note_key()}).error().reason(), Reason::kProofInvalid);
}

TEST_F(AuditReceipt, AnotherHubsKeyDoesNotDo) {
  kits::SeededRandom random(99);
  const auto key = crypto::PrivateKey::generate(crypto::Algorithm::kEd25519, random).value();
  const auto other = crypto::make_note_key(kits::kToyOrigin, key.public_key()).value();
  const auto receipt = parse_receipt(texts_[0]).value();
  EXPECT_EQ(verify_receipt(receipt, {other}).error().reason(), Reason::kTrustMissing);
  EXPECT_EQ(verify_receipt(receipt, {}).error().reason(), Reason::kTrustMissing);
}

TEST_F(AuditReceipt, IsReadStrictly) {
  EXPECT_FALSE(parse_receipt("{}").ok());
  EXPECT_FALSE(parse_receipt("[]").ok());
  std::string more = texts_[0];
  more.insert(1, "\"more\":1,");
  EXPECT_EQ(parse_receipt(more).error().reason(), Reason::kJsonUnknownMember);
  EXPECT_EQ(parse_receipt(R"({"log":"a","index":-1,"entry":"","proof":""})").error().reason(),
            Reason::kProofMalformed);
  EXPECT_EQ(parse_receipt(R"({"log":"a","index":1,"entry":"A","proof":""})").error().reason(),
            Reason::kProofMalformed);
}

}  // namespace
}  // namespace lh
