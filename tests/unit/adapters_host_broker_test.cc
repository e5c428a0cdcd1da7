// Tasks wait for their own host, answers for their own task, and nobody waits for ever.
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>

#include "adapters/host/broker.h"

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
  Broker broker;
  broker.take(kFront, [&broker](std::optional<std::string> task) {
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
  Broker broker;
  std::promise<std::string> given;
  std::thread asking([&broker] { EXPECT_EQ(broker.ask(kFront, task_of, 5000).value(), "late"); });
  broker.take(kFront, [&given](std::optional<std::string> task) { given.set_value(*task); });
  EXPECT_TRUE(broker.answer(kFront, id_of(given.get_future().get()), "late").ok());
  asking.join();
}

TEST(Broker, NobodyElseIsGivenATaskNorMayAnswerIt) {
  Broker broker({64, 4, 20000});
  std::atomic<int> others = 0;
  broker.take(kOther, [&others](std::optional<std::string> task) { others += task ? 1 : 0; });
  std::string id;
  broker.take(kFront, [&](std::optional<std::string> task) { id = id_of(*task); });
  const auto answer = broker.ask(
      kFront, [](std::string_view given) { return task_of(given); }, 20);
  EXPECT_EQ(answer.error().reason(), Reason::kSourceUnavailable);
  EXPECT_EQ(others, 0);
  EXPECT_EQ(broker.answer(kOther, id, "x").error().reason(), Reason::kAdapterState);
  EXPECT_EQ(broker.answer(kFront, id, "x").error().reason(), Reason::kAdapterState) << "too late";
  EXPECT_EQ(broker.answer(kFront, "99", "x").error().reason(), Reason::kAdapterState);
}

TEST(Broker, ATaskIsAnsweredOnce) {
  Broker broker;
  Status second = ok_status();
  broker.take(kFront, [&](std::optional<std::string> task) {
    EXPECT_TRUE(broker.answer(kFront, id_of(*task), "first").ok());
    second = broker.answer(kFront, id_of(*task), "second");
  });
  EXPECT_EQ(broker.ask(kFront, task_of, 5000).value(), "first");
  EXPECT_FALSE(second.ok());
}

TEST(Broker, AQueueHasAnEnd) {
  Broker broker({0, 4, 20000});
  EXPECT_EQ(broker.ask(kFront, task_of, 1000).error().reason(), Reason::kSourceBusy);
}

TEST(Broker, TooManyHostsOfOneSystemAreSentAwayTheOldestFirst) {
  Broker broker({64, 1, 20000});
  std::string gone;
  broker.take(kFront, [&gone](std::optional<std::string> task) { gone += task ? "t" : "1"; });
  broker.take(kFront, [&gone](std::optional<std::string> task) { gone += task ? "t" : "2"; });
  EXPECT_EQ(gone, "1");
  broker.stop();
  EXPECT_EQ(gone, "12");
  broker.take(kFront, [&gone](std::optional<std::string> task) { gone += task ? "t" : "3"; });
  EXPECT_EQ(gone, "123");
  EXPECT_EQ(broker.ask(kFront, task_of, 5000).error().reason(), Reason::kSourceUnavailable);
}

}  // namespace
}  // namespace lh::adapters::host
