// One flipped byte in any live table, log record, manifest or checkpoint: opening or fsck notices
// it and names the file.
#include <gtest/gtest.h>

#include <filesystem>

#include "hub/ledger/checkpoint_file.h"
#include "hub/store/rocksdb_store.h"
#include "tests/kits/ledger_kit.h"
#include "tests/kits/scratch_folder.h"

namespace lh::hub::ledger {
namespace {

constexpr std::size_t kSamples = 40;     // a file
constexpr std::size_t kSmallFile = 256;  // every byte of files up to this size

class LedgerFlip : public testing::Test {
 protected:
  // A crash image: tables, and a log that was not flushed.
  void SetUp() override {
    store::RocksdbSettings settings;
    settings.path = scratch_ / "live";
    settings.mode = store::OpenMode::kCreate;
    const auto store = store::open_rocksdb(settings).value();
    {
      const auto ledger = Ledger::open(*store, kits::toy_settings(checkpoint_), key_, clock_,
                                       std::make_unique<kits::ToyDraft>("genesis"))
                              .value();
      fill(*ledger, 700);
    }
    ASSERT_TRUE(store->flush().ok());
    {
      const auto ledger =
          Ledger::open(*store, kits::toy_settings(checkpoint_), key_, clock_, nullptr).value();
      fill(*ledger, 150);
    }
    std::filesystem::copy(settings.path, image_);
  }
  void fill(Ledger& ledger, int count) {
    for (int i = 0; i < count; ++i) {
      const Bytes name = random_.bytes(8);
      auto change = kits::toy_change(random_.bytes(200), {kits::toy_tag(random_.below(9))},
                                     {{1, kits::toy_tag(random_.below(9))}});
      kits::add_row(change, "a" + name, random_.bytes(random_.below(300)));
      change.rows.push_back({store::Family::kKey, "k" + name, random_.bytes(40)});
      // Waits at times only, so that there are batches of many changes and some of one.
      if (i % 50 == 0) {
        ASSERT_TRUE(ledger.commit(std::move(change)).ok());
      } else {
        ledger.submit(std::move(change), [](const auto& recorded) { ASSERT_TRUE(recorded.ok()); });
      }
    }
  }
  // Everything that opening and fsck have to say, as text; empty = all is well.
  std::string complaints() const {
    store::RocksdbSettings settings;
    settings.path = image_;
    settings.mode = store::OpenMode::kReadOnly;
    const auto store = store::open_rocksdb(settings);
    if (!store.ok()) return store.error().describe();
    const auto vkey = crypto::make_note_key(kits::kToyOrigin, key_.public_key()).value();
    const auto report = fsck(**store, checkpoint_, {vkey}, kits::ToyReader(), nullptr);
    if (!report.ok()) return report.error().describe();
    std::string text;
    for (const FsckFinding& finding : report->findings) text += finding.where + "\n";
    return text;
  }
  void flip_all(const std::string& path, const std::string& name) {
    const std::string good = kits::load_file(path);
    ASSERT_FALSE(good.empty()) << name;
    const bool small = good.size() <= kSmallFile;
    for (std::size_t i = 0; i < (small ? good.size() : kSamples); ++i) {
      const std::size_t at = small ? i : random_.below(good.size());
      kits::store_file(path, kits::flipped(good, at, random_.below(8)));
      const std::string said = complaints();
      ++flips_;
      ASSERT_NE(said.find(name), std::string::npos)
          << name << " byte " << at << " of " << good.size() << ": " << said;
    }
    kits::store_file(path, good);
  }

  kits::ScratchFolder scratch_;
  std::string image_ = scratch_ / "image";
  std::string checkpoint_ = scratch_ / "checkpoint";
  kits::SeededRandom random_{77};
  SystemClock clock_;
  crypto::PrivateKey key_ = kits::toy_key();
  std::size_t flips_ = 0;
};

TEST_F(LedgerFlip, EveryFlippedByteIsNoticedAndItsFileNamed) {
  ASSERT_EQ(complaints(), "");
  int tables = 0;
  int logs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(image_)) {
    const std::string name = entry.path().filename();
    const bool table = name.ends_with(".sst");
    const bool log = name.ends_with(".log");
    if (log && entry.file_size() == 0) continue;
    tables += table ? 1 : 0;
    logs += log ? 1 : 0;
    if (table || log || name == "CURRENT" || name.starts_with("MANIFEST")) {
      flip_all(entry.path(), name);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_GE(tables, 5) << "a table of every family that was written";
  EXPECT_GE(logs, 1);
  flip_all(checkpoint_, "checkpoint");
  EXPECT_EQ(complaints(), "") << "every file was put back";
  std::cout << flips_ << " flips noticed\n";
}

TEST_F(LedgerFlip, EveryByteOfTheCheckpointFileCountsAndOneSlotIsEnough) {
  const std::string good = kits::load_file(checkpoint_);
  for (std::size_t at = 0; at < good.size(); at += 1 + random_.below(8)) {
    kits::store_file(checkpoint_, kits::flipped(good, at, at % 8));
    const auto file = CheckpointFile::open(checkpoint_, CheckpointFile::Missing::kRefuse).value();
    ASSERT_FALSE(file.verify().ok()) << at;
    ASSERT_TRUE(file.last().ok()) << "the other slot still serves, " << at;
  }
}

// The end of a log or manifest cut off at any place: an open that goes on says what it dropped.
TEST_F(LedgerFlip, ATornLogIsToleratedOnlyAsFarAsNothingPromisedIsLost) {
  std::string path;
  for (const auto& entry : std::filesystem::directory_iterator(image_)) {
    if (entry.path().extension() == ".log" && entry.file_size() > 0) path = entry.path();
  }
  ASSERT_FALSE(path.empty());
  const std::string name = std::filesystem::path(path).filename();
  const std::string good = kits::load_file(path);
  kits::store_file(path, good.substr(0, good.size() - 60'000));
  EXPECT_NE(complaints().find(name), std::string::npos) << complaints();
  store::RocksdbSettings settings;
  settings.path = image_;
  const auto store = store::open_rocksdb(settings);
  ASSERT_TRUE(store.ok()) << store.error().describe();
  EXPECT_NE((*store)->recovery_note().find(name), std::string::npos);
  const auto ledger = Ledger::open(**store, kits::toy_settings(checkpoint_), key_, clock_, nullptr);
  EXPECT_EQ(ledger.error().reason(), Reason::kLedgerRollback);
  EXPECT_NE(ledger.error().detail().find(name), std::string::npos) << "and names the file";
}

}  // namespace
}  // namespace lh::hub::ledger
