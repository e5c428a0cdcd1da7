// The calls of one source at request time: a few threads that live while there is work, each with a
// session of its own that stays open between calls; a bounded queue; a pause after failures. What
// happens in one lane touches no other source and no event loop. The limits of its mapping hold for
// its calls together with whoever else calls the source; a call waits for its turn in the queue.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <thread>

#include "hub/app/calls/board.h"
#include "hub/exchange/calls/obtain.h"

namespace lh::hub::app::calls {

struct LaneLimits {
  std::size_t threads = 4;
  std::size_t calls = 64;            // under way and waiting
  std::int64_t waiting_ms = 10'000;  // longer without a turn: source.busy, without a call
  std::int64_t idle_ms = 60'000;     // a thread without work goes, its session with it
  std::uint32_t failures = 3;        // in a row, then the source is left alone for …
  std::int64_t pause_ms = 5'000;     // … this long, doubled each time the next try fails, …
  std::int64_t longest_pause_ms = 300'000;  // … at most
};

class CallLane : public std::enable_shared_from_this<CallLane> {
 public:
  CallLane(LiveAdapter adapter, const Clock& clock, LaneLimits limits = {});
  ~CallLane();  // each of its threads holds it: none is left but perhaps this one
  CallLane(const CallLane&) = delete;
  CallLane& operator=(const CallLane&) = delete;

  // One place. Errors: source.busy (all are taken, or its turn could not come in time),
  // source.paused, hub.shutting_down.
  Result<std::shared_ptr<exchange::Line>> reserve(const adapters::OutputRule& rule);
  // No new calls; those waiting are answered hub.shutting_down, those under way end. Returns at
  // once.
  void stop();
  void wait_ended();  // after stop(): every session is closed. Not on a thread of the lane
  UtcTime changed() const { return adapter_.changed; }
  // adapter.unsupported was the answer of its kind: it is not offered any more.
  bool supported() const;
  std::optional<UtcTime> last_answer() const;

 private:
  class Place;
  struct Call {
    const adapters::OutputRule* rule = nullptr;
    exchange::Wanted wanted;
    std::function<void(exchange::Line::Found)> done;
    std::int64_t since_us = 0;
  };
  struct Session;
  struct Worker {
    std::thread thread;
    bool ended = false;
  };
  void ask(Call call);
  enum class Asked : std::uint8_t { kNo, kYes };
  void give_back(Asked asked);
  Status take_turn(std::int64_t until_us);
  std::size_t most_threads() const;
  void work(Worker& self);
  void answer_calls();
  std::optional<Call> next_call();
  exchange::Line::Found perform_in_turn(Session& session, const Call& call) const;
  exchange::Line::Found perform(Session& session, const Call& call) const;
  void note(const exchange::Line::Found& found);
  void reap();  // with the lock held

  LiveAdapter adapter_;
  const Clock& clock_;
  LaneLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Call> calls_;
  std::list<Worker> workers_;
  std::size_t places_ = 0;   // taken
  std::size_t idle_ = 0;     // workers that wait
  std::size_t staying_ = 0;  // workers that will look for another call
  std::size_t unasked_ = 0;  // places whose call has not come yet
  std::size_t turning_ = 0;  // calls whose thread waits for their turn
  std::atomic<bool> stopping_ = false;
  bool unsupported_ = false;
  std::uint32_t failures_ = 0;
  std::int64_t paused_until_us_ = 0;
  bool trying_ = false;  // the one call after a pause
  std::optional<UtcTime> last_answer_;
};

}  // namespace lh::hub::app::calls
