// The laws of turns: never more than the rate and the burst, never more at once than allowed,
// nobody waits for ever, and a turn that was kept is kept.
#include "adapters/call_turns.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "adapters/memory/memory_source.h"

namespace lh::adapters {
namespace {

class ToldClock final : public Clock {
 public:
  UtcTime now() const override { return UtcTime{us / 1000}; }
  std::int64_t monotonic_us() const override { return us; }
  std::atomic<std::int64_t> us = 7'000'000;
};

CallLimits per_second(std::uint32_t calls, std::uint32_t burst = 1) {
  CallLimits out;
  out.calls_per_second = calls;
  out.calls_burst = burst;
  return out;
}

// A call that does not wait.
bool try_call(CallTurns& turns, const ToldClock& clock,
              CallTurns::Comes comes = CallTurns::Comes::kOnce) {
  return turns.begin(clock.us, {}, comes).ok();
}

// In every window, however the calls come: at most burst + rate * t of them, and of somebody who
// always asks at least rate * t.
TEST(CallTurns, InNoWindowAreThereMoreThanTheRateAndTheBurst) {
  std::mt19937_64 random(20260101);
  for (int round = 0; round < 40; ++round) {
    ToldClock clock;
    const auto rate = static_cast<std::uint32_t>(1 + random() % 997);
    const auto burst = static_cast<std::uint32_t>(1 + random() % 9);
    CallTurns turns(clock, per_second(rate, burst));
    std::vector<std::int64_t> made;
    for (int step = 0; step < 400; ++step) {
      const std::int64_t most = random() % 8 == 0 ? 3'000'000 : 2'000'000 / rate;
      clock.us += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most + 1));
      for (auto tries = random() % 4; tries > 0; --tries) {
        if (!try_call(turns, clock)) continue;
        turns.end();
        made.push_back(clock.us);
      }
    }
    ASSERT_GT(made.size(), 20U);
    // Of all windows at once: n calls from made[i] to made[j] are at most rate * t + burst.
    double least = 0;
    for (std::size_t i = 0; i < made.size(); ++i) {
      const auto ahead = static_cast<double>(i) - static_cast<double>(made[i]) * rate / 1e6;
      if (i == 0 || ahead < least) least = ahead;
      ASSERT_LE(ahead - least + 1, burst + 1e-6) << rate << "/s, burst " << burst;
    }
  }
}

TEST(CallTurns, WhoAlwaysAsksGetsTheWholeRate) {
  for (const std::uint32_t rate : {1U, 3U, 7U, 100U}) {
    ToldClock clock;
    CallTurns turns(clock, per_second(rate));
    const std::int64_t begun = clock.us;
    std::uint32_t made = 0;
    for (; clock.us < begun + 10'000'000; clock.us += 1'000) {
      if (!try_call(turns, clock)) continue;
      turns.end();
      ++made;
    }
    EXPECT_LE(made, rate * 10 + 1);
    EXPECT_GE(made, rate * 10 * 9 / 10) << rate;
  }
}

TEST(CallTurns, AMinuteIsSixtySeconds) {
  ToldClock clock;
  CallLimits limits;
  limits.calls_per_minute = 2;
  CallTurns turns(clock, limits);
  EXPECT_TRUE(try_call(turns, clock));
  clock.us += 29'999'999;
  EXPECT_FALSE(try_call(turns, clock));
  EXPECT_EQ(turns.earliest_us(0), clock.us + 1);
  EXPECT_EQ(turns.earliest_us(2), clock.us + 60'000'001);
  clock.us += 1;
  EXPECT_TRUE(try_call(turns, clock));
}

TEST(CallTurns, NeverMoreAtOnceThanAllowed) {
  ToldClock clock;
  CallLimits limits;
  limits.concurrent_calls = 2;
  CallTurns turns(clock, limits);
  EXPECT_TRUE(try_call(turns, clock));
  EXPECT_TRUE(try_call(turns, clock));
  EXPECT_FALSE(try_call(turns, clock));
  turns.end();
  EXPECT_TRUE(try_call(turns, clock));
  limits.concurrent_calls = 3;
  turns.adopt(limits);
  EXPECT_TRUE(try_call(turns, clock));
  EXPECT_FALSE(try_call(turns, clock)) << "calls under way stay counted";
}

TEST(CallTurns, ANewRateDoesNotGiveBackWhatWasUsed) {
  ToldClock clock;
  CallTurns turns(clock, per_second(1, 5));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(try_call(turns, clock));
  turns.adopt(per_second(10, 5));
  EXPECT_FALSE(try_call(turns, clock));
  clock.us += 100'000;
  EXPECT_TRUE(try_call(turns, clock));
  turns.adopt(CallLimits{});
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(try_call(turns, clock)) << "no limits";
}

