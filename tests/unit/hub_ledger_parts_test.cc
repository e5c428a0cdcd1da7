// The parts of hub/ledger/log: tree, clock guard, derived index, the view of the sequencer.
#include <gtest/gtest.h>

#include <map>

#include "hub/ledger/log/clock_guard.h"
#include "hub/ledger/log/postings.h"
#include "hub/ledger/log/tree.h"
#include "hub/ledger/log/unwritten.h"
#include "hub/store/memory_store.h"
#include "tests/kits/ledger_kit.h"

namespace lh::hub::ledger::log {
namespace {

Digest leaf(std::uint64_t i) {
  return crypto::leaf_hash(std::to_string(i));
}

// Grows a tree as the ledger does: entries and full tiles reach the store after each step.
class GrowingTree {
 public:
  GrowingTree() : store_(store::make_memory_store()), tree_(*store_) {}
  void grow(std::uint64_t count) {
    std::vector<Digest> leaves;
    store::Batch batch;
    for (std::uint64_t i = 0; i < count; ++i, ++size_) {
      leaves.push_back(leaf(size_));
      frontier_.append(leaves.back());
      batch.puts.push_back({store::Family::kAudit, entry_key(size_), std::to_string(size_)});
    }
    for (const FullTile& tile : tree_.append(leaves)) {
      batch.puts.push_back({store::Family::kTile, tile_key(tile.level, tile.index), tile.hashes});
    }
    ASSERT_TRUE(store_->commit(batch, store::Durability::kBuffered).ok());
  }
  std::unique_ptr<store::Store> store_;
  LogTree tree_;
  crypto::Frontier frontier_;
  std::uint64_t size_ = 0;
};

void expect_proofs(const LogTree& tree, std::uint64_t size, std::uint64_t step) {
  const TreeEdge edge = tree.edge(size).value();
  for (std::uint64_t i = 0; i < size; i += step) {
    const auto path = tree.inclusion(i, edge);
    ASSERT_TRUE(path.ok()) << i << " of " << size << " " << path.error().describe();
    ASSERT_TRUE(crypto::verify_inclusion(i, size, leaf(i), *path, LogTree::root(edge)).ok())
        << i << " of " << size;
  }
}

TEST(LogTree, RootAndFrontierAreThoseOfTheFrontierRoom) {
  GrowingTree t;
  for (int i = 0; i < 600; ++i) {
    t.grow(1);
    const TreeEdge edge = t.tree_.edge(t.size_).value();
    ASSERT_EQ(LogTree::root(edge), t.frontier_.root()) << i;
    ASSERT_EQ(LogTree::frontier(edge), t.frontier_.encode()) << i;
  }
}

TEST(LogTree, EveryProofVerifiesAtEverySizeUpTo300) {
  GrowingTree t;
  for (int i = 0; i < 300; ++i) {
    t.grow(1);
    expect_proofs(t.tree_, t.size_, 1);
  }
}

TEST(LogTree, ProofsVerifyAfterForgettingAndAfterLoading) {
  GrowingTree t;
  kits::SeededRandom random(5);
  while (t.size_ < 70'000) {
    t.grow(1 + random.below(9000));
    t.tree_.trim(t.size_ - random.below(std::min<std::uint64_t>(t.size_, 3000)));
    expect_proofs(t.tree_, t.size_, 7919);
    LogTree loaded(*t.store_);
    ASSERT_TRUE(loaded.load(t.size_).ok());
    const TreeEdge edge = loaded.edge(t.size_).value();
    ASSERT_EQ(LogTree::frontier(edge), t.frontier_.encode());
    expect_proofs(loaded, t.size_, 9973);
  }
  expect_proofs(t.tree_, 65'536, 4099);  // an older tree, complete tiles only
  expect_proofs(t.tree_, 65'537, 4099);
}

TEST(LogTree, GoesOnFromWhatItLoaded) {
  for (const std::uint64_t size : {1U, 255U, 256U, 257U, 65'535U, 65'536U}) {
    GrowingTree t;
    t.grow(size);
    LogTree loaded(*t.store_);
    ASSERT_TRUE(loaded.load(size).ok());
    std::vector<Digest> more;
    for (std::uint64_t i = size; i < size + 300; ++i) more.push_back(leaf(i));
    const auto tiles = loaded.append(more);
    t.grow(300);
    EXPECT_EQ(LogTree::root(loaded.edge(size + 300).value()), t.frontier_.root()) << size;
    EXPECT_FALSE(tiles.empty()) << size;
  }
}

TEST(LogTree, ConsistencyProofsVerifyBetweenAllSizes) {
  GrowingTree t;
  t.grow(70);
  for (std::uint64_t n = 1; n <= 70; ++n) {
    for (std::uint64_t m = 1; m <= n; ++m) {
      const auto proof = t.tree_.consistency(m, n).value();
      ASSERT_TRUE(crypto::verify_consistency(m, n, proof, LogTree::root(t.tree_.edge(m).value()),
                                             LogTree::root(t.tree_.edge(n).value()))
                      .ok());
    }
  }
}

TEST(LogTree, TilesAreServedFullAndPartialAndNeverBeyondTheSize) {
  GrowingTree t;
  t.grow(700);
  EXPECT_EQ(t.tree_.tile(0, 0, 256, 700)->size(), 8192U);
  EXPECT_EQ(t.tree_.tile(0, 2, 188, 700)->size(), 188U * 32U);
  EXPECT_EQ(t.tree_.tile(1, 0, 2, 700)->size(), 64U);
  EXPECT_EQ(t.tree_.tile(0, 2, 188, 700)->substr(0, 32), view(leaf(512)));
  for (const auto& [level, index, width] :
       {std::tuple{0U, 2U, 189U}, {0U, 3U, 1U}, {1U, 0U, 3U}, {8U, 0U, 1U}, {0U, 0U, 0U}}) {
    EXPECT_EQ(t.tree_.tile(level, index, width, 700).error().reason(), Reason::kAuditIndex);
  }
  EXPECT_FALSE(t.tree_.tile(0, ~std::uint64_t{0}, 256, 700).ok()) << "no overflow";
}

TEST(LogTree, NamesTheFirstMissingEntryOrTile) {
  GrowingTree t;
  t.grow(700);
  ASSERT_TRUE(t.store_->commit({{}, {{store::Family::kAudit, entry_key(600)}}}, {}).ok());
  LogTree loaded(*t.store_);
  const Status status = loaded.load(700);
  EXPECT_EQ(status.error().reason(), Reason::kLedgerGap);
  EXPECT_EQ(status.error().detail(), "entry 600");
  ASSERT_TRUE(t.store_
                  ->commit({{{store::Family::kAudit, entry_key(600), "600"}},
                            {{store::Family::kTile, tile_key(0, 1)}}},
                           {})
                  .ok());
  EXPECT_EQ(loaded.load(700).error().detail(), "tile 0/1");
}

// ---- clock ------------------------------------------------------------------------------------

TEST(ClockGuard, TimeNeverDecreases) {
  kits::FakeClock clock;
  ClockGuard guard(clock, std::nullopt);
  const UtcTime first = guard.stamp().value();
  clock.wall_ms -= 3'600'000;
  EXPECT_EQ(guard.stamp().value(), first);
  clock.wall_ms += 3'600'001;
  EXPECT_EQ(guard.stamp()->ms, first.ms + 1);
}

TEST(ClockGuard, RefusesAForwardJumpUntilConfirmed) {
  kits::FakeClock clock;
  ClockGuard guard(clock, std::nullopt);
  clock.pass_ms(60'000);
  clock.wall_ms += 4'000;
  EXPECT_TRUE(guard.stamp().ok()) << "within the allowance";
  clock.wall_ms += 2'000'000;
  EXPECT_EQ(guard.stamp().error().reason(), Reason::kClockJump);
  EXPECT_EQ(guard.check().error().reason(), Reason::kClockJump);
  clock.wall_ms -= 2'000'000;
  EXPECT_TRUE(guard.check().ok()) << "the clock came back by itself";
  clock.wall_ms += 2'000'000;
  guard.confirm();
  EXPECT_TRUE(guard.stamp().ok());
}

TEST(ClockGuard, FollowsASlewedClockForDays) {
  kits::FakeClock clock;
  ClockGuard guard(clock, std::nullopt);
  for (int hour = 0; hour < 72; ++hour) {
    clock.pass_ms(3'600'000);
    clock.wall_ms += 1'700;  // 472 ppm
    ASSERT_TRUE(guard.stamp().ok()) << hour;
  }
}

TEST(ClockGuard, DoubtsAStartMoreThanADayFromTheLastEntry) {
  kits::FakeClock clock;
  for (const std::int64_t hours : {-25, -23, 0, 23, 25}) {
    ClockGuard guard(clock, clock.now().plus_ms(hours * 3'600'000));
    EXPECT_EQ(guard.stamp().ok(), hours > -24 && hours < 24) << hours;
    guard.confirm();
    EXPECT_TRUE(guard.stamp().ok()) << hours;
  }
}

// ---- derived index ----------------------------------------------------------------------------

using kits::toy_tag;

// Runs are merged in memory and stored as keys: both orders are one.
TEST(PostingsIndex, PostingsAreOrderedAsTheirStoredKeys) {
  kits::SeededRandom dice(5);
  const auto draw = [&dice] {
    Posting p{
        static_cast<std::uint8_t>(1 + dice.below(2)), {}, dice.below(3) << (8 * dice.below(8))};
    for (const std::size_t at : {std::size_t{0}, std::size_t{7}, std::size_t{8}, std::size_t{15}}) {
      p.tag[at] = static_cast<std::uint8_t>(127 + dice.below(3));
    }
    return p;
  };
  const auto key = [](const Posting& p) {
    Bytes out = hub::ledger::log::posting_prefix(p.kind, p.tag);
    append_be64(out, p.index);
    return out;
  };
  for (int i = 0; i < 20'000; ++i) {
    const Posting a = draw(), b = draw();
    ASSERT_EQ(a < b, key(a) < key(b));
    ASSERT_EQ(a == b, key(a) == key(b));
    ASSERT_EQ((a <=> b) == 0, a == b);
  }
}

TEST(PostingsIndex, FindsWhatAMapWouldFindWhateverIsStored) {
  const auto store = store::make_memory_store();
  PostingsIndex index(*store);
  kits::SeededRandom random(9);
  std::map<std::pair<std::uint8_t, Tag>, std::vector<std::uint64_t>> model;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    std::vector<Posting> postings;
    for (int k = 0; k < 3; ++k) {
      const auto kind = static_cast<std::uint8_t>(1 + random.below(2));
      const Tag tag = toy_tag(random.below(40));
      postings.push_back({kind, tag, i});
      auto& list = model[{kind, tag}];
      if (list.empty() || list.back() != i) list.push_back(i);
    }
    index.add(std::move(postings), i + 1);
    if (random.below(500) == 0) {
      ASSERT_TRUE(index.store_run().ok());
    }
  }
  for (const auto& [key, list] : model) {
    const std::uint64_t before = random.below(3200);
    const std::size_t limit = 1 + random.below(60);
    std::vector<std::uint64_t> expected;
    for (auto it = list.rbegin(); it != list.rend() && expected.size() < limit; ++it) {
      if (*it < before) expected.push_back(*it);
    }
    ASSERT_EQ(index.find(key.first, key.second, before, limit).value(), expected);
    expected.clear();
    for (const std::uint64_t i : list) {
      if (i >= before && expected.size() < limit) expected.push_back(i);
    }
    const auto upwards = index.find_from(key.first, key.second, before, limit).value();
    ASSERT_EQ(upwards.indexes, expected);
    ASSERT_EQ(upwards.covered, 3000U);
  }
  EXPECT_TRUE(index.find(3, toy_tag(1), 3000, 10)->empty());
}

TEST(PostingsIndex, RefusesToSearchWhatItCouldNotRead) {
  const auto store = store::make_memory_store();
  ASSERT_TRUE(store->commit({{{store::Family::kAudit, entry_key(0), "x"}}, {}}, {}).ok());
  PostingsIndex without(*store);
  ASSERT_TRUE(without.rebuild(1, nullptr).ok());
  EXPECT_EQ(without.find(1, toy_tag(1), 9, 9).error().reason(), Reason::kAuditUnavailable);
  EXPECT_EQ(without.find_from(1, toy_tag(1), 0, 9).error().reason(), Reason::kAuditUnavailable);
  PostingsIndex with(*store);
  ASSERT_TRUE(with.rebuild(1,
                           [](ByteView) {
                             return std::vector<std::pair<std::uint8_t, Tag>>{{1, toy_tag(1)}};
                           })
                  .ok());
  EXPECT_EQ(with.find(1, toy_tag(1), 9, 9).value(), std::vector<std::uint64_t>{0});
}

TEST(PostingsIndex, RefusesAnIndexAheadOfTheLog) {
  const auto store = store::make_memory_store();
  PostingsIndex index(*store);
  index.add({{1, toy_tag(1), 4}}, 5);
  ASSERT_TRUE(index.store_run().ok());
  PostingsIndex again(*store);
  EXPECT_EQ(again.rebuild(4, kits::toy_postings).error().reason(), Reason::kLedgerRollback);
  EXPECT_TRUE(again.rebuild(5, kits::toy_postings).ok());
}

// ---- the view of the sequencer ----------------------------------------------------------------

TEST(Unwritten, SeesBatchesOnTheirWayBeforeTheStore) {
  const auto store = store::make_memory_store();
  Unwritten view(*store);
  EXPECT_EQ(view.version(store::Family::kData, "a").value(), 0U);
  view.set_version(store::Family::kData, "a", 5);
  view.set_head(toy_tag(1), {1, 5});
  EXPECT_EQ(view.version(store::Family::kData, "a").value(), 5U);
  EXPECT_EQ(view.version(store::Family::kKey, "a").value(), 0U) << "families are apart";
  view.close(1);
  view.set_version(store::Family::kData, "a", 0);  // deleted by the next batch
  EXPECT_TRUE(view.new_heads().empty()) << "written by the batch before";
  EXPECT_EQ(view.head(toy_tag(1)).value(), (ChainHead{1, 5}));
  EXPECT_EQ(view.version(store::Family::kData, "a").value(), 0U);
  view.written(1);
  EXPECT_EQ(view.head(toy_tag(1)).value(), (ChainHead{1, 5})) << "from the cache";
  Bytes stored(1, '\x01');
  append_be64(stored, 9);
  ASSERT_TRUE(store->commit({{{store::Family::kData, "b", stored}}, {}}, {}).ok());
  EXPECT_EQ(view.version(store::Family::kData, "b").value(), 9U);
}

TEST(Unwritten, ChecksRowsTogetherAsOneByOne) {
  const auto store = store::make_memory_store();
  Bytes stored(1, '\x01');
  append_be64(stored, 9);
  ASSERT_TRUE(store->commit({{{store::Family::kData, "b", stored}}, {}}, {}).ok());
  Unwritten view(*store);
  EXPECT_EQ(view.set_version(store::Family::kData, "a", 5), std::nullopt);
  EXPECT_EQ(view.set_version(store::Family::kData, "a", 6), 5U);
  view.close(1);
  EXPECT_EQ(view.set_version(store::Family::kData, "a", 7), std::nullopt) << "another batch";
  const auto check = [&view](const std::vector<Unwritten::Expected>& rows) {
    return view.check(store::Family::kData, rows).value();
  };
  using Holds = Unwritten::Holds;
  EXPECT_EQ(check({}), Holds::kYes);
  EXPECT_EQ(check({{"a", 7}, {"b", 9}, {"c", 0}}), Holds::kYes);
  EXPECT_EQ(check({{"a", 6}, {"b", 9}, {"c", 0}}), Holds::kNo) << "on its way";
  EXPECT_EQ(check({{"a", 7}, {"b", 0}, {"c", 0}}), Holds::kNo) << "present";
  EXPECT_EQ(check({{"a", 7}, {"b", 9}, {"c", 1}}), Holds::kNo) << "absent";
  EXPECT_EQ(view.check(store::Family::kKey, {{"a", 0}, {"b", 0}}).value(), Holds::kYes);
  ASSERT_TRUE(store->commit({{{store::Family::kData, "d", "?"}}, {}}, {}).ok());
  EXPECT_EQ(view.check(store::Family::kData, {{"d", 0}}).error().reason(), Reason::kStoreCorrupt);
}

}  // namespace
}  // namespace lh::hub::ledger::log
