// Lanes: what a source says is judged, a session stays open, a source that fails is left alone, a
// full queue refuses, and nobody who asked is left without an answer.
#include <gtest/gtest.h>

#include <future>

#include "tests/unit/hub_app_calls_kit.h"

namespace lh {
namespace {

using hub::app::calls::CallLane;
using hub::app::calls::LaneLimits;
using hub::exchange::Line;
using kits::FakeWorld;
using kits::raw_row;

struct LaneHub {
  explicit LaneHub(LaneLimits limits = {}, const std::string& limits_toml = "") : kind(world) {
    hub::app::calls::LiveAdapter adapter;
    adapter.name = "firms";
    adapter.mapping = std::make_shared<const adapters::Mapping>(
        adapters::parse_mapping(std::string(kits::kCallsMapping) + limits_toml).value());
    adapter.kind = &kind;
    turns = std::make_shared<adapters::CallTurns>(clock, adapter.mapping->limits.calls);
    adapter.turns = turns;
    rule = &adapter.mapping->outputs.front();
    lane = std::make_shared<CallLane>(adapter, clock, limits);
  }
  ~LaneHub() {
    lane->stop();
    lane->wait_ended();
  }
  std::future<Line::Found> ask(const std::shared_ptr<Line>& line) {
    auto answered = std::make_shared<std::promise<Line::Found>>();
    auto future = answered->get_future();
    line->ask({std::string(kits::kBusinessLicence), kits::test_company(9)},
              [answered](Line::Found found) { answered->set_value(std::move(found)); });
    return future;
  }
  std::string reason() {
    auto line = lane->reserve(*rule);
    if (!line.ok()) return std::string(line.error().id());
    const auto found = ask(*line).get();
    return found.ok() ? std::to_string(found->size()) : std::string(found.error().id());
  }
  kits::FakeClock clock;
  FakeWorld world;
  kits::FakeKind kind;
  const adapters::OutputRule* rule = nullptr;
  std::shared_ptr<adapters::CallTurns> turns;
  std::shared_ptr<CallLane> lane;
};

TEST(CallLane, AsksByTheKeyOfTheMappingAndKeepsItsSession) {
  LaneHub hub({1});
  hub.world.rows = {raw_row(9)};
  EXPECT_EQ(hub.reason(), "1");
  EXPECT_EQ(hub.reason(), "1");
  EXPECT_EQ(hub.world.opened, 1);
  const adapters::KeyValues key{{"code", kits::test_uscc(9).text()}, {"region", "990100"}};
  EXPECT_EQ(hub.world.keys, (std::vector{key, key}));
  EXPECT_EQ(hub.lane->last_answer(), hub.clock.now());
}

TEST(CallLane, RowsThatAreNoLicenceAreNoneAndRowsThatCannotBeReadStopTheAnswer) {
  LaneHub hub;
  EXPECT_EQ(hub.reason(), "0");
  hub.world.rows = {raw_row(9, "2"), raw_row(9)};
  EXPECT_EQ(hub.reason(), "1");
  hub.world.rows = {raw_row(9), raw_row(9, "unknown code")};
  EXPECT_EQ(hub.reason(), "source.answer");
  hub.world.rows = {raw_row(9)};
  hub.world.rows[0].values.pop_back();
  EXPECT_EQ(hub.reason(), "source.answer");
  hub.world.rows = {raw_row(9)};
  hub.world.rows[0].malformed = Error(Reason::kRowEncoding);
  EXPECT_EQ(hub.reason(), "source.answer");
}

TEST(CallLane, ASourceThatFailsIsLeftAloneLongerAndLonger) {
  LaneHub hub;
  hub.world.down = Error(Reason::kSourceUnavailable);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(hub.reason(), "source.unavailable");
  EXPECT_EQ(hub.reason(), "source.paused");
  hub.clock.monotonic += 5'000'001;
  EXPECT_EQ(hub.reason(), "source.unavailable") << "one try";
  hub.clock.monotonic += 5'000'001;
  EXPECT_EQ(hub.reason(), "source.paused") << "the pause has doubled";
  hub.clock.monotonic += 5'000'001;
  hub.world.down.reset();
  EXPECT_EQ(hub.reason(), "0");
  EXPECT_EQ(hub.reason(), "0") << "as before";
  EXPECT_EQ(hub.world.keys.size(), 6U) << "a paused source is not called";
}

TEST(CallLane, ARefusalOfTheSourceIsNoReasonToPause) {
  LaneHub hub;
  hub.world.down = Error(Reason::kSourceRefused);
  for (int i = 0; i < 9; ++i) EXPECT_EQ(hub.reason(), "source.refused");
}

TEST(CallLane, AKindThatCannotLookUpIsNotOfferedAgain) {
  LaneHub hub;
  EXPECT_TRUE(hub.lane->supported());
  hub.world.down = Error(Reason::kAdapterUnsupported);
  EXPECT_EQ(hub.reason(), "adapter.unsupported");
  EXPECT_FALSE(hub.lane->supported());
}

using std::future_status;
constexpr std::chrono::milliseconds kAWhile(60);
constexpr std::chrono::seconds kLong(20);

TEST(CallLane, ACallWaitsForItsTurn) {
  LaneHub hub({}, "[limits]\ncalls_per_second = 10\n");
  EXPECT_EQ(hub.reason(), "0");
  const auto line = hub.lane->reserve(*hub.rule).value();
  auto second = hub.ask(line);
  EXPECT_EQ(second.wait_for(kAWhile), future_status::timeout);
  EXPECT_EQ(hub.world.keys.size(), 1U) << "the source is not called before";
  hub.clock.pass_ms(100);
  ASSERT_EQ(second.wait_for(kLong), future_status::ready);
  EXPECT_TRUE(second.get().ok());
}

TEST(CallLane, ACallWhoseTurnCannotComeInTimeHasNoPlace) {
  LaneHub hub({}, "[limits]\ncalls_per_minute = 6\n");
  EXPECT_EQ(hub.reason(), "0");
  const auto next = hub.lane->reserve(*hub.rule).value();
  EXPECT_EQ(hub.lane->reserve(*hub.rule).error().reason(), Reason::kSourceBusy)
      << "in 20 s, behind the one that has a place";
  hub.clock.pass_ms(10'000);
  EXPECT_TRUE(hub.lane->reserve(*hub.rule).ok());
}

TEST(CallLane, WhatIsNotGivenATurnInItsTimeIsRefusedAndTheSourceIsNotBlamed) {
  LaneHub hub({}, "[limits]\nconcurrent_calls = 1\n");
  ASSERT_TRUE(hub.turns->begin(0, {}).ok()) << "a run has the place";
  for (int i = 0; i < 4; ++i) {
    const auto line = hub.lane->reserve(*hub.rule).value();
    auto answer = hub.ask(line);
    EXPECT_EQ(answer.wait_for(kAWhile / 4), future_status::timeout);
    hub.clock.pass_ms(10'000);
    ASSERT_EQ(answer.wait_for(kLong), future_status::ready);
    EXPECT_EQ(answer.get().error().reason(), Reason::kSourceBusy);
  }
  EXPECT_TRUE(hub.world.keys.empty());
  hub.turns->end();
  EXPECT_EQ(hub.reason(), "0") << "neither paused nor its place lost";
}

TEST(CallLane, AtOnceAreNoMoreCallsAndNoMoreThreadsThanAllowed) {
  LaneHub hub({}, "[limits]\nconcurrent_calls = 1\n");
  std::vector<std::shared_ptr<Line>> lines;
  std::vector<std::future<Line::Found>> answers;
  for (int i = 0; i < 12; ++i) {
    lines.push_back(hub.lane->reserve(*hub.rule).value());
    answers.push_back(hub.ask(lines.back()));
  }
  for (auto& answer : answers) {
    ASSERT_EQ(answer.wait_for(kLong), future_status::ready);
    EXPECT_TRUE(answer.get().ok());
  }
  EXPECT_EQ(hub.world.opened, 1);
  EXPECT_TRUE(hub.turns->begin(0, {}).ok()) << "every place was given back";
}

TEST(CallLane, OneThatWaitsForItsTurnIsAnsweredWhenTheHubStops) {
  LaneHub hub({}, "[limits]\ncalls_per_second = 1\n");
  EXPECT_EQ(hub.reason(), "0");
  const auto line = hub.lane->reserve(*hub.rule).value();
  auto answer = hub.ask(line);
  EXPECT_EQ(answer.wait_for(kAWhile), future_status::timeout);
  hub.lane->stop();
  ASSERT_EQ(answer.wait_for(kLong), future_status::ready);
  EXPECT_EQ(answer.get().error().reason(), Reason::kShuttingDown);
}

// Threads that leave at once leave nobody behind: a call that comes while they go gets a new one.
TEST(CallLane, NobodyIsForgottenByThreadsThatLeave) {
  LaneLimits limits;
  limits.idle_ms = 0;
  LaneHub hub(limits);
  for (int i = 0; i < 500; ++i) {
    auto line = hub.lane->reserve(*hub.rule).value();
    auto answer = hub.ask(line);
    ASSERT_EQ(answer.wait_for(std::chrono::seconds(20)), std::future_status::ready) << i;
  }
}

// Of a replaced lane's outcome somebody was quicker: that one is done, the others follow.
TEST(Unfinished, WhatWasConcludedMeanwhileHoldsNothingUp) {
  kits::CallingHub hub;
  const auto announce = [&hub](std::uint8_t number) {
    hub::ledger::Change change;
    change.access = AccessId{hub.random.array<16>()};
    change.rows.push_back(hub::exchange::open_call_row(
        {Tag{number}, hub::exchange::CallKind::kPush, "firms", SubjectNo{}, 0}));
    hub::audit::EntryFacts facts;
    facts.event = schemas::AuditEvent::kSourceIntent;
    facts.correlation = to_hex(view(Tag{number}));
    change.entries.push_back(hub.draft(facts));
    return hub.ledger->commit(std::move(change)).value().front().index();
  };
  announce(1);
  const auto second = announce(2);
  auto left = hub::app::calls::Unfinished::find(hub.call_parts()).value();
  hub::ledger::Change done;
  done.access = AccessId{hub.random.array<16>()};
  hub::exchange::close_call(Tag{2}, second, done.rows, done.preconditions);
  hub::audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kSourceOutcome;
  done.entries.push_back(hub.draft(facts));
  ASSERT_TRUE(hub.ledger->commit(std::move(done)).ok());
  ASSERT_TRUE(left->conclude().ok());
  EXPECT_EQ(hub.open_calls(), 0U);
}

TEST(CallLane, PlacesAreCountedAndGivenBack) {
  LaneLimits limits;
  limits.calls = 2;
  LaneHub hub(limits);
  auto first = hub.lane->reserve(*hub.rule).value();
  const auto second = hub.lane->reserve(*hub.rule).value();
  EXPECT_EQ(hub.lane->reserve(*hub.rule).error().reason(), Reason::kSourceBusy);
  first.reset();
  EXPECT_TRUE(hub.lane->reserve(*hub.rule).ok());
}

TEST(CallLane, WhoWaitedTooLongIsAnsweredWithoutACall) {
  LaneLimits limits;
  limits.threads = 1;
  LaneHub hub(limits);
  std::promise<void> entered, go;
  hub.world.before_answer = [&, once = true]() mutable {
    if (!std::exchange(once, false)) return;
    entered.set_value();
    go.get_future().wait();
  };
  const auto first = hub.lane->reserve(*hub.rule).value();
  const auto second = hub.lane->reserve(*hub.rule).value();
  auto slow = hub.ask(first);
  entered.get_future().wait();
  auto late = hub.ask(second);
  hub.clock.monotonic += 10'000'001;
  go.set_value();
  EXPECT_TRUE(slow.get().ok());
  EXPECT_EQ(late.get().error().reason(), Reason::kSourceBusy);
  EXPECT_EQ(hub.world.keys.size(), 1U);
}

TEST(CallLane, AStoppedLaneAnswersEverybodyAndTakesNobody) {
  LaneLimits limits;
  limits.threads = 1;
  LaneHub hub(limits);
  std::promise<void> entered, go;
  hub.world.before_answer = [&] {
    entered.set_value();
    go.get_future().wait();
  };
  const auto first = hub.lane->reserve(*hub.rule).value();
  const auto second = hub.lane->reserve(*hub.rule).value();
  auto under_way = hub.ask(first);
  entered.get_future().wait();
  auto waiting = hub.ask(second);
  hub.lane->stop();
  EXPECT_EQ(waiting.get().error().reason(), Reason::kShuttingDown);
  EXPECT_EQ(hub.lane->reserve(*hub.rule).error().reason(), Reason::kShuttingDown);
  go.set_value();
  EXPECT_TRUE(under_way.get().ok());
}

TEST(SourcesOnCall, OffersWhatALiveAdapterCanBeAskedFor) {
  kits::CallingHub hub;
  const auto name_of = [](const Uscc&) { return std::string("测试局"); };
  hub::app::calls::SourcesOnCall sources(hub.board, hub.clock, name_of);
  const auto offer = sources.find(kits::kBusinessLicence, IdScheme::kUscc);
  ASSERT_TRUE(offer.has_value());
  EXPECT_EQ(offer->adapter, "firms");
  EXPECT_EQ(offer->organisation_name, "测试局");
  EXPECT_EQ(offer->issuer_name, "某登记机关");
  EXPECT_FALSE(sources.find(kits::kBusinessLicence, IdScheme::kResidentId).has_value());
  EXPECT_FALSE(sources.find(kits::kIdentityCard, IdScheme::kUscc).has_value());
  EXPECT_TRUE(sources.reserve("firms", kits::kBusinessLicence, IdScheme::kUscc).ok());
  hub.enable(hub::ingest::AdapterMode::kShadow);
  EXPECT_FALSE(sources.find(kits::kBusinessLicence, IdScheme::kUscc).has_value());
  EXPECT_EQ(sources.reserve("firms", kits::kBusinessLicence, IdScheme::kUscc).error().reason(),
            Reason::kReferenceStale);
  hub.enable(hub::ingest::AdapterMode::kLive);
  sources.stop();
  EXPECT_EQ(sources.reserve("firms", kits::kBusinessLicence, IdScheme::kUscc).error().reason(),
            Reason::kShuttingDown);
}

TEST(Unfinished, AnIntentWithoutOutcomeBecomesUnknown) {
  kits::CallingHub hub;
  hub.source.answer = std::vector{kits::AskingHub::record(9)};
  auto parts = hub.exchange_parts();
  parts.obtainer = &hub.source;
  parts.attester = hub.signers.find(kits::uscc_of(kits::kBureau));
  hub.exchange = std::make_unique<hub::exchange::Exchange>(parts);
  auto prepared = hub.prepare(hub.fetch_of(9));
  auto& call = std::get<hub::access::CallOut>(*prepared);
  const auto intent = hub.ledger->commit(std::move(call.intent)).value().front().index();
  // Here the hub was killed.
  auto left = hub::app::calls::Unfinished::find(hub.call_parts()).value();
  ASSERT_TRUE(left->conclude().ok());
  const auto outcome = hub.last_entry();
  const auto before = hub.entry(intent);
  EXPECT_EQ(outcome.event, schemas::AuditEvent::kSourceOutcome);
  EXPECT_EQ(outcome.reason, "source.outcome_unknown");
  EXPECT_EQ(outcome.correlation, before.correlation);
  EXPECT_EQ(outcome.organisation, before.organisation);
  EXPECT_EQ(outcome.case_tag, before.case_tag);
  ASSERT_EQ(outcome.subjects.size(), 1U);
  EXPECT_EQ(outcome.subjects[0].tag, before.subjects[0].tag);
  EXPECT_EQ(hub.open_calls(), 0U);
  const auto size = hub.ledger->state().size;
  ASSERT_TRUE(left->conclude().ok());
  ASSERT_TRUE(hub::app::calls::Unfinished::find(hub.call_parts()).value()->conclude().ok());
  EXPECT_EQ(hub.ledger->state().size, size) << "once";
}

}  // namespace
}  // namespace lh
