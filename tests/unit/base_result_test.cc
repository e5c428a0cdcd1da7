#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace lh {
namespace {

Result<int> half(int v) {
  if (v % 2 != 0) return Error(Reason::kInputMalformed, "odd");
  return v / 2;
}

Result<int> quarter(int v) {
  const int h = LH_TRY(half(v));
  return LH_TRY(half(h));
}

Status must_be_even(int v) {
  LH_TRY(half(v));
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_EQ(half(4).value(), 2);
  EXPECT_TRUE(half(4).ok());
  EXPECT_FALSE(half(3));
  EXPECT_EQ(half(3).error().reason(), Reason::kInputMalformed);
  EXPECT_EQ(half(3).error().detail(), "odd");
}

TEST(Result, TryLeavesWithTheErrorOfTheFirstFailure) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_FALSE(quarter(6).ok());
  EXPECT_FALSE(quarter(5).ok());
  EXPECT_TRUE(must_be_even(2).ok());
  EXPECT_EQ(must_be_even(1).error().detail(), "odd");
}

TEST(Result, MovesWhatCannotBeCopied) {
  const auto make = [](bool good) -> Result<std::unique_ptr<int>> {
    if (!good) return Reason::kStoreFailed;
    return std::make_unique<int>(7);
  };
  const auto take = [&](bool good) -> Result<int> {
    const std::unique_ptr<int> p = LH_TRY(make(good));
    return *p;
  };
  EXPECT_EQ(take(true).value(), 7);
  EXPECT_EQ(take(false).error().reason(), Reason::kStoreFailed);
}

TEST(ResultDeathTest, ValueOfAnErrorAborts) {
  EXPECT_DEATH(static_cast<void>(half(3).value()), "input.malformed: odd");
  EXPECT_DEATH(must_be_even(1).value(), "check.failed");
}

TEST(ResultDeathTest, CheckAbortsAndNamesTheCondition) {
  const int one = 1;
  LH_CHECK(one == 1, "never");
  EXPECT_DEATH(LH_CHECK(one == 2, "one is two"), "one == 2.*one is two");
}

TEST(Result, ADroppedErrorIsWrittenOut) {
  ignore(half(3), "the test wants to");
}

}  // namespace
}  // namespace lh
