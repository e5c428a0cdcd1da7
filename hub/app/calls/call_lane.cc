#include "hub/app/calls/call_lane.h"

#include <algorithm>

#include "adapters/mapping_calls.h"

namespace lh::hub::app::calls {

using exchange::Line;

// A place in a lane, for one call.
class CallLane::Place final : public Line {
 public:
  Place(std::shared_ptr<CallLane> lane, const adapters::OutputRule& rule)
      : lane_(std::move(lane)), rule_(rule) {}
  ~Place() override { lane_->give_back(asked_); }
  void ask(exchange::Wanted wanted, std::function<void(Found)> done) override {
    asked_ = Asked::kYes;
    lane_->ask({&rule_, std::move(wanted), std::move(done), lane_->clock_.monotonic_us()});
  }

 private:
  std::shared_ptr<CallLane> lane_;
  const adapters::OutputRule& rule_;  // of the lane's mapping
  Asked asked_ = Asked::kNo;
};

// What a thread keeps open between calls.
struct CallLane::Session {
  explicit Session(CallLane& lane)
      : gate(lane.adapter_.turns, [this, &lane] { return lane.take_turn(until_us); }) {}
  std::int64_t until_us = 0;  // of the call under way
  adapters::PrepaidGate gate;
  std::unique_ptr<adapters::Lookup> lookup;
  std::optional<adapters::Mapper> mapper;
};

CallLane::CallLane(LiveAdapter adapter, const Clock& clock, LaneLimits limits)
    : adapter_(std::move(adapter)), clock_(clock), limits_(limits) {}

CallLane::~CallLane() {
  for (auto& worker : workers_) {
    if (worker.thread.get_id() == std::this_thread::get_id()) {
      worker.thread.detach();  // it has nothing left to do but to let go of this lane
    } else {
      worker.thread.join();
    }
  }
}

Result<std::shared_ptr<Line>> CallLane::reserve(const adapters::OutputRule& rule) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return Error(Reason::kShuttingDown);
  if (places_ >= limits_.calls) return Error(Reason::kSourceBusy);
  // A call whose turn cannot come in its time is not announced only to be refused.
  const std::int64_t latest = clock_.monotonic_us() + limits_.waiting_ms * 1000;
  const std::size_t ahead = unasked_ + calls_.size() + turning_;
  if (adapter_.turns->earliest_us(ahead) > latest) return Error(Reason::kSourceBusy);
  if (failures_ >= limits_.failures) {
    if (trying_ || clock_.monotonic_us() < paused_until_us_) return Error(Reason::kSourcePaused);
    trying_ = true;
  }
  ++places_;
  ++unasked_;
  return std::shared_ptr<Line>(std::make_shared<Place>(shared_from_this(), rule));
}

void CallLane::give_back(Asked asked) {
  const std::lock_guard lock(mutex_);
  --places_;
  if (asked == Asked::kNo) --unasked_;
  trying_ = false;  // also when the call was never made
}

void CallLane::reap() {
  for (auto it = workers_.begin(); it != workers_.end();) {
    if (!it->ended) {
      ++it;
      continue;
    }
    it->thread.join();  // it has left its loop
    it = workers_.erase(it);
  }
}

void CallLane::ask(Call call) {
  {
    const std::lock_guard lock(mutex_);
    --unasked_;
    if (!stopping_) {
      calls_.push_back(std::move(call));
      reap();
      if (idle_ < calls_.size() && staying_ < most_threads()) {
        ++staying_;
        Worker& worker = workers_.emplace_back();
        worker.thread = std::thread([lane = shared_from_this(), &worker] { lane->work(worker); });
      }
      wake_.notify_one();
      return;
    }
  }
  call.done(Error(Reason::kShuttingDown));
}

void CallLane::stop() {
  std::deque<Call> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(calls_);
  }
  wake_.notify_all();
  adapter_.turns->wake();
  for (auto& call : dropped) call.done(Error(Reason::kShuttingDown));
}

bool CallLane::supported() const {
  const std::lock_guard lock(mutex_);
  return !unsupported_;
}

std::optional<UtcTime> CallLane::last_answer() const {
  const std::lock_guard lock(mutex_);
  return last_answer_;
}

