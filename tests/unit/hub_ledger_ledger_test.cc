// The laws of the ledger on a store in memory.
#include "hub/ledger/ledger.h"

#include <gtest/gtest.h>

#include <future>
#include <set>
#include <thread>

#include "crypto/merkle.h"
#include "hub/store/memory_store.h"
#include "tests/kits/ledger_kit.h"

namespace lh::hub::ledger {
namespace {

using kits::add_row;
using kits::toy_change;
using kits::toy_tag;
using store::Family;

class LedgerTest : public testing::Test {
 protected:
  void open(LedgerSettings settings = kits::toy_settings()) {
    auto opened =
        Ledger::open(*store_, settings, key_, clock_, std::make_unique<kits::ToyDraft>("genesis"));
    ASSERT_TRUE(opened.ok()) << opened.error().describe();
    ledger_ = std::move(opened).value();
  }
  crypto::NoteKey vkey() const {
    return crypto::make_note_key(kits::kToyOrigin, key_.public_key()).value();
  }
  void expect_proof(const std::string& text, ByteView entry) const {
    const auto proof = crypto::parse_tlog_proof(text);
    ASSERT_TRUE(proof.ok()) << proof.error().describe();
    const Status verified = crypto::verify_tlog_proof(*proof, entry, {vkey()});
    ASSERT_TRUE(verified.ok()) << verified.error().describe();
  }
  FsckReport check() const {
    return fsck(*store_, "", {vkey()}, kits::ToyReader(), nullptr).value();
  }

