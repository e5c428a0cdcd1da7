#include "pki/trust_store.h"

#include <gtest/gtest.h>

#include "pki/chain.h"
#include "tests/kits/scratch_folder.h"
#include "tests/unit/pki_farm.h"

namespace lh::pki {
namespace {

class TrustFolder : public ::testing::Test {
 protected:
  kits::ScratchFolder folder_;
  const Certificate a_ = farm::Chain().root_certificate();
  const Certificate b_ = [] {
    farm::Chain other;
    other.root.subject = "second root";
    other.root.key = farm::key_of("P-256", 8);
    return other.root_certificate();
  }();
};

TEST_F(TrustFolder, ReadsEveryPemAndNothingElse) {
  kits::store_file(folder_ / "a.pem", "# 测试\n" + to_pem(a_));
  kits::store_file(folder_ / "b.pem", to_pem(b_));
  kits::store_file(folder_ / "readme.txt", "not a certificate");
  const TrustStore trust = TrustStore::load_dir(folder_.path()).value();
  EXPECT_EQ(trust.anchors().size(), 2U);
  EXPECT_FALSE(trust.revoked(a_));
  EXPECT_EQ(check_chain(farm::Chain().sent(), trust, farm::kNow, Usage::kTlsClient).verdict(),
            Verdict::kValid);
}

TEST_F(TrustFolder, EpochIsThatOfTheSetOfAnchors) {
  kits::store_file(folder_ / "one.pem", to_pem(a_));
  const auto one = TrustStore::load_dir(folder_.path()).value().epoch();
  kits::store_file(folder_ / "two.pem", to_pem(b_));
  const auto two = TrustStore::load_dir(folder_.path()).value().epoch();
  EXPECT_NE(one, two);
  std::filesystem::remove(folder_ / "two.pem");
  kits::store_file(folder_ / "one.pem", to_pem(b_) + to_pem(a_));
  EXPECT_EQ(TrustStore::load_dir(folder_.path()).value().epoch(), two);
}

// One bad file is not skipped: a trust folder that half works is a trap.
TEST_F(TrustFolder, RefusesAFolderWithOneBadFile) {
  kits::store_file(folder_ / "a.pem", to_pem(a_));
  kits::store_file(folder_ / "z.pem", "junk");
  const auto trust = TrustStore::load_dir(folder_.path());
  ASSERT_FALSE(trust.ok());
  EXPECT_EQ(trust.error().reason(), Reason::kChainMalformed);
  EXPECT_EQ(trust.error().detail().substr(0, 6), "z.pem:");
}

TEST_F(TrustFolder, RefusesWhatItCannotRead) {
  EXPECT_EQ(TrustStore::load_dir(folder_ / "none").error().reason(), Reason::kFileUnreadable);
  std::filesystem::create_directory(folder_ / "folder.pem");
  EXPECT_FALSE(TrustStore::load_dir(folder_.path()).ok());
}

TEST_F(TrustFolder, AnEmptyFolderTrustsNobody) {
  const TrustStore trust = TrustStore::load_dir(folder_.path()).value();
  EXPECT_TRUE(trust.anchors().empty());
  EXPECT_EQ(check_chain(farm::Chain().sent(), trust, farm::kNow, Usage::kTlsClient).reason(),
            Reason::kTrustMissing);
}

}  // namespace
}  // namespace lh::pki
