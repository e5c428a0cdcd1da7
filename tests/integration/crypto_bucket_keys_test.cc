#include "crypto/bucket_keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "tests/kits/scratch_folder.h"
#include "tests/kits/seeded_random.h"

namespace lh::crypto {
namespace {

template <class T>
Reason reason_of(const Result<T>& r) {
  return r.ok() ? Reason::kVerdictGood : r.error().reason();
}

class BucketFile : public ::testing::Test {
 protected:
  kits::ScratchFolder folder_;
  kits::SeededRandom random_{61};
  const std::string path_ = folder_ / "buckets.lhb";
  const Secret wrapping_ = Secret::copy_of(random_.bytes(32));
};

TEST_F(BucketFile, KeepsItsKeysAcrossALoad) {
  const BucketKeys made = BucketKeys::create(path_, wrapping_, random_).value();
  const BucketKeys loaded = BucketKeys::load(path_, wrapping_).value();
  std::set<Bytes> all;
  for (std::uint16_t b = 0; b < kBuckets; ++b) {
    ASSERT_EQ(loaded.key(b), made.key(b)) << b;
    ASSERT_EQ(loaded.key(b).size(), 32U);
    all.emplace(loaded.key(b));
  }
  EXPECT_EQ(all.size(), kBuckets);
  EXPECT_EQ(loaded.generation(), 1U);
  EXPECT_EQ(std::filesystem::file_size(path_), 12U + 41U + kBuckets * 32);
}

TEST_F(BucketFile, RekeyChangesOneKeyAndTheGenerationAndOverwritesTheOldFile) {
  BucketKeys keys = BucketKeys::create(path_, wrapping_, random_).value();
  const std::string old_file = kits::load_file(path_);
  std::filesystem::create_hard_link(path_, folder_ / "witness");
  const Bytes before(keys.key(77));
  const Bytes neighbour(keys.key(78));
  keys.rekey(77, random_).value();
  EXPECT_NE(keys.key(77), before);
  EXPECT_EQ(keys.key(78), neighbour);
  const BucketKeys loaded = BucketKeys::load(path_, wrapping_).value();
  EXPECT_EQ(loaded.key(77), keys.key(77));
  EXPECT_EQ(loaded.generation(), 2U);
  EXPECT_EQ(kits::load_file(folder_ / "witness"), std::string(old_file.size(), '\0'));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".old"));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(BucketFile, AFailedRekeyKeepsTheOldKey) {
  const std::string sub = folder_ / "sub";
  ASSERT_TRUE(std::filesystem::create_directory(sub));
  BucketKeys keys = BucketKeys::create(sub + "/b", wrapping_, random_).value();
  const Bytes before(keys.key(5));
  std::filesystem::remove_all(sub);
  EXPECT_EQ(reason_of(keys.rekey(5, random_)), Reason::kFileUnwritable);
  EXPECT_EQ(keys.key(5), before);
  EXPECT_EQ(keys.generation(), 1U);
}

// 132 KB: the header and the edges whole, the rest by sample.
TEST_F(BucketFile, FindsFlippedBytesAndTruncations) {
  ASSERT_TRUE(BucketKeys::create(path_, wrapping_, random_).ok());
  const std::string good = kits::load_file(path_);
  std::set<std::size_t> places{good.size() - 1, good.size() - 16, good.size() - 17};
  for (std::size_t i = 0; i < 60; ++i) places.insert(i);
  for (int i = 0; i < 60; ++i) places.insert(random_.below(good.size()));
  for (const std::size_t i : places) {
    kits::store_file(path_, kits::flipped(good, i, i % 8));
    ASSERT_EQ(reason_of(BucketKeys::load(path_, wrapping_)), Reason::kKeyFile) << i;
  }
  for (const std::size_t n : {std::size_t{0}, std::size_t{12}, good.size() - 1}) {
    kits::store_file(path_, good.substr(0, n));
    EXPECT_EQ(reason_of(BucketKeys::load(path_, wrapping_)), Reason::kKeyFile) << n;
  }
  kits::store_file(path_, good + "x");
  EXPECT_EQ(reason_of(BucketKeys::load(path_, wrapping_)), Reason::kKeyFile);
}

TEST_F(BucketFile, RefusesAnotherKeyModeOrPath) {
  ASSERT_TRUE(BucketKeys::create(path_, wrapping_, random_).ok());
  EXPECT_EQ(reason_of(BucketKeys::create(path_, wrapping_, random_)), Reason::kStoreExists);
  const Secret other = Secret::copy_of(random_.bytes(32));
  EXPECT_EQ(reason_of(BucketKeys::load(path_, other)), Reason::kKeyFile);
  EXPECT_EQ(reason_of(BucketKeys::load(path_, Secret::copy_of("short"))), Reason::kKeyMissing);
  EXPECT_EQ(reason_of(BucketKeys::load(folder_ / "none", wrapping_)), Reason::kKeyMissing);
  ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
  EXPECT_EQ(reason_of(BucketKeys::load(path_, wrapping_)), Reason::kKeyFile);
}

// While the new file does not open, the old generation may be all there is.
TEST_F(BucketFile, ADamagedFileDoesNotCostTheOldOne) {
  ASSERT_TRUE(BucketKeys::create(path_, wrapping_, random_).ok());
  kits::store_file(path_ + ".old", kits::load_file(path_));
  kits::store_file(path_, kits::flipped(kits::load_file(path_), 100));
  EXPECT_EQ(reason_of(BucketKeys::load(path_, wrapping_)), Reason::kKeyFile);
  EXPECT_TRUE(std::filesystem::exists(path_ + ".old"));
}

TEST_F(BucketFile, InMemoryTouchesNoDisk) {
  BucketKeys keys = BucketKeys::in_memory(random_);
  keys.rekey(0, random_).value();
  EXPECT_EQ(keys.generation(), 2U);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST(BucketOf, TakesTheTopTwelveBits) {
  EXPECT_EQ(BucketKeys::bucket_of(0), 0U);
  EXPECT_EQ(BucketKeys::bucket_of(0x000FFFFFFFFFFFFFU), 0U);
  EXPECT_EQ(BucketKeys::bucket_of(0x0010000000000000U), 1U);
  EXPECT_EQ(BucketKeys::bucket_of(~std::uint64_t{0}), 4095U);
}

TEST_F(BucketFile, StopsOnABucketThatDoesNotExist) {
  const BucketKeys keys = BucketKeys::in_memory(random_);
  EXPECT_DEATH(static_cast<void>(keys.key(4096)), "bucket number");
}

}  // namespace
}  // namespace lh::crypto
