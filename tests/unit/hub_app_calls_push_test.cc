// Pushes: in the batch of the act, in order, each attempt announced and recorded, tried again until
// it is given up, and never forgotten.
#include <gtest/gtest.h>

#include <thread>

#include "hub/app/calls/unfinished.h"
#include "tests/unit/hub_app_calls_kit.h"

namespace lh {
namespace {

using hub::app::calls::Pushes;
using hub::exchange::PushState;
using kits::CallingHub;
using kits::text_of;
using schemas::AuditEvent;

const std::atomic<bool> kGoOn = false;

struct PushHub : CallingHub {
  PushHub() : pushes(call_parts()) {}
  void deliver() { ASSERT_TRUE(pushes.deliver("firms", kGoOn).ok()); }
  std::string value(std::size_t push, std::string_view column) {
    for (const auto& [name, text] : world_of_sources.pushed.at(push).second) {
      if (name == column) return text;
    }
    return "-";
  }
  Pushes pushes;
};

TEST(Push, TheRowIsInTheBatchOfTheAct) {
  PushHub hub;
  const auto before = hub.ledger->state().size;
  hub.issue(CallingHub::health_request(5));
  EXPECT_EQ(hub.ledger->state().size, before + 1);
  EXPECT_EQ(hub.outbox().waiting, 1U);
  EXPECT_EQ(hub.pushes.due().value(), std::vector<std::string>{"firms"});
  hub.issue(CallingHub::business_request(5));
  EXPECT_EQ(hub.outbox().waiting, 1U) << "another type is not asked for";
  const auto row = hub::exchange::list_outbox(*hub.store, "firms", PushState::kWaiting, 9).value();
  EXPECT_EQ(row.front().commit_index, before);
  EXPECT_EQ(hub.everything().find("测试人员5"), Bytes::npos) << "nothing personal in the outbox";
}

// A push takes its turn before it is announced, so what has none leaves no mark.
TEST(Push, WaitsForItsTurnWithoutHoldingItsThread) {
  PushHub hub;
  hub.enable(hub::ingest::AdapterMode::kLive,
             std::string(kits::kCallsMapping) + "[limits]\ncalls_per_minute = 1\n");
  hub.issue(CallingHub::health_request(5));
  hub.issue(CallingHub::health_request(6));
  const auto before = hub.ledger->state().size;
  std::atomic<bool> over = false;
  std::thread time([&] {
    for (; !over; std::this_thread::sleep_for(std::chrono::milliseconds(1))) hub.clock.pass_ms(20);
  });
  hub.deliver();
  over = true;
  time.join();
  EXPECT_EQ(hub.world_of_sources.pushed.size(), 1U);
  EXPECT_EQ(hub.ledger->state().size, before + 2) << "the second was not even announced";
  EXPECT_EQ(hub.pushes.due().value(), std::vector<std::string>{"firms"}) << "it stays due";
  EXPECT_EQ(hub.outbox().failed, 0U);
  hub.clock.pass_ms(60'000);
  hub.turns->adopt({});
  hub.deliver();
  EXPECT_EQ(hub.world_of_sources.pushed.size(), 2U);
}

TEST(Push, IsAnnouncedSentAndRecordedInOrder) {
  PushHub hub;
  const auto issued = hub.issue(CallingHub::health_request(5));
  const auto id = text_of(issued, "licence_id");
  hub.clock.pass_ms(1000);
  ASSERT_TRUE(hub.act(id, schemas::StatusAction::kRevoke).ok());
  const auto before = hub.ledger->state().size;
  hub.deliver();
  ASSERT_EQ(hub.world_of_sources.pushed.size(), 2U);
  EXPECT_EQ(hub.value(0, "certNo"), id);
  EXPECT_EQ(hub.value(0, "who"), "测试人员5");
  EXPECT_EQ(hub.value(0, "what") + " " + hub.value(0, "now"), "issued valid");
  EXPECT_EQ(hub.value(1, "what") + " " + hub.value(1, "now"), "revoke revoked");
  EXPECT_EQ(hub.ledger->state().size, before + 4);
  const auto intent = hub.entry(before);
  const auto outcome = hub.entry(before + 1);
  EXPECT_EQ(intent.event, AuditEvent::kSourceIntent);
  EXPECT_EQ(outcome.event, AuditEvent::kSourceOutcome);
  EXPECT_EQ(intent.correlation, outcome.correlation);
  EXPECT_EQ(intent.correlation, hub.world_of_sources.pushed[0].first);
  EXPECT_EQ(intent.purpose, "firms");
  EXPECT_EQ(intent.subjects.size(), 1U) << "the holder sees it";
  EXPECT_EQ(hub.outbox().waiting + hub.outbox().failed, 0U);
  EXPECT_EQ(hub.open_calls(), 0U);
}

TEST(Push, ASourceThatIsDownIsTriedAgainWithTheSameIdAndNothingOvertakes) {
  PushHub hub;
  hub.world_of_sources.push_down = Error(Reason::kSourceUnavailable);
  hub.issue(CallingHub::health_request(5));
  hub.clock.pass_ms(1);
  hub.issue(CallingHub::health_request(6));
  hub.deliver();
  EXPECT_EQ(hub.world_of_sources.pushed.size(), 1U) << "the later one waits";
  EXPECT_EQ(hub.last_entry().reason, "source.unavailable");
  EXPECT_TRUE(hub.pushes.due().value().empty());
  hub.deliver();
  EXPECT_EQ(hub.world_of_sources.pushed.size(), 1U) << "not before its time";
  hub.clock.pass_ms(3000);
  hub.world_of_sources.push_down.reset();
  hub.deliver();
  ASSERT_EQ(hub.world_of_sources.pushed.size(), 3U);
  EXPECT_EQ(hub.world_of_sources.pushed[0].first, hub.world_of_sources.pushed[1].first);
  EXPECT_EQ(hub.value(1, "who") + hub.value(2, "who"), "测试人员5测试人员6");
  EXPECT_EQ(hub.outbox().waiting, 0U);
}

// The outcome of an attempt could not be kept: the next attempt is another call, and the first one
// still gets an outcome of its own when the hub starts again.
TEST(Push, AnAttemptWhoseOutcomeWasLostIsNotForgotten) {
  PushHub hub;
  hub.issue(CallingHub::health_request(5));
  std::atomic<int> batches{0};
  hub.ledger->set_write_guard([&batches]() -> Status {
    if (++batches == 2) return Error(Reason::kAuditUnavailable);  // the first is the intent
    return ok_status();
  });
  EXPECT_FALSE(hub.pushes.deliver("firms", kGoOn).ok());
  hub.deliver();
  ASSERT_EQ(hub.world_of_sources.pushed.size(), 2U);
  EXPECT_EQ(hub.world_of_sources.pushed[0].first, hub.world_of_sources.pushed[1].first);
  EXPECT_EQ(hub.open_calls(), 1U) << "the attempt without an outcome";
  auto left = hub::app::calls::Unfinished::find(hub.call_parts()).value();
  ASSERT_TRUE(left->conclude().ok());
  EXPECT_EQ(hub.last_entry().reason, "source.outcome_unknown");
  EXPECT_EQ(hub.open_calls(), 0U);
}

TEST(Push, IsGivenUpAfterManyAttemptsAndAnOperatorTriesAgain) {
  PushHub hub;
  hub.world_of_sources.push_down = Error(Reason::kSourceUnavailable);
  hub.issue(CallingHub::health_request(5));
  for (int i = 0; i < 40 && hub.outbox().failed == 0; ++i) {
    hub.deliver();
    hub.clock.pass_ms(2LL * 3600 * 1000);
  }
  EXPECT_EQ(hub.outbox().failed, 1U);
  EXPECT_EQ(hub.world_of_sources.pushed.size(), 16U);
  const auto shown = hub::app::calls::pushes_json(*hub.store, "firms", 5).value();
  EXPECT_EQ(text_of((*shown.find("pushes")->items())[0], "reason"), "source.unavailable");
  hub.world_of_sources.push_down.reset();
  hub.deliver();
  EXPECT_EQ(hub.world_of_sources.pushed.size(), 16U);
  hub::audit::EntryFacts facts;
  facts.event = AuditEvent::kMaintenance;
  EXPECT_EQ(hub.pushes.retry("firms", facts).value(), 1U);
  hub.deliver();
  EXPECT_EQ(hub.world_of_sources.pushed.size(), 17U);
  EXPECT_EQ(hub.outbox().failed + hub.outbox().waiting, 0U);
}

TEST(Push, WhatTheSourceRefusesIsNotRepeatedAndTheNextGoesOn) {
  PushHub hub;
  hub.world_of_sources.push_down = Error(Reason::kSourceRefused);
  hub.issue(CallingHub::health_request(5));
  hub.clock.pass_ms(1);
  hub.issue(CallingHub::health_request(6));
  hub.deliver();
  EXPECT_EQ(hub.world_of_sources.pushed.size(), 2U);
  EXPECT_EQ(hub.outbox().failed, 2U);
}

TEST(Push, ADisabledAdapterIsNotTold) {
  PushHub hub;
  hub.issue(CallingHub::health_request(5));
  hub.enable(hub::ingest::AdapterMode::kDisabled);
  hub.deliver();
  EXPECT_TRUE(hub.pushes.due().value().empty());
  EXPECT_TRUE(hub.world_of_sources.pushed.empty());
  EXPECT_EQ(hub.outbox().waiting, 1U) << "it waits";
  hub.issue(CallingHub::health_request(6));
  EXPECT_EQ(hub.outbox().waiting, 1U);
}

TEST(Push, AMappingThatAsksForLessIsHeard) {
  PushHub hub;
  std::string only_status(kits::kCallsMapping);
  only_status += "on = [\"status\"]\n";
  hub.enable(hub::ingest::AdapterMode::kLive, only_status);
  const auto issued = hub.issue(CallingHub::health_request(5));
  EXPECT_EQ(hub.outbox().waiting, 0U);
  ASSERT_TRUE(hub.act(text_of(issued, "licence_id"), schemas::StatusAction::kSuspend).ok());
  EXPECT_EQ(hub.outbox().waiting, 1U);
}

TEST(Push, WhatCanNoLongerBeSaidIsGivenUpWithoutACall) {
  PushHub hub;
  hub.issue(CallingHub::health_request(5));
  std::string other(kits::kCallsMapping);
  const std::string health = "11990100MB99000131004";
  other.replace(other.find(health), health.size(), "11990100MB99000131003");
  hub.enable(hub::ingest::AdapterMode::kLive, other);
  hub.deliver();
  EXPECT_TRUE(hub.world_of_sources.pushed.empty());
  EXPECT_EQ(hub.outbox().failed, 1U);
  EXPECT_EQ(hub.last_entry().reason, "adapter.state");
}

}  // namespace
}  // namespace lh
