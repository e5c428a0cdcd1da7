// The laws of Store, for every implementation. RocksDB runs on its memory file system here.
#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <map>

#include "hub/store/memory_store.h"
#include "hub/store/rocksdb_store.h"
#include "tests/kits/seeded_random.h"

namespace lh::hub::store {
namespace {

struct Opened {
  std::unique_ptr<rocksdb::Env> env;  // outlives the store
  std::unique_ptr<Store> store;
};
struct Kind {
  const char* name;
  Opened (*open)();
};

Opened open_memory() {
  return {nullptr, make_memory_store()};
}
Opened open_rocksdb_in_memory() {
  Opened opened;
  opened.env.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  RocksdbSettings settings;
  settings.path = "/laws";
  settings.mode = OpenMode::kCreate;
  settings.env = opened.env.get();
  opened.store = open_rocksdb(settings).value();
  return opened;
}

class StoreLaws : public testing::TestWithParam<Kind> {
 protected:
  StoreLaws() : opened_(GetParam().open()), store_(*opened_.store) {}
  void put(Family family, const Bytes& key, const Bytes& value) {
    ASSERT_TRUE(store_.commit({{{family, key, value}}, {}}, Durability::kSynced).ok());
  }
  static std::optional<Bytes> get(const Snapshot& at, Family family, const Bytes& key) {
    return at.find(OpenKey{family, key}).value();
  }
  std::vector<Bytes> keys(ByteView prefix, ByteView from, std::size_t limit) const {
    std::vector<Bytes> out;
    for (const Row& row : store_.latest().scan(Family::kData, prefix, from, limit).value()) {
      out.push_back(row.key);
    }
    return out;
  }
  Opened opened_;
  Store& store_;
};

TEST_P(StoreLaws, AbsenceIsNotAnError) {
  EXPECT_EQ(get(store_.latest(), Family::kKey, "x"), std::nullopt);
  put(Family::kKey, "x", "");
  EXPECT_EQ(get(store_.latest(), Family::kKey, "x"), Bytes());
  EXPECT_EQ(get(store_.latest(), Family::kData, "x"), std::nullopt) << "families are apart";
}

TEST_P(StoreLaws, SnapshotsDoNotMove) {
  put(Family::kData, "a", "1");
  const auto before = store_.snapshot();
  ASSERT_TRUE(
      store_.commit({{{Family::kData, "b", "2"}}, {{Family::kData, "a"}}}, Durability::kBuffered)
          .ok());
  EXPECT_EQ(get(*before, Family::kData, "a"), "1");
  EXPECT_EQ(get(*before, Family::kData, "b"), std::nullopt);
  EXPECT_EQ(before->scan(Family::kData, "", "", 10)->size(), 1U);
  EXPECT_EQ(get(store_.latest(), Family::kData, "a"), std::nullopt);
  EXPECT_EQ(get(store_.latest(), Family::kData, "b"), "2");
}

TEST_P(StoreLaws, ScansByPrefixFromAKeyUpToALimit) {
  for (const char* key : {"a", "ab", "aba", "abb", "abc", "ac", "b"}) put(Family::kData, key, key);
  EXPECT_EQ(keys("ab", "", 10), (std::vector<Bytes>{"ab", "aba", "abb", "abc"}));
  EXPECT_EQ(keys("ab", "abb", 10), (std::vector<Bytes>{"abb", "abc"}));
  EXPECT_EQ(keys("ab", "abaa", 1), (std::vector<Bytes>{"abb"}));
  EXPECT_EQ(keys("ab", "a", 2), (std::vector<Bytes>{"ab", "aba"})) << "from before the prefix";
  EXPECT_TRUE(keys("ab", "b", 10).empty()) << "from behind the prefix";
  EXPECT_EQ(keys("", "", 100).size(), 7U);
  EXPECT_TRUE(keys("ab", "", 0).empty());
}

TEST_P(StoreLaws, LastAtOrBeforeStaysInThePrefix) {
  const Bytes top("\xff\xff", 2);
  for (const Bytes& key : {Bytes("a1"), Bytes("a3"), Bytes("b"), Bytes("b\xff"), top + "1"}) {
    put(Family::kData, key, key);
  }
  const auto last = [&](const Bytes& prefix, const Bytes& key) {
    const auto row = store_.latest().last_at_or_before(Family::kData, prefix, key).value();
    return row ? row->key : Bytes("none");
  };
  EXPECT_EQ(last("a", "a3"), "a3");
  EXPECT_EQ(last("a", "a2"), "a1");
  EXPECT_EQ(last("a", "a0"), "none");
  EXPECT_EQ(last("a", "z"), "a3") << "a bound behind the prefix";
  EXPECT_EQ(last("a", "b"), "a3") << "a bound that is the first key behind the prefix";
  EXPECT_EQ(last("b", "b\xff\xff"), "b\xff");
  EXPECT_EQ(last(top, top + "9"), top + "1");
  EXPECT_EQ(last("", "c"), "b\xff");
}

TEST_P(StoreLaws, LoadsSortedRunsOfAnySize) {
  for (const std::size_t count : {std::size_t{3}, std::size_t{5000}}) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < count; ++i) {
      Bytes key = "run" + std::to_string(count) + "/";
      append_be64(key, i);
      rows.push_back({key, std::to_string(i)});
    }
    ASSERT_TRUE(store_.load_sorted(Family::kIndex, rows).ok());
    // Once more over what is there: the later run wins.
    rows.back().value = "new";
    ASSERT_TRUE(store_.load_sorted(Family::kIndex, rows).ok());
    const auto read = store_.latest().scan(Family::kIndex, "run" + std::to_string(count), "", 9000);
    ASSERT_EQ(read->size(), count);
    EXPECT_EQ(read->front().value, "0");
    EXPECT_EQ(read->back().value, "new");
  }
  EXPECT_TRUE(store_.verify_files().ok());
}

