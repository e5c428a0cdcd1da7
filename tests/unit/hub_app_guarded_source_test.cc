// A source under its limits, with a clock that is told what time it is.
#include <gtest/gtest.h>

#include "adapters/memory/memory_source.h"
#include "hub/app/runs/guarded_source.h"

namespace lh::hub::app {
namespace {

class ToldClock final : public Clock {
 public:
  UtcTime now() const override { return UtcTime{us / 1000}; }
  std::int64_t monotonic_us() const override { return us; }
  std::int64_t us = 0;
};

class GuardedSourceTest : public ::testing::Test {
 protected:
  GuardedSource open(const adapters::RunLimits& limits, std::optional<UtcTime> closes = {}) {
    return GuardedSource(adapters::memory::make_source({"a"}, {{"1"}, {"2"}, {"3"}}),
                         {limits, closes}, stop, clock);
  }
  ToldClock clock;
  std::atomic<bool> stop = false;
};

TEST_F(GuardedSourceTest, GivesTheRowsOfTheSource) {
  auto source = open({});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(source.next().value().has_value());
  EXPECT_FALSE(source.next().value().has_value());
  EXPECT_EQ(source.rows(), 3U);
  EXPECT_EQ(source.broken_off(), BrokenOff::kNo);
}

TEST_F(GuardedSourceTest, BreaksOffWhenTheHubStops) {
  auto source = open({});
  EXPECT_TRUE(source.next().ok());
  stop = true;
  EXPECT_EQ(source.next().error().reason(), Reason::kAdapterState);
  EXPECT_EQ(source.broken_off(), BrokenOff::kHubStops);
}

TEST_F(GuardedSourceTest, BreaksOffAtItsDeadline) {
  adapters::RunLimits limits;
  limits.run_seconds = 10;
  auto source = open(limits);
  clock.us = 10'000'000;
  EXPECT_TRUE(source.next().ok());
  clock.us = 10'000'001;
  EXPECT_EQ(source.next().error().reason(), Reason::kSourceDeadline);
  EXPECT_EQ(source.broken_off(), BrokenOff::kDeadline);
}

TEST_F(GuardedSourceTest, BreaksOffWhenItsHoursAreOver) {
  auto source = open({}, UtcTime{1000});
  clock.us = 999'999;
  EXPECT_TRUE(source.next().ok());
  clock.us = 1'000'000;
  EXPECT_EQ(source.next().error().reason(), Reason::kAdapterState);
  EXPECT_EQ(source.broken_off(), BrokenOff::kClosed);
}

}  // namespace
}  // namespace lh::hub::app
