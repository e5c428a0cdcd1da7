// Tasks wait for their own host, answers for their own task, and nobody waits for ever.
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>

#include "adapters/host/broker.h"
#include "tests/kits/seeded_random.h"

namespace lh::adapters::host {
namespace {

const Owner kFront{"11990100MB9900021U", "front"};
const Owner kOther{"11990100MB9900021U", "other"};

std::string task_of(std::string_view id) {
  return "task " + std::string(id);
}

// A host that answers one task.
std::string id_of(const std::string& task) {
  return task.substr(5);
}

TEST(Broker, ATaskReachesTheHostThatWaitsAndItsAnswerComesBack) {
  kits::SeededRandom random(1);
  Broker broker(random);
  broker.take({kFront}, [&broker](std::optional<std::string> task) {
    ASSERT_TRUE(task);
    std::thread([&broker, id = id_of(*task)] {
      EXPECT_TRUE(broker.answer(kFront, id, "answer").ok());
    }).detach();
  });
  const auto answer = broker.ask(kFront, task_of, 5000);
  ASSERT_TRUE(answer.ok()) << answer.error().describe();
  EXPECT_EQ(*answer, "answer");
}

TEST(Broker, WhicheverComesFirstWaitsForTheOther) {
  kits::SeededRandom random(1);
  Broker broker(random);
  std::promise<std::string> given;
  std::thread asking([&broker] { EXPECT_EQ(broker.ask(kFront, task_of, 5000).value(), "late"); });
  broker.take({kFront}, [&given](std::optional<std::string> task) { given.set_value(*task); });
  EXPECT_TRUE(broker.answer(kFront, id_of(given.get_future().get()), "late").ok());
  asking.join();
}

TEST(Broker, NobodyElseIsGivenATaskNorMayAnswerIt) {
  kits::SeededRandom random(1);
  Broker broker(random, {64, 4, 20000});
  std::atomic<int> others = 0;
  broker.take({kOther}, [&others](std::optional<std::string> task) { others += task ? 1 : 0; });
  std::string id;
  broker.take({kFront}, [&](std::optional<std::string> task) { id = id_of(*task); });
  const auto answer = broker.ask(
      kFront, [](std::string_view given) { return task_of(given); }, 20);
  EXPECT_EQ(answer.error().reason(), Reason::kSourceUnavailable);
  EXPECT_EQ(others, 0);
  EXPECT_EQ(broker.answer(kOther, id, "x").error().reason(), Reason::kAdapterState);
  EXPECT_EQ(broker.answer(kFront, id, "x").error().reason(), Reason::kAdapterState) << "too late";
  EXPECT_EQ(broker.answer(kFront, "99", "x").error().reason(), Reason::kAdapterState);
}

TEST(Broker, ATaskIsAnsweredOnce) {
  kits::SeededRandom random(1);
  Broker broker(random);
  Status second = ok_status();
  broker.take({kFront}, [&](std::optional<std::string> task) {
    EXPECT_TRUE(broker.answer(kFront, id_of(*task), "first").ok());
    second = broker.answer(kFront, id_of(*task), "second");
  });
  EXPECT_EQ(broker.ask(kFront, task_of, 5000).value(), "first");
  EXPECT_FALSE(second.ok());
}

TEST(Broker, AQueueHasAnEnd) {
  kits::SeededRandom random(1);
  Broker broker(random, {0, 4, 20000});
  EXPECT_EQ(broker.ask(kFront, task_of, 1000).error().reason(), Reason::kSourceBusy);
}

TEST(Broker, TooManyHostsOfOneSystemAreSentAwayTheOldestFirst) {
  kits::SeededRandom random(1);
  Broker broker(random, {64, 1, 20000});
  std::string gone;
  broker.take({kFront}, [&gone](std::optional<std::string> task) { gone += task ? "t" : "1"; });
  broker.take({kFront}, [&gone](std::optional<std::string> task) { gone += task ? "t" : "2"; });
  EXPECT_EQ(gone, "1");
  broker.stop();
  EXPECT_EQ(gone, "12");
  broker.take({kFront}, [&gone](std::optional<std::string> task) { gone += task ? "t" : "3"; });
  EXPECT_EQ(gone, "123");
  EXPECT_EQ(broker.ask(kFront, task_of, 5000).error().reason(), Reason::kSourceUnavailable);
}

// ---- what is lost with a connection
// ---------------------------------------------------------------

// A broker that notices soon.
struct Watched {
  kits::SeededRandom random{1};
  Broker broker{random, {64, 4, 20000, 30, 60}};
  std::future<std::string> ask(std::int64_t ms = 20000) {
    return std::async(std::launch::async, [this, ms] {
      const auto answer = broker.ask(kFront, task_of, ms);
      return answer.ok() ? *answer : std::string(answer.error().id());
    });
  }
  // The id of the task it is given; empty: none.
  std::future<std::string> take(const Host& host) {
    auto given = std::make_shared<std::promise<std::string>>();
    broker.take(host, [given](const std::optional<std::string>& task) {
      given->set_value(task ? id_of(*task) : "");
    });
    return given->get_future();
  }
};

TEST(LostTask, IsGivenAgainAtOnceToTheHostThatComesBack) {
  Watched w;
  auto asked = w.ask();
  const std::string id = w.take({kFront, "a"}).get();
  EXPECT_EQ(w.take({kFront, "a"}).get(), id) << "it never arrived";
  EXPECT_TRUE(w.broker.at_work({kFront, "a"}, id).ok());
  EXPECT_EQ(w.take({kFront, "a"}).get(), id) << "nor did its answer";
  EXPECT_TRUE(w.broker.answer(kFront, id, "done").ok());
  EXPECT_EQ(asked.get(), "done");
  EXPECT_FALSE(w.broker.at_work({kFront, "a"}, id).ok());
}

TEST(LostTask, GoesToTheNextHostWhenItIsNotConfirmed) {
  Watched w;
  auto asked = w.ask();
  const std::string id = w.take({kFront, "dead"}).get();
  auto next = w.take({kFront, "b"});
  EXPECT_EQ(next.get(), id);
  EXPECT_EQ(w.broker.at_work({kFront, "dead"}, id).error().reason(), Reason::kAdapterState)
      << "it has another host now";
  EXPECT_TRUE(w.broker.at_work({kFront, "b"}, id).ok());
  EXPECT_TRUE(w.broker.answer(kFront, id, "b").ok());
  EXPECT_EQ(asked.get(), "b");
}

TEST(LostTask, GoesToTheNextHostWhenTheOneAtWorkFallsSilent) {
  Watched w;
  auto asked = w.ask();
  const std::string id = w.take({kFront, "a"}).get();
  ASSERT_TRUE(w.broker.at_work({kFront, "a"}, id).ok());
  EXPECT_EQ(w.take({kFront, "b"}).get(), id);
  EXPECT_TRUE(w.broker.answer(kFront, id, "late but first").ok()) << "whoever is first is believed";
  EXPECT_EQ(asked.get(), "late but first");
}

TEST(LostTask, StaysWithAHostThatGivesSignsOfLife) {
  kits::SeededRandom random(1);
  Broker broker(random, {64, 4, 20000, 700, 700});  // longer than the broker's look
  auto asked = std::async(std::launch::async, [&] { return broker.ask(kFront, task_of, 20000); });
  std::promise<std::string> given;
  broker.take({kFront, "a"}, [&](const auto& task) { given.set_value(id_of(*task)); });
  const std::string id = given.get_future().get();
  std::atomic<bool> other_has_it = false;
  broker.take({kFront, "b"}, [&](const auto& task) { other_has_it = task.has_value(); });
  for (int i = 0; i < 12; ++i) {
    ASSERT_TRUE(broker.at_work({kFront, "a"}, id).ok());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_FALSE(other_has_it);
  EXPECT_TRUE(broker.answer(kFront, id, "done").ok());
  EXPECT_EQ(asked.get().value(), "done");
  broker.stop();
}

TEST(LostTask, OfAHostThatSaysNothingOfItselfIsNotGuessed) {
  Watched w;
  auto asked = w.ask(700);
  const std::string id = w.take({kFront}).get();
  auto next = w.take({kFront});
  EXPECT_EQ(next.wait_for(std::chrono::milliseconds(600)), std::future_status::timeout);
  EXPECT_EQ(w.broker.at_work({kFront}, id).error().reason(), Reason::kAdapterState);
  EXPECT_EQ(asked.get(), "source.unavailable");
  w.broker.stop();
}

TEST(LostTask, ComesBeforeThoseThatCameLater) {
  Watched w;
  auto first = w.ask();
  const std::string id = w.take({kFront, "a"}).get();
  auto second = w.ask();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(w.take({kFront, "a"}).get(), id);
  ASSERT_TRUE(w.broker.answer(kFront, id, "1").ok());
  const std::string other = w.take({kFront, "a"}).get();
  EXPECT_NE(other, id);
  ASSERT_TRUE(w.broker.answer(kFront, other, "2").ok());
  EXPECT_EQ(first.get() + second.get(), "12");
}

TEST(LostTask, OfAnotherSystemIsNotTouched) {
  Watched w;
  auto asked = w.ask();
  const std::string id = w.take({kFront, "a"}).get();
  ASSERT_TRUE(w.broker.at_work({kFront, "a"}, id).ok());
  EXPECT_FALSE(w.broker.at_work({kOther, "a"}, id).ok());
  auto other = w.take({kOther, "a"});
  EXPECT_EQ(other.wait_for(std::chrono::milliseconds(0)), std::future_status::timeout);
  EXPECT_TRUE(w.broker.answer(kFront, id, "x").ok());
  EXPECT_EQ(asked.get(), "x");
  w.broker.stop();
  EXPECT_EQ(other.get(), "");
}

// A hub that was restarted counts from 1 again; what a host brings it from before fits nothing.
TEST(LostTask, AnAnswerFromBeforeARestartFitsNoTaskOfNow) {
  std::vector<std::string> ids;
  kits::SeededRandom random(7);
  for (int run = 0; run < 2; ++run) {
    Broker broker(random);
    broker.take({kFront, "a"}, [&](const auto& task) {
      for (const auto& old : ids) {
        EXPECT_EQ(broker.answer(kFront, old, "old").error().reason(), Reason::kAdapterState);
      }
      ids.push_back(id_of(*task));
      EXPECT_TRUE(broker.answer(kFront, ids.back(), "new").ok());
    });
    EXPECT_EQ(broker.ask(kFront, task_of, 5000).value(), "new");
  }
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_EQ(ids[0].size(), 34U) << "128 bits of the run and the number";
}

}  // namespace
}  // namespace lh::adapters::host