std::optional<CallLane::Call> CallLane::next_call() {
  std::unique_lock lock(mutex_);
  ++idle_;
  wake_.wait_for(lock, std::chrono::milliseconds(limits_.idle_ms),
                 [this] { return stopping_ || !calls_.empty(); });
  --idle_;
  if (calls_.empty()) {
    --staying_;  // decided here: whoever asks from now on gets another thread
    return std::nullopt;
  }
  Call call = std::move(calls_.front());
  calls_.pop_front();
  return call;
}

void CallLane::work(Worker& self) {
  answer_calls();
  const std::lock_guard lock(mutex_);
  self.ended = true;
  wake_.notify_all();
}

void CallLane::wait_ended() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] {
    return std::all_of(workers_.begin(), workers_.end(), [](const Worker& w) { return w.ended; });
  });
}

// No more than may call at once.
std::size_t CallLane::most_threads() const {
  const std::size_t most = adapter_.mapping->limits.calls.concurrent_calls;
  return most == 0 ? limits_.threads : std::min(most, limits_.threads);
}

Status CallLane::take_turn(std::int64_t until_us) {
  const auto turning = [this](std::size_t more, std::size_t fewer) {
    const std::lock_guard lock(mutex_);
    turning_ = turning_ + more - fewer;
  };
  turning(1, 0);
  Status out = adapter_.turns->begin(until_us, [this] { return stopping_.load(); });
  turning(0, 1);
  return out;
}

void CallLane::answer_calls() {
  std::optional<Session> session;  // closed before the lane says that its thread has ended
  while (auto call = next_call()) {
    if (!session) session.emplace(*this);
    session->until_us = call->since_us + limits_.waiting_ms * 1000;
    const bool late = clock_.monotonic_us() > session->until_us;
    const Status turn = late ? Status(Error(Reason::kSourceBusy)) : take_turn(session->until_us);
    auto found = turn.ok() ? perform_in_turn(*session, *call) : Line::Found(turn.error());
    if (turn.ok()) note(found);
    if (turn.ok() && !found.ok()) session.reset();
    const auto done = std::move(call->done);
    call.reset();
    done(std::move(found));
  }
}

Line::Found CallLane::perform_in_turn(Session& session, const Call& call) const {
  session.gate.set_taken();
  auto found = perform(session, call);
  session.gate.give_back();
  return found;
}

// A row that is not an issued licence is none; any other row that cannot be read is not passed
// over: it might be the one that counts.
Line::Found CallLane::perform(Session& session, const Call& call) const {
  if (session.lookup == nullptr) {
    session.lookup = LH_TRY(adapter_.kind->lookup(adapter_.mapping->source));
    session.lookup->obey(&session.gate);
    session.mapper = LH_TRY(adapters::Mapper::bind(*adapter_.mapping, session.lookup->columns()));
  }
  const auto key = adapters::lookup_key(*call.rule, call.wanted.holder.value.reveal());
  const auto rows = LH_TRY(session.lookup->find(key));
  std::vector<adapters::MappedRecord> out;
  for (const auto& row : rows) {
    auto mapped = session.mapper->apply(row);
    if (!mapped.errors.empty()) {
      const auto& error = mapped.errors.front();
      if (error.reason == Reason::kRowNotIssued) continue;
      return Error(Reason::kSourceAnswer, std::string(reason_id(error.reason)) + " " + error.field);
    }
    for (auto& record : mapped.records) {
      const bool wanted =
          record.kind == adapters::RecordKind::kLicence && record.object == call.wanted.type;
      if (wanted) out.push_back(std::move(record));
    }
  }
  return out;
}

void CallLane::note(const Line::Found& found) {
  const std::lock_guard lock(mutex_);
  trying_ = false;
  // It had no turn to repeat what failed: nothing was learned.
  if (!found.ok() && found.error().reason() == Reason::kSourceBusy) return;
  const bool down = !found.ok() && found.error().reason() == Reason::kSourceUnavailable;
  if (!down) {
    failures_ = 0;
    unsupported_ = !found.ok() && found.error().reason() == Reason::kAdapterUnsupported;
    if (found.ok()) last_answer_ = clock_.now();
    return;
  }
  ++failures_;
  if (failures_ < limits_.failures) return;
  const std::uint32_t doublings = std::min(failures_ - limits_.failures, std::uint32_t{16});
  const std::int64_t pause = std::min(limits_.pause_ms << doublings, limits_.longest_pause_ms);
  paused_until_us_ = clock_.monotonic_us() + pause * 1000;
}

}  // namespace lh::hub::app::calls
