// The committer: takes changes from any thread and answers each exactly once, after its batch and
// the outside checkpoint are on disk (docs/walks/commit.md). Internal to hub/ledger.
// Three stages run beside each other: sequence batch N+2, sync batch N+1, release batch N.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "hub/ledger/checkpoint_file.h"
#include "hub/ledger/sequencer.h"

namespace lh::hub::ledger {

// What the world may know: everything in it is durable.
struct Released {
  log::TreeEdge edge;
  UtcTime last_time;
  std::string note;
};

class Committer {
 public:
  struct Parts {
    store::Store& store;
    log::LogTree& tree;
    log::ClockGuard& clock;
    log::PostingsIndex& postings;
    const crypto::PrivateKey& key;
    const crypto::NoteKey& name;
    CheckpointFile* checkpoint;  // null: none
    Recorded (*record)(AccessId, std::uint64_t, UtcTime, Bytes, std::string);
    std::size_t max_batch_bytes;
    std::size_t max_pending;
  };
  explicit Committer(const Parts& parts)
      : parts_(parts), sequencer_(parts.store, parts.tree, parts.clock) {}
  ~Committer();  // answers what was accepted, then stops

  // Signs the tree as it stands in the store and releases it; before start().
  Status release_present();
  void start();
  void submit(PendingChange pending);
  void set_write_guard(std::function<Status()> guard);
  void tell(Submitter submitter);
  std::shared_ptr<const Released> released() const;
  bool stopped() const { return stopped_; }

 private:
  using BatchPtr = std::unique_ptr<SequencedBatch>;
  void run_sequencer();
  void run_writer();
  void run_releaser();
  void run_indexer();
  void sequence(std::vector<PendingChange>& taken, std::size_t& at);
  void hand_over(std::unique_lock<std::mutex>& lock);
  bool gathered() const;  // both with the lock held
  void wait_for_more(std::unique_lock<std::mutex>& lock);
  void release(std::deque<BatchPtr> batches);
  Status sign_and_keep(const log::TreeEdge& edge, UtcTime last_time);
  void answer(SequencedBatch& batch);
  void fail(PendingChange& pending, const Error& error);
  void fail(SequencedBatch& batch);
  void stop(const Error& error);  // for good
  Status ask_guard();

  Parts parts_;
  Sequencer sequencer_;
  std::atomic<bool> stopped_{false};
  std::atomic<std::size_t> pending_{0};

  mutable std::mutex mutex_;
  std::condition_variable sequencer_wake_;
  std::condition_variable writer_wake_;
  std::condition_variable releaser_wake_;
  std::condition_variable indexer_wake_;
  std::vector<PendingChange> queue_;
  int busy_submitters_ = 0;
  std::chrono::steady_clock::time_point gather_until_ =
      std::chrono::steady_clock::time_point::max();
  bool overdue_ = false;
  bool asleep_ = false;  // the sequencer, until somebody submits
  BatchPtr to_write_;
  bool writing_ = false;
  std::uint64_t written_ = 0;  // number of the last batch in the store
  std::deque<BatchPtr> to_release_;
  bool index_due_ = false;
  enum class Phase : std::uint8_t { kRun, kNoMoreChanges, kNoMoreBatches, kNoMoreReleases };
  Phase phase_ = Phase::kRun;
  std::function<Status()> guard_;
  std::shared_ptr<const Released> released_;
  std::vector<std::thread> threads_;
};

}  // namespace lh::hub::ledger
