// The full check and the checks at start: every kind of damage in the store is found and named.
#include "hub/ledger/fsck.h"

#include <gtest/gtest.h>

#include "hub/ledger/log/check.h"
#include "hub/ledger/log/keys.h"
#include "hub/store/memory_store.h"
#include "tests/kits/ledger_kit.h"

namespace lh::hub::ledger {
namespace {

using kits::toy_tag;
using store::Family;

// 600 entries, 200 of them with two rows, one row deleted again; all with chains.
class DamagedLog : public testing::Test {
 protected:
  DamagedLog() {
    const auto ledger = open().value();
    for (int i = 0; i < 600; ++i) {
      auto change = kits::toy_change("p", {toy_tag(static_cast<std::uint64_t>(i % 5))},
                                     {{1, toy_tag(static_cast<std::uint64_t>(i % 5))}});
      if (i % 3 == 0) {
        kits::add_row(change, "a" + std::to_string(i), "value");
        kits::add_row(change, "b" + std::to_string(i), "value");
      }
      if (i == 100) {
        change.rows.push_back({Family::kData, "a0", std::nullopt});
      }
      EXPECT_TRUE(ledger->commit(std::move(change)).ok());
    }
  }
  Result<std::unique_ptr<Ledger>> open() {
    return Ledger::open(*store_, kits::toy_settings(), key_, clock_,
                        std::make_unique<kits::ToyDraft>("genesis"));
  }
  std::vector<std::string> check() const {
    const auto vkey = crypto::make_note_key(kits::kToyOrigin, key_.public_key()).value();
    std::vector<std::string> out;
    const FsckReport report = fsck(*store_, "", {vkey}, kits::ToyReader(), nullptr).value();
    for (const FsckFinding& f : report.findings) {
      out.push_back(std::string(reason_id(f.reason)) + " " + f.where);
    }
    return out;
  }
  Bytes get(Family family, const Bytes& key) const {
    return store_->latest().find(store::OpenKey{family, key}).value().value();
  }
  void put(Family family, const Bytes& key, const Bytes& value) {
    ASSERT_TRUE(store_->commit({{{family, key, value}}, {}}, {}).ok());
  }
  void remove(Family family, const Bytes& key) {
    ASSERT_TRUE(store_->commit({{}, {{family, key}}}, {}).ok());
  }
  void flip(Family family, const Bytes& key, std::size_t at) {
    put(family, key, kits::flipped(get(family, key), at));
  }
  kits::FakeClock clock_;
  crypto::PrivateKey key_ = kits::toy_key();
  std::unique_ptr<store::Store> store_ = store::make_memory_store();
};

using Names = std::vector<std::string>;

TEST_F(DamagedLog, AcceptsAGoodLog) {
  EXPECT_EQ(check(), Names{});
}

TEST_F(DamagedLog, NamesAMissingEntry) {
  remove(Family::kAudit, log::entry_key(123));
  EXPECT_EQ(check().front(), "ledger.gap entry 123");
}

TEST_F(DamagedLog, FindsAFlippedByteOfAnEntry) {
  const Bytes key = log::entry_key(50);
  const Bytes good = get(Family::kAudit, key);
  for (std::size_t i = 0; i < good.size(); i += 3) {
    put(Family::kAudit, key, kits::flipped(good, i));
    ASSERT_FALSE(check().empty()) << i;
  }
}

TEST_F(DamagedLog, NamesADamagedTile) {
  flip(Family::kTile, log::tile_key(0, 1), 5000);
  EXPECT_EQ(check(), Names{"ledger.root tile 0/1"});
}

TEST_F(DamagedLog, NamesAChangedMissingOrForeignRow) {
  flip(Family::kData, "b3", 10);
  remove(Family::kData, "a6");
  put(Family::kData, "zz", get(Family::kData, "a9"));
  const Names found = check();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0], "ledger.rows row data/" + to_hex("b3"));
  EXPECT_EQ(found[1], "ledger.rows row data/" + to_hex("zz"));
  EXPECT_TRUE(found[2].starts_with("ledger.rows entry 7: a row is missing")) << found[2];
}

TEST_F(DamagedLog, NamesARowThatCameBackFromDeletion) {
  const Bytes row = get(Family::kData, "b0");
  put(Family::kData, "a0", row);
  EXPECT_EQ(check(), Names{"ledger.rows row data/" + to_hex("a0")});
}