TEST_P(StoreLaws, ShredRemovesThePrefixAndNothingElse) {
  for (const char* key : {"k1", "k1x", "k2"}) put(Family::kKey, key, "secret");
  ASSERT_TRUE(store_.shred(Family::kKey, "k1").ok());
  EXPECT_EQ(get(store_.latest(), Family::kKey, "k1"), std::nullopt);
  EXPECT_EQ(get(store_.latest(), Family::kKey, "k1x"), std::nullopt);
  EXPECT_EQ(get(store_.latest(), Family::kKey, "k2"), "secret");
}

TEST_P(StoreLaws, TheLaterPutOfABatchStaysAndADeleteComesAfterThePuts) {
  Batch batch;
  for (int i = 0; i < 400; ++i) {  // many, in no order: what is sorted must stay stable
    batch.puts.emplace_back(Family::kData, "long prefix " + std::to_string(i * 7919 % 100),
                            std::to_string(i));
    batch.puts.emplace_back(Family::kKey, std::to_string(i * 7919 % 100), std::to_string(-i));
  }
  batch.puts.emplace_back(Family::kData, "gone", "1");
  batch.deletes.push_back({Family::kData, "gone"});
  ASSERT_TRUE(store_.commit(batch, Durability::kBuffered).ok());
  for (int i = 300; i < 400; ++i) {
    const std::string key = std::to_string(i * 7919 % 100);
    EXPECT_EQ(get(store_.latest(), Family::kData, "long prefix " + key), std::to_string(i));
    EXPECT_EQ(get(store_.latest(), Family::kKey, key), std::to_string(-i));
  }
  EXPECT_EQ(get(store_.latest(), Family::kData, "gone"), std::nullopt);
}

TEST_P(StoreLaws, AHeadStandsBeforeItsValue) {
  Batch batch;
  batch.puts.emplace_back(Family::kData, "a", "value", "head ");
  batch.puts.emplace_back(Family::kData, "b", "", "head");
  ASSERT_TRUE(store_.commit(batch, Durability::kBuffered).ok());
  EXPECT_EQ(get(store_.latest(), Family::kData, "a"), "head value");
  EXPECT_EQ(get(store_.latest(), Family::kData, "b"), "head");
}

