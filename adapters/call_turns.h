// The calls of one source under the limits of its mapping, whoever makes them: questions at request
// time, pushes and runs take their turns here. Never more than calls_burst and one for each
// interval since, never more at once than concurrent_calls; in the order of coming, so nobody waits
// for ever.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "adapters/kind.h"
#include "adapters/mapping.h"

namespace lh::adapters {

// Threads: any.
class CallTurns {
 public:
  // The clock outlives it.
  CallTurns(const Clock& clock, const CallLimits& limits) : clock_(clock) { adopt(limits); }
  // From now on; calls under way stay counted, and a rate that was used up stays used up.
  void adopt(const CallLimits& limits);

  // Whoever comes again within a few seconds when it had no turn: its turn is kept until then, so
  // that it need not hold a thread to keep its place. One at a time.
  enum class Comes : std::uint8_t { kOnce, kAgain };
  // Waits for its turn. Errors: source.busy (not before `until_us` of the clock), hub.shutting_down
  // (`stopped` says so; it is asked ten times a second and after wake()).
  Status begin(std::int64_t until_us, const std::function<bool()>& stopped,
               Comes comes = Comes::kOnce);
  void end();
  void wake();

  // Before this time no call that comes behind `ahead` others has its turn.
  std::int64_t earliest_us(std::size_t ahead) const;

 private:
  using Ticket = std::uint64_t;
  std::int64_t wait_us(std::int64_t now_us) const;  // until a call may begin; with the lock held
  bool is_next(Ticket ticket, Comes comes, std::int64_t now_us) const;
  void take(std::int64_t now_us);
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t interval_ns_ = 0;  // 0: no rate
  std::int64_t burst_ns_ = 0;     // how far the calls may be ahead of their rate
  std::size_t most_ = 0;          // at once; 0: any number
  std::int64_t due_ns_ = 0;       // when a call that came at its rate would have come
  std::size_t under_way_ = 0;
  std::deque<Ticket> waiting_;
  Ticket last_ = 0;
  std::int64_t kept_until_us_ = 0;  // the next turn is of the one that comes again
};

// A call whose turn was taken before it was begun: that turn is of its first request, each further
// one (a repetition, a second step) takes its own; in between its place is free.
class PrepaidGate final : public CallGate {
 public:
  PrepaidGate(std::shared_ptr<CallTurns> turns, std::function<Status()> another)
      : turns_(std::move(turns)), another_(std::move(another)) {}
  void set_taken() { taken_ = true; }
  // After the call: when it needed no request, or its kind does not ask.
  void give_back() {
    if (std::exchange(taken_, false)) end();
  }
  Status begin() override {
    if (std::exchange(taken_, false)) return {};
    return another_();
  }
  void end() override { turns_->end(); }

 private:
  std::shared_ptr<CallTurns> turns_;
  std::function<Status()> another_;
  bool taken_ = false;
};

// A pull under the limits of its mapping.
struct PullTerms {
  std::shared_ptr<CallTurns> turns;
  std::int64_t until_us = 0;      // of the clock: waits no longer for a turn
  std::function<bool()> stopped;  // may be empty
};
// As Kind::pull, and source.busy, hub.shutting_down. Its turns are given back with the source.
Result<std::unique_ptr<Source>> pull_in_turn(const Kind& kind, const SettingsNode& source,
                                             const std::string& input, const Cursor& from,
                                             PullTerms terms);

// As Kind::stock, under the same terms.
Result<std::unique_ptr<Source>> stock_in_turn(const Kind& kind, const SettingsNode& source,
                                              const std::string& input, const Cursor& read,
                                              PullTerms terms);

}  // namespace lh::adapters