TEST_F(DamagedLog, NamesADamagedManifest) {
  flip(Family::kAudit, log::manifest_key(4), 3);
  const Names found = check();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0], "ledger.rows entry 4: manifest");
}

TEST_F(DamagedLog, NamesABrokenChainHead) {
  flip(Family::kState, log::chain_key(toy_tag(2)), 7);
  EXPECT_EQ(check(), Names{"ledger.gap head of chain " + to_hex(view(toy_tag(2)))});
  remove(Family::kState, log::chain_key(toy_tag(2)));
  EXPECT_TRUE(check().front().ends_with("no head of its chain"));
}

TEST_F(DamagedLog, NamesADamagedTreeStateAndCheckpoint) {
  flip(Family::kState, Bytes(log::kTreeState), 40);
  EXPECT_EQ(check(), Names{"ledger.root the stored tree state"});
  flip(Family::kState, Bytes(log::kTreeState), 40);
  const Bytes note = get(Family::kState, Bytes(log::kReleased));
  for (std::size_t i = 0; i < note.size(); i += 23) {
    put(Family::kState, Bytes(log::kReleased), kits::flipped(note, i));
    ASSERT_FALSE(check().empty()) << i;
  }
}

// What the start itself notices without reading the whole log.
TEST_F(DamagedLog, RefusesToStartOnALogThatIsNotWhatWasPromised) {
  const auto reason = [&] { return open().error().reason(); };
  const Bytes state = get(Family::kState, Bytes(log::kTreeState));
  remove(Family::kAudit, log::entry_key(600));
  EXPECT_EQ(reason(), Reason::kLedgerGap);
  EXPECT_EQ(open().error().detail(), "entry 600");
  put(Family::kAudit, log::entry_key(600), "other");
  EXPECT_EQ(reason(), Reason::kLedgerRoot);
  remove(Family::kState, Bytes(log::kTreeState));
  EXPECT_FALSE(open().ok());
  put(Family::kState, Bytes(log::kTreeState), state.substr(0, 12));
  EXPECT_EQ(reason(), Reason::kStoreCorrupt);
  put(Family::kState, Bytes(log::kTreeState), kits::flipped(state, 0));
  EXPECT_EQ(reason(), Reason::kStoreFormat);
}

TEST_F(DamagedLog, RefusesToStartWithAnotherKey) {
  kits::SeededRandom random(8);
  const auto other = crypto::PrivateKey::generate(crypto::Algorithm::kEd25519, random).value();
  const auto opened = Ledger::open(*store_, kits::toy_settings(), other, clock_, nullptr);
  EXPECT_EQ(opened.error().reason(), Reason::kLedgerRoot);
}

TEST_F(DamagedLog, RefusesToStartBehindEntriesNobodyAccountsFor) {
  put(Family::kAudit, log::entry_key(601), "x");
  EXPECT_EQ(open().error().reason(), Reason::kStoreCorrupt);
}

// With little memory the same is found, part after part.
TEST_F(DamagedLog, ChecksInPartsWhatDoesNotFitIntoMemory) {
  std::size_t findings = 0;
  const log::Report count = [&](Reason, const std::string&) { ++findings; };
  const auto snapshot = store_->snapshot();
  kits::SeededRandom random(12);
  std::vector<log::ChainCheck::Step> steps;
  for (std::uint64_t tag = 1000; tag < 1200; ++tag) {
    for (std::uint64_t s = 1; s <= 3; ++s) {
      steps.push_back({toy_tag(tag), s, s == 1 ? 0 : tag * 10 + s - 1, tag * 10 + s});
    }
    put(Family::kState, log::chain_key(toy_tag(tag)), log::encode_head({3, tag * 10 + 3}));
  }
  for (std::uint64_t t = 0; t < 5; ++t) remove(Family::kState, log::chain_key(toy_tag(t)));
  remove(Family::kState, log::chain_key(toy_tag(1100)));  // three steps without a head
  const auto after = store_->snapshot();
  log::Part part;
  unsigned rounds = 0;
  for (bool more = true; more; ++rounds) {
    log::ChainCheck chains(part, 64);
    for (const auto& step : steps) chains.add(step);
    part = chains.finish(*after, count).value();
    more = part.number + 1 < part.count();
    part.number += 1;
  }
  EXPECT_GT(rounds, 4U);
  EXPECT_EQ(findings, 3U);
}

}  // namespace
}  // namespace lh::hub::ledger