TEST_P(StoreLaws, FindsEachKeyAsOneByOne) {
  kits::SeededRandom random(43);
  const auto key = [&] { return "k" + std::to_string(random.below(300)); };
  for (int round = 0; round < 3; ++round) {  // in files, in other files, in memory
    for (int i = 0; i < 100; ++i) put(Family::kData, key(), random.bytes(random.below(20)));
    if (round < 2) {
      ASSERT_TRUE(store_.flush().ok());
    }
  }
  const auto snapshot = store_.snapshot();
  put(Family::kData, "k0", "after the snapshot");
  for (const std::size_t count : {0U, 1U, 3U, 4U, 33U, 500U}) {
    std::vector<Bytes> keys;
    for (std::size_t i = 0; i < count; ++i) keys.push_back(key());  // some twice
    const std::vector<ByteView> views(keys.begin(), keys.end());
    const auto found = snapshot->find_each(Family::kData, views).value();
    ASSERT_EQ(found.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(found[i], get(*snapshot, Family::kData, keys[i])) << keys[i];
    }
  }
}

// Against std::map, 2,000 steps of a seeded generator.
TEST_P(StoreLaws, BehavesLikeAnOrderedMap) {
  kits::SeededRandom random(41);
  std::map<Bytes, Bytes> model;
  const auto key = [&] { return random.bytes(1 + random.below(2)); };
  for (int step = 0; step < 2000; ++step) {
    Batch batch;
    const Bytes put_key = key();
    batch.puts.push_back({Family::kData, put_key, random.bytes(random.below(20))});
    model[put_key] = batch.puts[0].value;
    if (const Bytes gone = key(); random.below(3) == 0 && gone != put_key) {
      batch.deletes.push_back({Family::kData, gone});
      model.erase(gone);
    }
    ASSERT_TRUE(store_.commit(batch, Durability::kBuffered).ok());
    if (step % 500 == 250) {
      ASSERT_TRUE(store_.flush().ok());
    }
    const Bytes from = key();
    const auto rows = store_.latest().scan(Family::kData, "", from, 1).value();
    const auto next = model.lower_bound(from);
    ASSERT_EQ(rows.empty(), next == model.end());
    if (!rows.empty()) {
      ASSERT_EQ(rows[0].value, next->second);
    }
    const auto last = store_.latest().last_at_or_before(Family::kData, "", from).value();
    const auto above = model.upper_bound(from);
    ASSERT_EQ(last.has_value(), above != model.begin());
    if (last) {
      ASSERT_EQ(last->key, std::prev(above)->first);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, StoreLaws,
                         testing::Values(Kind{"Memory", open_memory},
                                         Kind{"Rocksdb", open_rocksdb_in_memory}),
                         [](const auto& kind) { return kind.param.name; });

TEST(RocksdbStore, SaysWhyItDoesNotOpen) {
  const std::unique_ptr<rocksdb::Env> env(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  RocksdbSettings settings;
  settings.path = "/one";
  settings.env = env.get();
  EXPECT_EQ(open_rocksdb(settings).error().reason(), Reason::kStoreMissing);
  settings.mode = OpenMode::kReadOnly;
  EXPECT_EQ(open_rocksdb(settings).error().reason(), Reason::kStoreMissing);
  settings.mode = OpenMode::kCreate;
  {
    const auto store = open_rocksdb(settings).value();
    ASSERT_TRUE(store->commit({{{Family::kData, "a", "1"}}, {}}, Durability::kSynced).ok());
    settings.mode = OpenMode::kExisting;
    EXPECT_EQ(open_rocksdb(settings).error().reason(), Reason::kStoreLocked);
  }
  settings.mode = OpenMode::kCreate;
  EXPECT_EQ(open_rocksdb(settings).error().reason(), Reason::kStoreExists);
  settings.mode = OpenMode::kExisting;
  const auto again = open_rocksdb(settings).value();
  EXPECT_EQ(again->latest().find(OpenKey{Family::kData, "a"}).value(), "1");
  EXPECT_EQ(again->recovery_note(), "");
}

}  // namespace
}  // namespace lh::hub::store
