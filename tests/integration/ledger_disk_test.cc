// The ledger, its store, the outside checkpoint and the disk guard on a real folder.
#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "hub/ledger/checkpoint_file.h"
#include "hub/store/disk_guard.h"
#include "hub/store/rocksdb_store.h"
#include "tests/kits/ledger_kit.h"
#include "tests/kits/scratch_folder.h"

namespace lh::hub::ledger {
namespace {

class LedgerDisk : public testing::Test {
 protected:
  Result<std::unique_ptr<store::Store>> open_store(store::OpenMode mode) const {
    store::RocksdbSettings settings;
    settings.path = scratch_ / "db";
    settings.mode = mode;
    return store::open_rocksdb(settings);
  }
  Result<std::unique_ptr<Ledger>> open_ledger(store::Store& store) {
    return Ledger::open(store, kits::toy_settings(checkpoint_), key_, clock_,
                        std::make_unique<kits::ToyDraft>("genesis"));
  }
  void commit_some(Ledger& ledger, int count) {
    for (int i = 0; i < count; ++i) {
      auto change = kits::toy_change("p", {kits::toy_tag(1)}, {{1, kits::toy_tag(1)}});
      kits::add_row(change, "row" + std::to_string(ledger.state().size), "v");
      ASSERT_TRUE(ledger.commit(std::move(change)).ok());
    }
  }
  kits::ScratchFolder scratch_;
  std::string checkpoint_ = scratch_ / "checkpoint";
  SystemClock clock_;
  crypto::PrivateKey key_ = kits::toy_key();
};

TEST_F(LedgerDisk, GoesOnAcrossRestartsAndFsckAgrees) {
  for (int round = 0; round < 3; ++round) {
    const auto store =
        open_store(round == 0 ? store::OpenMode::kCreate : store::OpenMode::kExisting).value();
    const auto ledger = open_ledger(*store).value();
    EXPECT_EQ(ledger->state().size, static_cast<std::uint64_t>(1 + 20 * round));
    commit_some(*ledger, 20);
    EXPECT_EQ(ledger->postings(1, kits::toy_tag(1), 1000, 1000)->size(),
              static_cast<std::size_t>(20 * (round + 1)));
  }
  const auto store = open_store(store::OpenMode::kReadOnly).value();
  const auto vkey = crypto::make_note_key(kits::kToyOrigin, key_.public_key()).value();
  const FsckReport report = fsck(*store, checkpoint_, {vkey}, kits::ToyReader(), nullptr).value();
  EXPECT_TRUE(report.findings.empty()) << report.findings.front().where;
  EXPECT_EQ(report.entries, 61U);
  EXPECT_EQ(report.rows, 60U);
}

// An older backup put back under a newer checkpoint, and a checkpoint file that is gone.
TEST_F(LedgerDisk, RefusesARollbackAndAMissingCheckpoint) {
  {
    const auto store = open_store(store::OpenMode::kCreate).value();
    commit_some(*open_ledger(*store).value(), 5);
  }
  std::filesystem::copy(scratch_ / "db", scratch_ / "backup");
  {
    const auto store = open_store(store::OpenMode::kExisting).value();
    commit_some(*open_ledger(*store).value(), 5);
  }
  std::filesystem::remove_all(scratch_ / "db");
  std::filesystem::rename(scratch_ / "backup", scratch_ / "db");
  const auto store = open_store(store::OpenMode::kExisting).value();
  const auto rolled_back = open_ledger(*store);
  ASSERT_FALSE(rolled_back.ok());
  EXPECT_EQ(rolled_back.error().reason(), Reason::kLedgerRollback);
  EXPECT_NE(rolled_back.error().detail().find("entry 6"), std::string::npos)
      << rolled_back.error().detail();
  std::filesystem::remove(checkpoint_);
  EXPECT_EQ(open_ledger(*store).error().reason(), Reason::kLedgerRollback);
}

TEST_F(LedgerDisk, TurnsReadOnlyOnAFullDiskAndRecovers) {
  const auto store = open_store(store::OpenMode::kCreate).value();
  std::atomic<std::uint64_t> free_bytes{10U << 20U};
  store::DiskGuard guard(scratch_.path(), store::DiskLimits{4U << 20U, 1U << 20U},
                         [&](const std::string&) -> Result<store::DiskState> {
                           return store::DiskState{free_bytes, 1ULL << 30U};
                         });
  const auto ledger = open_ledger(*store).value();
  ledger->set_write_guard([&guard] { return guard.check(); });
  commit_some(*ledger, 1);
  free_bytes = 1000;
  EXPECT_EQ(ledger->commit(kits::toy_change("x")).error().reason(), Reason::kStoreFull);
  EXPECT_TRUE(ledger->proof_text(1).ok()) << "reading goes on";
  free_bytes = 10U << 20U;
  EXPECT_TRUE(ledger->commit(kits::toy_change("x")).ok());
}

TEST_F(LedgerDisk, KeepsABallastAndGivesItUpAtAFullStart) {
  std::uint64_t free_bytes = 10U << 20U;
  store::DiskGuard guard(scratch_.path(), store::DiskLimits{4U << 20U, 1U << 20U},
                         [&](const std::string&) -> Result<store::DiskState> {
                           return store::DiskState{free_bytes, 1ULL << 30U};
                         });
  ASSERT_TRUE(guard.ensure_ballast().ok());
  ASSERT_TRUE(guard.ensure_ballast().ok()) << "once";
  EXPECT_EQ(std::filesystem::file_size(scratch_ / "ballast"), 1U << 20U);
  EXPECT_TRUE(guard.check_start().ok());
  EXPECT_TRUE(std::filesystem::exists(scratch_ / "ballast")) << "there was room";
  free_bytes = 600U << 10U;
  EXPECT_TRUE(guard.check_start().ok());
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "ballast"));
  ASSERT_TRUE(guard.release_ballast().ok()) << "gone already";
  const auto disk = store::DiskGuard::probe_disk(scratch_.path());
  ASSERT_TRUE(disk.ok());
  EXPECT_GT(disk->total_bytes, disk->free_bytes);
  EXPECT_FALSE(store::DiskGuard::probe_disk(scratch_ / "nowhere").ok());
}

