#include "hub/ledger/committer.h"

#include <pthread.h>
#include <sched.h>

#include "base/log.h"

namespace lh::hub::ledger {
namespace {

constexpr std::size_t kGathered = 128;
constexpr std::size_t kWorthATurn = 16;
constexpr std::chrono::milliseconds kGatherTime(10);

Error unavailable() {
  return Error(Reason::kAuditUnavailable, "the ledger stopped after a failed write");
}

}  // namespace

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    phase_ = Phase::kNoMoreChanges;
  }
  sequencer_wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Committer::start() {
  // SCHED_BATCH: a woken committer does not push the event loop off its core in the middle of its
  // ready requests, so on a busy core batches grow by themselves and nobody waits to fill one.
  const auto start = [this](void (Committer::*run)()) {
    threads_.emplace_back([this, run] {
      const sched_param ordinary{};
      ::pthread_setschedparam(::pthread_self(), SCHED_BATCH, &ordinary);
      (this->*run)();
    });
  };
  start(&Committer::run_sequencer);
  start(&Committer::run_writer);
  start(&Committer::run_releaser);
  start(&Committer::run_indexer);
}

void Committer::submit(PendingChange pending) {
  if (stopped_) return pending.continuation(unavailable());
  if (pending_.fetch_add(1) >= parts_.max_pending) {
    --pending_;
    return pending.continuation(Error(Reason::kLedgerBusy));
  }
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(pending));
    // Of a submitter with more at hand not every change is worth a turn of the sequencer: its
    // timer, the writer or the submitter's end will wake it.
    const bool later = busy_submitters_ > 0 && !asleep_ && queue_.size() < kWorthATurn;
    if (later) return;
    asleep_ = false;
  }
  sequencer_wake_.notify_one();
}

void Committer::set_write_guard(std::function<Status()> guard) {
  const std::lock_guard lock(mutex_);
  guard_ = std::move(guard);
}

std::shared_ptr<const Released> Committer::released() const {
  const std::lock_guard lock(mutex_);
  return released_;
}

Status Committer::ask_guard() {
  std::function<Status()> guard;
  {
    const std::lock_guard lock(mutex_);
    guard = guard_;
  }
  return guard ? guard() : Status();
}

void Committer::fail(PendingChange& pending, const Error& error) {
  --pending_;
  pending.continuation(error);
}

void Committer::fail(SequencedBatch& batch) {
  for (SequencedBatch::Answer& answer : batch.answers) {
    --pending_;
    answer.continuation(unavailable());
  }
}

void Committer::stop(const Error& error) {
  if (stopped_.exchange(true)) return;
  log_event(LogLevel::kError, "ledger.stopped",
            {{"reason", error.reason()}, {"detail", error.detail()}});
}

// ---- stage 1: sequence ------------------------------------------------------------------------

// A batch grows while the disk is busy with the one before it, and while a submitter has more at
// hand: every batch costs two syncs, a signature and a round of four threads, on a busy core as
// much as a dozen changes. A full batch is closed early, so that the writer finds it ready.
void Committer::run_sequencer() {
  std::vector<PendingChange> taken;
  std::size_t at = 0;
  std::unique_lock lock(mutex_);
  for (;;) {
    sequencer_.written(written_);
    const bool full = sequencer_.bytes() >= parts_.max_batch_bytes;
    const bool waiting = at < taken.size() || !queue_.empty();
    const bool free = !writing_ && at == taken.size();
    if (!sequencer_.empty() && !to_write_ && (full || (free && gathered()))) {
      hand_over(lock);
    } else if (waiting && !full) {
      if (at == taken.size()) {
        taken.clear();
        at = 0;
        taken.swap(queue_);
      }
      lock.unlock();
      sequence(taken, at);
      lock.lock();
    } else if (!waiting && sequencer_.empty() && phase_ != Phase::kRun) {
      break;
    } else {
      wait_for_more(lock);
    }
  }
  phase_ = Phase::kNoMoreBatches;
  writer_wake_.notify_all();
}

void Committer::tell(Submitter submitter) {
  {
    const std::lock_guard lock(mutex_);
    busy_submitters_ += submitter == Submitter::kBusy ? 1 : -1;
    if (busy_submitters_ > 0) return;
  }
  sequencer_wake_.notify_one();
}

bool Committer::gathered() const {
  return busy_submitters_ <= 0 || sequencer_.changes() >= kGathered || overdue_;
}

void Committer::wait_for_more(std::unique_lock<std::mutex>& lock) {
  if (sequencer_.empty() || writing_ || to_write_) {
    gather_until_ = std::chrono::steady_clock::time_point::max();
    asleep_ = !writing_ && !to_write_;
    sequencer_wake_.wait(lock);
    asleep_ = false;
    return;
  }
  if (gather_until_ == std::chrono::steady_clock::time_point::max()) {
    gather_until_ = std::chrono::steady_clock::now() + kGatherTime;
  }
  overdue_ = sequencer_wake_.wait_until(lock, gather_until_) == std::cv_status::timeout;
}

void Committer::sequence(std::vector<PendingChange>& taken, std::size_t& at) {
  const Status allowed = stopped_ ? Status(unavailable()) : ask_guard();
  while (at < taken.size() && sequencer_.bytes() < parts_.max_batch_bytes) {
    PendingChange& pending = taken[at++];
    const Status added = allowed.ok() ? sequencer_.add(pending) : allowed;
    if (!added.ok()) fail(pending, added.error());
  }
}

