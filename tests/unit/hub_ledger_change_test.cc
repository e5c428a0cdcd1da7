#include "hub/ledger/change.h"

#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "tests/kits/seeded_random.h"

namespace lh::hub::ledger {
namespace {

using store::Family;

TEST(Change, ParsesAStoredValueAndRefusesAnythingElse) {
  Bytes stored(1, '\x01');
  append_be64(stored, 42);
  EXPECT_EQ(parse_stored(stored)->commit_index, 42U);
  EXPECT_EQ(parse_stored(stored)->payload, "");
  EXPECT_EQ(parse_stored(stored + "body")->payload, "body");
  EXPECT_FALSE(parse_stored(stored.substr(0, 8)).ok());
  stored[0] = '\x02';
  EXPECT_EQ(parse_stored(stored).error().reason(), Reason::kStoreCorrupt);
}

TEST(Change, RowCommitmentDoesNotDependOnTheOrderOfRows) {
  std::vector<RowWrite> rows{
      {Family::kData, "a", "1"}, {Family::kKey, "a", "1"}, {Family::kData, "b", std::nullopt}};
  const Digest one = row_commitment(row_hashes(rows));
  std::swap(rows[0], rows[2]);
  EXPECT_EQ(row_commitment(row_hashes(rows)), one);
}

TEST(Change, RowCommitmentSeesFamilyKeyValueAndDeletion) {
  const RowWrite base{Family::kData, "a", "1"};
  const Digest one = row_commitment(row_hashes({base}));
  for (const RowWrite& other :
       {RowWrite{Family::kKey, "a", "1"}, RowWrite{Family::kData, "b", "1"},
        RowWrite{Family::kData, "a", "2"}, RowWrite{Family::kData, "a", std::nullopt}}) {
    EXPECT_NE(row_commitment(row_hashes({other})), one);
  }
}

// The clause of change.h, computed by hand.
TEST(Change, RowHashesAreWhatTheHeaderSays) {
  const auto rows = row_hashes({{Family::kData, "a", "1"}});
  ASSERT_EQ(rows.size(), 1U);
  const Digest key = crypto::sha256(Bytes("\x01") + "a");
  EXPECT_TRUE(std::equal(rows[0].key.begin(), rows[0].key.end(), key.begin()));
  EXPECT_EQ(rows[0].value, crypto::sha256("1"));
  EXPECT_EQ(row_hashes({{Family::kData, "a", std::nullopt}})[0].value, Digest{});
}

TEST(Change, ManifestReadsBackAndRefusesOtherBytes) {
  kits::SeededRandom random(3);
  std::vector<RowWrite> rows;
  for (int i = 0; i < 20; ++i) rows.push_back({Family::kData, random.bytes(9), random.bytes(30)});
  const auto sorted = row_hashes(rows);
  const Bytes manifest = encode_manifest(sorted);
  EXPECT_EQ(manifest.size(), 20U * 48U);
  const auto back = decode_manifest(manifest).value();
  EXPECT_EQ(row_commitment(back), row_commitment(sorted));
  EXPECT_FALSE(decode_manifest("").ok());
  EXPECT_FALSE(decode_manifest(manifest.substr(1)).ok());
  EXPECT_FALSE(decode_manifest(manifest.substr(48) + manifest.substr(0, 48)).ok()) << "order";
  EXPECT_FALSE(decode_manifest(manifest.substr(0, 48) + manifest.substr(0, 48)).ok()) << "twice";
}

}  // namespace
}  // namespace lh::hub::ledger