TEST_F(LedgerDisk, CheckpointFileKeepsTheNewestOfTwoSlots) {
  auto file = CheckpointFile::open(checkpoint_).value();
  EXPECT_EQ(file.last().value(), std::nullopt);
  EXPECT_TRUE(file.verify().ok());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(file.write("note " + std::to_string(i)).ok());
    EXPECT_EQ(file.last().value(), "note " + std::to_string(i));
    const auto again = CheckpointFile::open(checkpoint_).value();
    EXPECT_EQ(again.last().value(), "note " + std::to_string(i));
  }
  EXPECT_EQ(file.write(std::string(2001, 'x')).error().reason(), Reason::kInputTooLarge);
}

// A power cut in the middle of a write tears the slot being written, never the other one.
TEST_F(LedgerDisk, ATornCheckpointLeavesTheOneBefore) {
  kits::SeededRandom random(4);
  auto file = CheckpointFile::open(checkpoint_).value();
  for (int i = 0; i < 40; ++i) {
    const std::string before = kits::load_file(checkpoint_);
    ASSERT_TRUE(file.write("note " + std::to_string(i)).ok());
    const std::string after = kits::load_file(checkpoint_);
    std::string torn = before;
    const std::size_t cut = random.below(after.size());
    torn.replace(0, cut, after, 0, cut);
    kits::store_file(checkpoint_, torn);
    const auto read = CheckpointFile::open(checkpoint_)->last().value();
    const std::string old_note = i == 0 ? "none" : "note " + std::to_string(i - 1);
    EXPECT_TRUE(read.value_or("none") == old_note || read == "note " + std::to_string(i)) << *read;
    kits::store_file(checkpoint_, after);
  }
}

TEST_F(LedgerDisk, CheckpointFileRefusesWhatItCannotHaveWritten) {
  EXPECT_EQ(CheckpointFile::open(checkpoint_, CheckpointFile::Missing::kRefuse).error().reason(),
            Reason::kStoreMissing);
  kits::store_file(checkpoint_, "short");
  EXPECT_EQ(CheckpointFile::open(checkpoint_).error().reason(), Reason::kStoreCorrupt);
  kits::store_file(checkpoint_, std::string(8192, '\0'));
  EXPECT_EQ(CheckpointFile::open(checkpoint_)->last().error().reason(), Reason::kStoreCorrupt);
}

}  // namespace
}  // namespace lh::hub::ledger