TEST(CallTurns, ATurnIsKeptForWhoComesAgainAndNotForEver) {
  ToldClock clock;
  CallTurns turns(clock, per_second(1));
  EXPECT_TRUE(try_call(turns, clock));
  EXPECT_FALSE(try_call(turns, clock, CallTurns::Comes::kAgain));
  clock.us += 1'000'000;
  EXPECT_FALSE(try_call(turns, clock)) << "it is kept";
  EXPECT_TRUE(try_call(turns, clock, CallTurns::Comes::kAgain));
  clock.us += 1'000'000;
  EXPECT_TRUE(try_call(turns, clock));
  EXPECT_FALSE(try_call(turns, clock, CallTurns::Comes::kAgain));
  clock.us += 3'000'001;
  EXPECT_TRUE(try_call(turns, clock)) << "who does not come back holds nobody up";
}

TEST(CallTurns, WhoIsToStopDoesNotWait) {
  ToldClock clock;
  CallTurns turns(clock, per_second(1));
  EXPECT_TRUE(try_call(turns, clock));
  std::atomic<bool> stop = false;
  std::atomic<Reason> why = Reason::kInternalFailure;
  std::thread waits([&] {
    why = turns.begin(clock.us + 60'000'000, [&stop] { return stop.load(); }).error().reason();
  });
  stop = true;
  turns.wake();
  waits.join();
  EXPECT_EQ(why, Reason::kShuttingDown);
}

// Six that ask without end share what there is: each of them gets near its sixth.
TEST(CallTurns, NobodyStarves) {
  const SystemClock clock;
  CallLimits limits = per_second(2'000);
  limits.concurrent_calls = 1;
  CallTurns turns(clock, limits);
  const std::int64_t until = clock.monotonic_us() + 300'000;
  std::vector<int> made(6);
  std::atomic<int> under_way = 0;
  std::atomic<bool> over = false;
  std::vector<std::thread> callers;
  for (auto& mine : made) {
    callers.emplace_back([&] {
      while (turns.begin(until, {}).ok()) {
        if (++under_way > 1) over = true;
        --under_way;
        ++mine;
        turns.end();
      }
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_FALSE(over);
  const auto [least, most] = std::minmax_element(made.begin(), made.end());
  EXPECT_GT(*least, 0);
  EXPECT_LE(*most - *least, *most / 2 + 2) << *least << " to " << *most;
}

TEST(PrepaidGate, TheFirstRequestIsPaidAndEachFurtherOneTakesItsTurn) {
  ToldClock clock;
  CallLimits limits;
  limits.concurrent_calls = 1;
  const auto turns = std::make_shared<CallTurns>(clock, limits);
  int more = 0;
  PrepaidGate gate(turns, [&] {
    ++more;
    return turns->begin(clock.us, {});
  });
  ASSERT_TRUE(try_call(*turns, clock));
  gate.set_taken();
  { const auto first = Calling::begin(&gate).value(); }
  EXPECT_EQ(more, 0);
  EXPECT_TRUE(try_call(*turns, clock)) << "in between the place is free";
  EXPECT_FALSE(Calling::begin(&gate).ok());
  turns->end();
  { const auto again = Calling::begin(&gate).value(); }
  EXPECT_EQ(more, 2);
  gate.give_back();
  EXPECT_TRUE(try_call(*turns, clock)) << "nothing is given back twice";
  gate.set_taken();
  gate.give_back();
  EXPECT_TRUE(try_call(*turns, clock)) << "a call that needed no request gives its turn back";
}

// A kind whose pull is one call, and one that asks for each.
class PullKind final : public Kind {
 public:
  explicit PullKind(PullCalls calls) : calls_(calls) {}
  std::string_view name() const override { return "pull"; }
  Status check(const SettingsNode& /*source*/) const override { return {}; }
  PullCalls pull_calls() const override { return calls_; }
  Result<std::unique_ptr<Source>> pull(const SettingsNode& /*source*/, const Input& input,
                                       const Cursor& /*from*/) const override {
    if (calls_ == PullCalls::kEach) LH_TRY(Calling::begin(input.calls));
    return memory::make_source({"a"}, {{"1"}});
  }

 private:
  PullCalls calls_;
};

TEST(PullInTurn, IsOneCallToItsEndOrOneForEachRequest) {
  ToldClock clock;
  CallLimits limits;
  limits.concurrent_calls = 1;
  const auto turns = std::make_shared<CallTurns>(clock, limits);
  const PullTerms terms{turns, clock.us, {}};
  auto whole = pull_in_turn(PullKind(PullCalls::kOne), {}, "", {}, terms).value();
  EXPECT_EQ(pull_in_turn(PullKind(PullCalls::kOne), {}, "", {}, terms).error().reason(),
            Reason::kSourceBusy);
  EXPECT_EQ(pull_in_turn(PullKind(PullCalls::kEach), {}, "", {}, terms).error().reason(),
            Reason::kSourceBusy);
  EXPECT_EQ(whole->next().value()->values, std::vector<std::string>{"1"});
  whole.reset();
  const auto pages = pull_in_turn(PullKind(PullCalls::kEach), {}, "", {}, terms).value();
  EXPECT_TRUE(try_call(*turns, clock)) << "between two pages the place is free";
}

}  // namespace
}  // namespace lh::adapters
