#include "hub/ingest/load/pipeline.h"

#include <algorithm>
#include <chrono>

#include "hub/ingest/commit.h"

namespace lh::hub::ingest {
namespace {

constexpr std::size_t kMostChunks = 16;
constexpr int kMostIdlePasses = 32;  // passes in a row in which a chunk stored nothing
constexpr auto kBusyPause = std::chrono::milliseconds(2);

enum class Answer : std::uint8_t { kNone, kDone, kAgain, kFailed };

Answer answer_of(const Status& status) {
  if (status.ok()) return Answer::kDone;
  const Reason reason = status.error().reason();
  return reason == Reason::kStoreStale || reason == Reason::kLedgerBusy ? Answer::kAgain
                                                                        : Answer::kFailed;
}

}  // namespace

struct Pipeline::Work {
  Chunk chunk;
  enum class Phase : std::uint8_t { kPrepare, kFirst, kSecond } phase = Phase::kPrepare;
  Prepared prepared;
  std::vector<Submission> wave;     // at the ledger now
  std::vector<Answer> answers;      // of the wave
  std::vector<SubjectNo> subjects;  // that the wave registers
  std::vector<Answer> of_first;     // of the first wave, for those that depend on it
  std::atomic<std::size_t> waiting{0};
  int idle_passes = 0;
  bool stored_something = false;
};

Pipeline::Pipeline(const Preparer& preparer, SubmitChange submit, int workers, Decided decided)
    : preparer_(preparer), submit_(std::move(submit)), decided_(std::move(decided)) {
  for (int i = 0; i < std::max(1, workers); ++i) threads_.emplace_back([this] { run(); });
}

Pipeline::~Pipeline() {
  ignore(wait_idle(), "the failure was given to whoever asked before");
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (auto& thread : threads_) thread.join();
}

std::optional<Error> Pipeline::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void Pipeline::fail(const Error& error) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = error;
}

void Pipeline::push(Chunk chunk) {
  auto work = std::make_shared<Work>();
  work->chunk = std::move(chunk);
  std::unique_lock lock(mutex_);
  room_.wait(lock, [this] { return on_the_way_ < kMostChunks; });
  ++on_the_way_;
  ready_.push_back(std::move(work));
  lock.unlock();
  work_.notify_one();
}

Status Pipeline::wait_idle() {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [this] { return on_the_way_ == 0; });
  if (failure_) return *failure_;
  return ok_status();
}

void Pipeline::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return stopping_ || !ready_.empty(); });
    if (ready_.empty()) return;
    const WorkPtr work = std::move(ready_.front());
    ready_.pop_front();
    lock.unlock();
    advance(work);
    lock.lock();
  }
}

Status Pipeline::prepare(Work& work) const {
  if (work.idle_passes > kMostIdlePasses) return Error(Reason::kStoreStale, "rows of a load");
  if (work.idle_passes > 0) std::this_thread::sleep_for(kBusyPause);
  work.prepared = LH_TRY(preparer_.prepare(work.chunk));
  work.stored_something = false;
  return ok_status();
}

// One step after another, until the ledger has something to answer or the chunk is decided.
void Pipeline::advance(const WorkPtr& work) {
  using Phase = Work::Phase;
  for (;;) {
    if (work->phase == Phase::kPrepare) {
      const auto& rows = work->chunk.rows;
      const bool open =
          std::any_of(rows.begin(), rows.end(), [](const auto& r) { return r.open(); });
      if (!open || failure()) return finish(*work);
      const Status prepared = prepare(*work);
      if (!prepared.ok()) {
        fail(prepared.error());
        return finish(*work);
      }
      work->wave = std::move(work->prepared.first);
      work->phase = Phase::kFirst;
    } else {
      take_answers(*work);
    }
    if (!work->wave.empty()) return send(work);
  }
}

void Pipeline::take_answers(Work& work) {
  for (std::size_t i = 0; i < work.wave.size(); ++i) {
    if (work.answers[i] != Answer::kDone) continue;
    work.stored_something = true;
    for (const RecordRef& ref : work.wave[i].records) {
      RowJob& row = work.chunk.rows[ref.row];
      row.records[ref.record].state = RecordState::kDone;
      row.outcome = std::max(row.outcome, ref.outcome);
    }
  }
  work.wave.clear();
  for (const SubjectNo no : work.subjects) preparer_.parts().directory.forget_pending(no);
  work.subjects.clear();
  if (work.phase == Work::Phase::kSecond) {
    work.idle_passes = work.stored_something ? 0 : work.idle_passes + 1;
    work.phase = Work::Phase::kPrepare;
    return;
  }
  work.of_first = std::move(work.answers);
  work.answers.clear();
  for (Submission& s : work.prepared.second) {
    const bool good = std::all_of(s.depends.begin(), s.depends.end(),
                                  [&](std::size_t i) { return work.of_first[i] == Answer::kDone; });
    if (good) work.wave.push_back(std::move(s));
  }
  work.prepared = {};
  work.phase = Work::Phase::kSecond;
}

void Pipeline::send(const WorkPtr& work) {
  const std::size_t count = work->wave.size();
  for (const Submission& s : work->wave) {
    for (const SubjectNo no : registered_by(s.change)) work->subjects.push_back(no);
  }
  work->answers.assign(count, Answer::kNone);
  // One more than there are answers: the wave is not touched while it is still being sent.
  work->waiting.store(count + 1);
  for (std::size_t i = 0; i < count; ++i) {
    submit_(std::move(work->wave[i].change),
            [this, work, i](const Result<std::vector<Recorded>>& recorded) {
              answered(work, i, recorded.ok() ? ok_status() : Status(recorded.error()));
            });
  }
  answered(work, count, ok_status());
}

// On a thread of the ledger: only hands over.
void Pipeline::answered(const WorkPtr& work, std::size_t index, const Status& answer) {
  if (index < work->answers.size()) {
    work->answers[index] = answer_of(answer);
    if (work->answers[index] == Answer::kFailed) fail(answer.error());
  }
  if (work->waiting.fetch_sub(1) != 1) return;
  // Notified under the lock: the pipeline may end as soon as the last chunk is decided.
  const std::lock_guard lock(mutex_);
  ready_.push_front(work);
  work_.notify_one();
}

void Pipeline::finish(Work& work) {
  {
    const std::lock_guard one_at_a_time(deciding_);
    decided_(work.chunk);
  }
  const std::lock_guard lock(mutex_);
  --on_the_way_;
  room_.notify_all();
}

}  // namespace lh::hub::ingest
