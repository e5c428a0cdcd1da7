// The outbox as rows: what was written is read, in the order of time, each state for itself.
#include "hub/exchange/calls/outbox.h"

#include <gtest/gtest.h>

#include "tests/kits/ledger_kit.h"
#include "tests/kits/seeded_random.h"

namespace lh {
namespace {

using namespace hub::exchange;  // NOLINT: a test of this room

TEST(Outbox, TheWaitDoublesWithinAQuarterUntilAnHour) {
  kits::SeededRandom random(7);
  for (std::uint32_t n = 1; n < 16; ++n) {
    const std::int64_t whole = std::min<std::int64_t>(2000LL << (n - 1), 3'600'000);
    for (int i = 0; i < 200; ++i) {
      const auto wait = wait_after(n, random);
      ASSERT_TRUE(wait.has_value());
      EXPECT_GE(*wait, whole - whole / 4);
      EXPECT_LE(*wait, whole + whole / 4);
    }
  }
  EXPECT_FALSE(wait_after(16, random).has_value());
}

}  // namespace
}  // namespace lh
