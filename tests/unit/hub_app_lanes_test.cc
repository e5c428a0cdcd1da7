// Lanes: what hangs in one holds nobody up in another.
#include <gtest/gtest.h>

#include <future>

#include "hub/app/serve/lanes.h"

namespace lh::hub::app::serve {
namespace {

using Started = Lanes::Started;

// A job that works until it is let go.
class Gate {
 public:
  std::function<void()> job() {
    return [this] {
      begun_.set_value();
      open_.get_future().wait();
    };
  }
  void wait_begun() { begun_.get_future().wait(); }
  void open() { open_.set_value(); }

 private:
  std::promise<void> begun_, open_;
};

TEST(Lanes, ASourceThatHangsDelaysNoOther) {
  Gate hanging;
  std::promise<void> other;
  Lanes lanes(4, [] {});
  EXPECT_EQ(lanes.start("slow", hanging.job()), Started::kYes);
  hanging.wait_begun();
  EXPECT_EQ(lanes.start("fast", [&other] { other.set_value(); }), Started::kYes);
  other.get_future().wait();  // while the first one still hangs
  hanging.open();
}

TEST(Lanes, ALaneDoesOneJobAtATime) {
  Gate gate;
  Lanes lanes(4, [] {});
  EXPECT_EQ(lanes.start("a", gate.job()), Started::kYes);
  gate.wait_begun();
  EXPECT_EQ(lanes.start("a", [] {}), Started::kLaneBusy);
  gate.open();
}

TEST(Lanes, AtMostSoManyWorkAtOnce) {
  Gate one, two;
  Lanes lanes(2, [] {});
  EXPECT_EQ(lanes.start("a", one.job()), Started::kYes);
  EXPECT_EQ(lanes.start("b", two.job()), Started::kYes);
  EXPECT_EQ(lanes.start("c", [] {}), Started::kAllBusy);
  EXPECT_EQ(lanes.working(), 2U);
  one.open();
  two.open();
}

TEST(Lanes, ALaneIsFreeAgainWhenItSaysSo) {
  std::promise<void> idle;
  Lanes lanes(1, [&idle] { idle.set_value(); });
  EXPECT_EQ(lanes.start("a", [] {}), Started::kYes);
  idle.get_future().wait();
  idle = std::promise<void>();
  EXPECT_EQ(lanes.start("a", [] {}), Started::kYes);
  idle.get_future().wait();
  EXPECT_EQ(lanes.working(), 0U);
}

TEST(Lanes, TheEndWaitsForWhatIsUnderWay) {
  std::atomic<bool> done = false;
  std::promise<void> begun;
  {
    Lanes lanes(1, [] {});
    lanes.start("a", [&] {
      begun.set_value();
      std::this_thread::yield();
      done = true;
    });
    begun.get_future().wait();
  }
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace lh::hub::app::serve