// Called and returns with the lock held.
void Committer::hand_over(std::unique_lock<std::mutex>& lock) {
  const std::string note = released_->note;
  overdue_ = false;
  gather_until_ = std::chrono::steady_clock::time_point::max();
  lock.unlock();
  Result<BatchPtr> closed = stopped_ ? sequencer_.abandon() : sequencer_.close(note);
  if (!closed.ok()) {
    stop(closed.error());
    closed = sequencer_.abandon();
  }
  if (stopped_) fail(**closed);
  lock.lock();
  if (stopped_) return;
  to_write_ = std::move(closed).value();
  writer_wake_.notify_one();
}

// ---- stage 2: write ---------------------------------------------------------------------------

void Committer::run_writer() {
  std::unique_lock lock(mutex_);
  for (;;) {
    writer_wake_.wait(lock, [&] { return to_write_ || phase_ >= Phase::kNoMoreBatches; });
    if (!to_write_) break;
    BatchPtr batch = std::move(to_write_);
    writing_ = true;
    lock.unlock();
    sequencer_wake_.notify_one();
    const Status written = stopped_
                               ? Status(unavailable())
                               : parts_.store.commit(batch->writes, store::Durability::kSynced);
    if (!written.ok()) {
      stop(written.error());
      fail(*batch);
      batch.reset();
    } else {
      batch->writes = {};
    }
    lock.lock();
    writing_ = false;
    if (batch) {
      written_ = batch->number;
      to_release_.push_back(std::move(batch));
      releaser_wake_.notify_one();
    }
    sequencer_wake_.notify_one();
  }
  phase_ = Phase::kNoMoreReleases;
  releaser_wake_.notify_all();
  indexer_wake_.notify_all();
}

// ---- stage 3: release -------------------------------------------------------------------------

void Committer::run_releaser() {
  std::unique_lock lock(mutex_);
  for (;;) {
    releaser_wake_.wait(lock,
                        [&] { return !to_release_.empty() || phase_ == Phase::kNoMoreReleases; });
    if (to_release_.empty()) break;
    std::deque<BatchPtr> batches;
    batches.swap(to_release_);
    lock.unlock();
    release(std::move(batches));
    lock.lock();
  }
}

// Never signs a tree whose batch is not durable; never answers before the checkpoint is kept
// outside as well. Batches that became durable together share one checkpoint.
void Committer::release(std::deque<BatchPtr> batches) {
  const SequencedBatch& newest = *batches.back();
  const Status kept =
      stopped_ ? Status(unavailable()) : sign_and_keep(newest.edge, newest.last_time);
  if (!kept.ok()) {
    stop(kept.error());
    for (BatchPtr& batch : batches) fail(*batch);
    return;
  }
  for (BatchPtr& batch : batches) {
    parts_.postings.add(std::move(batch->postings), batch->edge.size);
  }
  for (BatchPtr& batch : batches) answer(*batch);
  parts_.tree.trim(batches.back()->edge.size);
  if (!parts_.postings.run_is_full()) return;
  const std::lock_guard lock(mutex_);
  index_due_ = true;
  indexer_wake_.notify_one();
}

Status Committer::sign_and_keep(const log::TreeEdge& edge, UtcTime last_time) {
  const crypto::Checkpoint checkpoint{parts_.name.name, edge.size, log::LogTree::root(edge)};
  std::string note =
      LH_TRY(crypto::sign_note(crypto::checkpoint_text(checkpoint), parts_.name, parts_.key));
  if (parts_.checkpoint != nullptr) LH_TRY(parts_.checkpoint->write(note));
  auto released = std::make_shared<Released>(Released{edge, last_time, std::move(note)});
  const std::lock_guard lock(mutex_);
  released_ = std::move(released);
  return {};
}

Status Committer::release_present() {
  const log::TreeEdge edge = LH_TRY(parts_.tree.edge(parts_.tree.size()));
  return sign_and_keep(edge, parts_.clock.last());
}

void Committer::answer(SequencedBatch& batch) {
  const auto now = released();
  std::size_t at = 0;
  for (SequencedBatch::Answer& answer : batch.answers) {
    std::vector<Recorded> recorded;
    recorded.reserve(answer.entries);
    std::optional<Error> failed;
    for (std::size_t i = 0; i < answer.entries; ++i, ++at) {
      SequencedBatch::Entry& entry = batch.entries[at];
      auto path = parts_.tree.inclusion(entry.index, now->edge);
      if (!path.ok()) {
        failed = path.error();
        continue;
      }
      recorded.push_back(parts_.record(
          entry.access, entry.index, entry.time, std::move(entry.bytes),
          crypto::tlog_proof_text({entry.index, std::move(path).value(), now->note})));
    }
    --pending_;
    if (failed) {
      answer.continuation(*failed);
    } else {
      answer.continuation(std::move(recorded));
    }
  }
}

// ---- beside: the derived index ----------------------------------------------------------------

void Committer::run_indexer() {
  std::unique_lock lock(mutex_);
  for (;;) {
    indexer_wake_.wait(lock, [&] { return index_due_ || phase_ == Phase::kNoMoreReleases; });
    if (!index_due_) break;
    index_due_ = false;
    lock.unlock();
    const Status stored = parts_.postings.store_run();
    if (!stored.ok()) stop(stored.error());
    lock.lock();
  }
}

}  // namespace lh::hub::ledger