  kits::FakeClock clock_;
  crypto::PrivateKey key_ = kits::toy_key();
  std::unique_ptr<store::Store> store_ = store::make_memory_store();
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(LedgerTest, BeginsALogWithEntryZero) {
  open();
  EXPECT_EQ(ledger_->state().size, 1U);
  EXPECT_TRUE(ledger_->state().writable);
  expect_proof(ledger_->proof_text(0).value(), ledger_->entry(0).value());
  EXPECT_EQ(ledger_->entry(1).error().reason(), Reason::kAuditIndex);
  EXPECT_EQ(ledger_->proof_text(1).error().reason(), Reason::kAuditIndex);
}

TEST_F(LedgerTest, NeedsAFirstEntryForAnEmptyStore) {
  const auto opened = Ledger::open(*store_, kits::toy_settings(), key_, clock_, nullptr);
  EXPECT_EQ(opened.error().reason(), Reason::kStoreMissing);
}

TEST_F(LedgerTest, EveryAnswerCarriesAProofThatVerifies) {
  open();
  for (int i = 1; i <= 300; ++i) {
    auto change = toy_change("payload " + std::to_string(i));
    change.access.value = toy_tag(static_cast<std::uint64_t>(i));
    const auto recorded = ledger_->commit(std::move(change));
    ASSERT_TRUE(recorded.ok());
    ASSERT_EQ(recorded->size(), 1U);
    EXPECT_EQ((*recorded)[0].index(), static_cast<std::uint64_t>(i));
    EXPECT_EQ((*recorded)[0].access_id().value, toy_tag(static_cast<std::uint64_t>(i)));
    EXPECT_EQ((*recorded)[0].entry(), ledger_->entry(static_cast<std::uint64_t>(i)).value());
    expect_proof((*recorded)[0].proof(), (*recorded)[0].entry());
  }
  for (std::uint64_t i = 0; i <= 300; ++i) {
    expect_proof(ledger_->proof_text(i).value(), ledger_->entry(i).value());
  }
  EXPECT_TRUE(check().findings.empty());
}

TEST_F(LedgerTest, AStaleChangeFailsAloneAndLeavesNoTrace) {
  open();
  auto first = toy_change("one");
  add_row(first, "row", "v1");
  const std::uint64_t version = ledger_->commit(std::move(first)).value()[0].index();
  auto stale = toy_change("stale", {toy_tag(1)});
  add_row(stale, "row", "v2");  // says the row is absent
  auto good = toy_change("good", {toy_tag(1)});
  add_row(good, "row", "v3", version);
  std::promise<Result<std::vector<Recorded>>> stale_answer;
  ledger_->submit(std::move(stale),
                  [&](Result<std::vector<Recorded>> r) { stale_answer.set_value(std::move(r)); });
  const auto recorded = ledger_->commit(std::move(good));
  EXPECT_EQ(stale_answer.get_future().get().error().reason(), Reason::kStoreStale);
  ASSERT_TRUE(recorded.ok());
  EXPECT_EQ((*recorded)[0].index(), 2U) << "the stale change took no index";
  EXPECT_EQ(ledger_->chain_head(toy_tag(1))->sequence, 1U) << "nor a place in a chain";
  const auto row = store_->latest().find(store::OpenKey{Family::kData, "row"}).value();
  EXPECT_EQ(parse_stored(*row)->commit_index, 2U);
  EXPECT_EQ(parse_stored(*row)->payload, "v3");
}

// Deletes and puts of one row, many to a batch: the last one says what stays.
TEST_F(LedgerTest, TheLastOfManyChangesToARowStays) {
  open();
  for (int i = 0; i < 400; ++i) {
    auto change = toy_change("turn");
    std::optional<Bytes> payload;
    if (i % 2 == 1) payload = std::to_string(i);
    change.rows.push_back({Family::kData, "there", payload});
    if (i % 2 == 0) payload = std::to_string(i);
    change.rows.push_back({Family::kData, "gone", i % 2 == 1 ? std::nullopt : payload});
    ledger_->submit(std::move(change),
                    [](const Result<std::vector<Recorded>>& r) { EXPECT_TRUE(r.ok()); });
  }
  ASSERT_TRUE(ledger_->commit(toy_change("end")).ok());
  const auto there = store_->latest().find(store::OpenKey{Family::kData, "there"}).value();
  ASSERT_TRUE(there.has_value());
  EXPECT_EQ(parse_stored(*there)->payload, "399");
  EXPECT_FALSE(store_->latest().find(store::OpenKey{Family::kData, "gone"}).value().has_value());
  EXPECT_TRUE(check().findings.empty());
}

// Of many changes that say "absent", in whatever batches they land, exactly one wins.
TEST_F(LedgerTest, PreconditionsSeeTheBatchesOnTheirWay) {
  open();
  std::atomic<int> won{0};
  std::atomic<int> stale{0};
  for (int i = 0; i < 200; ++i) {
    auto change = toy_change("racer");
    add_row(change, "contended" + std::to_string(i % 4), "x");
    ledger_->submit(std::move(change), [&](const Result<std::vector<Recorded>>& r) {
      if (r.ok()) ++won;
      if (!r.ok() && r.error().reason() == Reason::kStoreStale) ++stale;
    });
  }
  ledger_.reset();
  EXPECT_EQ(won, 4);
  EXPECT_EQ(stale, 196);
}

TEST_F(LedgerTest, ADeletedRowIsAbsentAgain) {
  open();
  auto put = toy_change("put");
  add_row(put, "row", "v");
  const std::uint64_t version = ledger_->commit(std::move(put)).value()[0].index();
  auto gone = toy_change("gone");
  gone.preconditions.push_back({Family::kData, "row", version});
  gone.rows.push_back({Family::kData, "row", std::nullopt});
  ASSERT_TRUE(ledger_->commit(std::move(gone)).ok());
  auto again = toy_change("again");
  add_row(again, "row", "w");
  ASSERT_TRUE(ledger_->commit(std::move(again)).ok());
  EXPECT_TRUE(check().findings.empty());
}

TEST_F(LedgerTest, ChainsCountEveryEntryOfATag) {
  open();
  for (int i = 0; i < 5; ++i) {
    auto change = toy_change("a", {toy_tag(1), toy_tag(2)});
    change.entries.push_back(std::make_unique<kits::ToyDraft>("b", std::vector<Tag>{toy_tag(1)}));
    ASSERT_TRUE(ledger_->commit(std::move(change)).ok());
  }
  const ChainLink one = ledger_->chain_head(toy_tag(1)).value();
  const ChainLink two = ledger_->chain_head(toy_tag(2)).value();
  EXPECT_EQ(one.sequence, 10U);
  EXPECT_EQ(one.previous, 10U);
  EXPECT_EQ(two.sequence, 5U);
  EXPECT_EQ(two.previous, 9U);
  EXPECT_EQ(ledger_->chain_head(toy_tag(3))->sequence, 0U);
  EXPECT_TRUE(check().findings.empty());
}

TEST_F(LedgerTest, RefusesWhatNoBatchMayHold) {
  open();
  const auto reason = [&](Change change) {
    return ledger_->commit(std::move(change)).error().reason();
  };
  EXPECT_EQ(reason(Change{}), Reason::kInputMalformed) << "no entry";
  auto large = toy_change("bulk");
  add_row(large, "row", Bytes(300'000, 'x'));
  EXPECT_EQ(reason(std::move(large)), Reason::kInputTooLarge) << "more than a quarter of a batch";
  EXPECT_EQ(reason(toy_change(Bytes(65'535, 'x'))), Reason::kInputTooLarge) << "a large entry";
  auto twice = toy_change("twice");
  add_row(twice, "row", "1");
  add_row(twice, "row", "2");
  EXPECT_EQ(reason(std::move(twice)), Reason::kInputMalformed);
  for (const auto& [family, key] : {std::pair{Family::kAudit, "e"},
                                    {Family::kTile, "x"},
                                    {Family::kIndex, "x"},
                                    {Family::kState, "t"}}) {
    auto own = toy_change("own");
    own.rows.push_back({family, key, "x"});
    EXPECT_EQ(reason(std::move(own)), Reason::kInputMalformed) << key;
  }
  EXPECT_EQ(ledger_->state().size, 1U);
}

TEST_F(LedgerTest, ConcurrentSubmittersEachGetOneAnswer) {
  open();
  constexpr int kThreads = 8;
  constexpr int kEach = 500;
  std::mutex mutex;
  std::set<std::uint64_t> indexes;
  std::atomic<int> answers{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        clock_.pass_ms(1);
        auto change = toy_change("c", {toy_tag(static_cast<std::uint64_t>(i % 17))});
        add_row(change, std::to_string(t) + "/" + std::to_string(i), "v");
        ledger_->submit(std::move(change), [&](const Result<std::vector<Recorded>>& r) {
          ++answers;
          const std::lock_guard lock(mutex);
          if (r.ok()) indexes.insert((*r)[0].index());
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ledger_.reset();
  EXPECT_EQ(answers, kThreads * kEach);
  ASSERT_EQ(indexes.size(), std::size_t{kThreads * kEach});
  EXPECT_EQ(*indexes.begin(), 1U);
  EXPECT_EQ(*indexes.rbegin(), std::uint64_t{kThreads * kEach});
  const FsckReport report = check();  // chains, times, rows, tree
  EXPECT_TRUE(report.findings.empty()) << report.findings.front().where;
  EXPECT_EQ(report.entries, 4001U);
  EXPECT_EQ(report.rows, 4000U);
}

// A submitter that says it has more at hand makes others wait, but never for good: everybody is
// answered while it stays busy, beyond the size of a gathered batch and below it.
TEST_F(LedgerTest, ABusySubmitterHoldsNobodyBackForGood) {
  open();
  ledger_->tell(Submitter::kBusy);
  EXPECT_TRUE(ledger_->commit(toy_change("alone")).ok());
  std::vector<std::promise<bool>> answered(1000);
  for (auto& one : answered) {
    ledger_->submit(toy_change("x"),
                    [&one](const Result<std::vector<Recorded>>& r) { one.set_value(r.ok()); });
  }
  for (auto& one : answered) EXPECT_TRUE(one.get_future().get());
  ledger_->tell(Submitter::kIdle);
  EXPECT_TRUE(ledger_->commit(toy_change("after")).ok());
  EXPECT_EQ(ledger_->state().size, 1003U);
}

// Whatever two submitters say of themselves, the log is the same log.
TEST_F(LedgerTest, SubmittersThatComeAndGoLoseNothing) {
  open();
  std::atomic<int> answers{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] {
      for (int burst = 0; burst < 60; ++burst) {
        ledger_->tell(Submitter::kBusy);
        for (int i = 0; i < burst; ++i) {
          ledger_->submit(toy_change("x"), [&](const Result<std::vector<Recorded>>& r) {
            if (r.ok()) ++answers;
          });
        }
        ledger_->tell(Submitter::kIdle);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ledger_.reset();
  EXPECT_EQ(answers, 2 * 59 * 30);
  const FsckReport report = check();
  EXPECT_TRUE(report.findings.empty()) << report.findings.front().where;
}

TEST_F(LedgerTest, SaysBusyBeyondTheLimitAndAnswersEverybody) {
  LedgerSettings settings = kits::toy_settings();
  settings.max_pending = 8;
  open(settings);
  std::promise<void> gate;
  const auto opened = gate.get_future().share();
  ledger_->set_write_guard([opened]() -> Status {
    opened.wait();
    return {};
  });
  std::atomic<int> good{0};
  std::atomic<int> busy{0};
  for (int i = 0; i < 20; ++i) {
    ledger_->submit(toy_change("x"), [&](const Result<std::vector<Recorded>>& r) {
      r.ok() ? ++good : ++busy;
      if (!r.ok()) {
        EXPECT_EQ(r.error().reason(), Reason::kLedgerBusy);
      }
    });
  }
  gate.set_value();
  ledger_.reset();
  EXPECT_EQ(good, 8);
  EXPECT_EQ(busy, 12);
}

TEST_F(LedgerTest, AFailingGuardFailsItsChangesAndNotTheLedger) {
  open();
  ledger_->set_write_guard([] { return Status(Reason::kStoreFull); });
  EXPECT_EQ(ledger_->commit(toy_change("x")).error().reason(), Reason::kStoreFull);
  EXPECT_TRUE(ledger_->state().writable);
  ledger_->set_write_guard(nullptr);
  EXPECT_TRUE(ledger_->commit(toy_change("x")).ok());
}

TEST_F(LedgerTest, RefusesChangesWhileTheClockIsInDoubt) {
  open();
  clock_.wall_ms += 3'600'000;
  EXPECT_EQ(ledger_->commit(toy_change("x")).error().reason(), Reason::kClockJump);
  EXPECT_FALSE(ledger_->state().writable);
  EXPECT_EQ(ledger_->state().why, Reason::kClockJump);
  EXPECT_TRUE(ledger_->confirm_clock().ok());
  EXPECT_TRUE(ledger_->commit(toy_change("x")).ok());
  EXPECT_TRUE(ledger_->state().writable);
}

TEST_F(LedgerTest, GoesOnWhereItStoppedAfterReopening) {
  open();
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 100; ++i) {
      auto change = toy_change("p", {toy_tag(1)}, {{1, toy_tag(1)}, {2, toy_tag(2)}});
      ASSERT_TRUE(ledger_->commit(std::move(change)).ok());
    }
    const LedgerState before = ledger_->state();
    ledger_.reset();
    open();
    EXPECT_EQ(ledger_->state().size, before.size);
    EXPECT_EQ(ledger_->state().root, before.root);
  }
  EXPECT_EQ(ledger_->chain_head(toy_tag(1))->sequence, 600U);
  EXPECT_EQ(ledger_->postings(1, toy_tag(1), 1000, 1000)->size(), 600U);
  EXPECT_EQ(ledger_->postings(2, toy_tag(2), 101, 3).value(),
            (std::vector<std::uint64_t>{100, 99, 98}));
  EXPECT_EQ(ledger_->entries(590, 100)->size(), 11U);
  const auto first = ledger_->root_at(100).value();
  const auto proof = ledger_->consistency(100, 601).value();
  EXPECT_TRUE(crypto::verify_consistency(100, 601, proof, first, ledger_->state().root).ok());
  EXPECT_FALSE(ledger_->consistency(100, 602).ok());
  EXPECT_FALSE(ledger_->inclusion(1, 602).ok());
  EXPECT_FALSE(ledger_->root_at(602).ok());
}

// A store whose commits fail from a moment on.
class FailingStore final : public store::Store {
 public:
  explicit FailingStore(store::Store& inner) : inner_(inner) {}
  std::unique_ptr<store::Snapshot> snapshot() const override { return inner_.snapshot(); }
  const store::Snapshot& latest() const override { return inner_.latest(); }
  Status commit(const store::Batch& batch, store::Durability durability) override {
    if (failing) return Error(Reason::kStoreFailed);
    return inner_.commit(batch, durability);
  }
  Status load_sorted(Family family, const std::vector<store::Row>& rows) override {
    return inner_.load_sorted(family, rows);
  }
  Status shred(Family family, ByteView prefix) override { return inner_.shred(family, prefix); }
  Status flush() override { return {}; }
  Status verify_files() const override { return {}; }
  std::atomic<bool> failing{false};

 private:
  store::Store& inner_;
};

TEST_F(LedgerTest, StopsForGoodAtTheFirstFailedWrite) {
  FailingStore failing(*store_);
  auto ledger = Ledger::open(failing, kits::toy_settings(), key_, clock_,
                             std::make_unique<kits::ToyDraft>("genesis"))
                    .value();
  ASSERT_TRUE(ledger->commit(toy_change("a")).ok());
  failing.failing = true;
  std::atomic<int> unavailable{0};
  for (int i = 0; i < 50; ++i) {
    ledger->submit(toy_change("b"), [&](const Result<std::vector<Recorded>>& r) {
      if (!r.ok() && r.error().reason() == Reason::kAuditUnavailable) ++unavailable;
    });
  }
  EXPECT_EQ(ledger->commit(toy_change("c")).error().reason(), Reason::kAuditUnavailable);
  failing.failing = false;  // "succeeds" next time: it must not be believed
  EXPECT_EQ(ledger->commit(toy_change("d")).error().reason(), Reason::kAuditUnavailable);
  EXPECT_FALSE(ledger->state().writable);
  EXPECT_EQ(ledger->state().why, Reason::kAuditUnavailable);
  EXPECT_EQ(ledger->state().size, 2U);
  ledger.reset();
  EXPECT_EQ(unavailable, 50);
  open();
  EXPECT_EQ(ledger_->state().size, 2U);
}

}  // namespace
}  // namespace lh::hub::ledger
