// The case feed: what it says decides whether a case is opened and its materials are read; later
// states win in whatever order they come. Agents open cases for whom they were entrusted by.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "hub/exchange/cases/feed_desk.h"
#include "hub/exchange/tickets/ticket_office.h"
#include "tests/unit/hub_exchange_rights_kit.h"

namespace lh {
namespace {

using hub::access::CaseFeed;
using hub::access::Role;
using hub::exchange::FeedItem;
using hub::exchange::FeedState;
using kits::CaseHub;
using kits::text_of;

class FeedHub : public kits::RightsHub {
 public:
  FeedHub() : feed_desk(exchange_parts()) {}
  hub::access::Caller feeder() const { return caller(kits::kBureau, {Role::kCaseFeed}, 8); }
  hub::access::Caller strict() const {  // the bureau with a required feed
    auto c = bureau();
    c.case_feed = CaseFeed::kRequired;
    return c;
  }
  static FeedItem item(std::string number = "CASE-1", FeedState state = FeedState::kOpen,
                       std::int64_t ms = kits::kToday - 1000) {
    return {std::move(number), std::string(kits::kFoodMatter), kits::test_company(1), state,
            UtcTime{ms}};
  }
  schemas::Json feed(std::vector<FeedItem> items) {
    return answer(feed_desk.store({std::move(items)}, "{}", feeder(), *catalogue.policy()));
  }
  std::string outcome(FeedItem one) {
    const auto answer = feed({std::move(one)});
    const auto& line = answer.find("outcomes")->items()->front();
    const auto* reason = line.find("reason");
    return text_of(line, "outcome") + (reason == nullptr ? "" : " " + *reason->string());
  }
  std::string open_strictly(const schemas::CaseRequest& q = CaseHub::case_request()) {
    return std::string(
        kits::reason_of(exchange->open_case(q, "{}", strict(), *catalogue.policy())));
  }

  hub::exchange::FeedDesk feed_desk;
};

TEST(CaseFeed, OnlyWhatItSaysIsOpenCanBeOpened) {
  FeedHub hub;
  EXPECT_EQ(hub.open_strictly(), "case.not_in_feed");
  EXPECT_EQ(hub.outcome(FeedHub::item()), "stored");
  EXPECT_EQ(hub.last_entry().event, schemas::AuditEvent::kCaseFeedStored);
  EXPECT_EQ(hub.last_entry().count, 1U);
  EXPECT_EQ(hub.open_strictly(), "done");
  auto other = CaseHub::case_request();
  other.applicant = kits::test_company(2);
  EXPECT_EQ(hub.open_strictly(other), "case.not_in_feed");
  other = CaseHub::case_request();
  other.matter = "11990100MB990001310000000000002";
  EXPECT_EQ(hub.open_strictly(other), "case.not_in_feed");
  EXPECT_EQ(hub.outcome(FeedHub::item("CASE-1", FeedState::kClosed, kits::kToday)), "stored");
  EXPECT_EQ(hub.open_strictly(), "case.closed");
  // Who needs no feed has every case; the feed of another organisation is not asked.
  EXPECT_EQ(kits::reason_of(hub.exchange->open_case(CaseHub::case_request(), "{}", hub.bureau(),
                                                    *hub.catalogue.policy())),
            "done");
  auto elsewhere = hub.supervision();
  elsewhere.case_feed = CaseFeed::kRequired;
  EXPECT_EQ(kits::reason_of(hub.exchange->open_case(CaseHub::case_request(), "{}", elsewhere,
                                                    *hub.catalogue.policy())),
            "case.not_in_feed");
}

TEST(CaseFeed, AnApplicantTheFeedDoesNotNameMayBeAnybody) {
  FeedHub hub;
  auto unnamed = FeedHub::item();
  unnamed.applicant.reset();
  hub.feed({unnamed});
  EXPECT_EQ(hub.open_strictly(), "done");
  // It may name one later, and no other after that.
  EXPECT_EQ(hub.outcome(FeedHub::item()), "stored");
  auto other = FeedHub::item();
  other.applicant = kits::test_company(2);
  EXPECT_EQ(hub.outcome(other), "refused case.conflict");
}

TEST(CaseFeed, AClosedCaseGivesNothingMoreAndLetsItsTicketsEnd) {
  FeedHub hub;
  hub.feed({FeedHub::item()});
  const auto& policy = *hub.catalogue.policy();
  const auto plan =
      hub.answer(hub.exchange->open_case(CaseHub::case_request(), "{}", hub.strict(), policy));
  const auto id = CaseId::parse(text_of(plan, "case_id")).value();
  const auto fetch = CaseHub::fetch_request(CaseHub::reference(plan, "M01"));
  const auto attempt = [&] {
    return kits::reason_of(hub.exchange->fetch(fetch, "{}", hub.strict(), policy));
  };
  EXPECT_EQ(attempt(), "done");
  hub.feed({FeedHub::item("CASE-1", FeedState::kClosed, kits::kToday)});
  EXPECT_EQ(attempt(), "case.closed");
  EXPECT_EQ(kits::reason_of(hub.exchange->read_case(id, hub.strict(), policy)), "case.closed");
  const auto notice = hub.exchange->give_notice(id, CaseHub::officer(), "{}", hub.strict(), policy);
  EXPECT_EQ(kits::reason_of(notice), "case.closed");
  // Taken up again by the department: open again.
  hub.feed({FeedHub::item("CASE-1", FeedState::kOpen, kits::kToday + 1)});
  EXPECT_EQ(attempt(), "done");
}

TEST(CaseFeed, LaterStatesWinInWhateverOrderTheyCome) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    FeedHub hub;
    std::vector<FeedItem> told;
    for (int i = 0; i < 6; ++i) {
      told.push_back(FeedHub::item("CASE-1", i % 2 == 0 ? FeedState::kOpen : FeedState::kClosed,
                                   kits::kToday - 1000 + i));
    }
    std::shuffle(told.begin(), told.end(), std::mt19937(seed));
    // In one call, or one after the other.
    if (seed % 2 == 0) {
      hub.feed(told);
    } else {
      for (const auto& one : told) hub.feed({one});
    }
    EXPECT_EQ(hub.open_strictly(), "case.closed") << seed;
  }
}

TEST(CaseFeed, EachCaseHasItsOwnOutcome) {
  FeedHub hub;
  auto unheard = FeedHub::item("CASE-2");
  unheard.matter = "unheard of";
  const auto to_come = FeedHub::item("CASE-3", FeedState::kOpen, kits::kToday + 3600 * 1000);
  const auto answer = hub.feed({FeedHub::item(), FeedHub::item(), unheard, to_come,
                                FeedHub::item("CASE-1", FeedState::kClosed, kits::kToday - 2000)});
  std::string all;
  for (const auto& line : *answer.find("outcomes")->items()) all += text_of(line, "outcome") + " ";
  EXPECT_EQ(all, "stored same refused refused stale ");
  EXPECT_EQ(hub.outcome(unheard), "refused matter.unknown");
  EXPECT_EQ(hub.outcome(to_come), "refused json.value");
  EXPECT_EQ(hub.outcome(FeedHub::item()), "same");
  auto moved = FeedHub::item();
  moved.matter = "11990100MB990001310000000000002";
  EXPECT_EQ(hub.outcome(moved), "refused case.conflict");
}

TEST(CaseFeed, IsToldAndAskedByItsOwnRoleOnly) {
  FeedHub hub;
  const auto& policy = *hub.catalogue.policy();
  hub.feed({FeedHub::item()});
  for (const auto& who : {hub.bureau(), hub.strict(), hub.portal()}) {
    EXPECT_EQ(kits::reason_of(hub.feed_desk.store({{FeedHub::item()}}, "{}", who, policy)),
              "role.missing");
    EXPECT_EQ(kits::reason_of(hub.feed_desk.query({"CASE-1"}, "{}", who, policy)), "role.missing");
  }
  const auto seen = hub.answer(hub.feed_desk.query({"CASE-1"}, "{}", hub.feeder(), policy));
  EXPECT_EQ(text_of(seen, "state"), "open");
  EXPECT_EQ(kits::reason_of(hub.feed_desk.query({"CASE-9"}, "{}", hub.feeder(), policy)),
            "case.unknown");
  const auto elsewhere = hub.caller(kits::kSupervision, {Role::kCaseFeed}, 7);
  EXPECT_EQ(kits::reason_of(hub.feed_desk.query({"CASE-1"}, "{}", elsewhere, policy)),
            "case.unknown");
  for (const auto other : {Role::kFetch, Role::kTerminal, Role::kSystemAdmin}) {
    EXPECT_FALSE(hub::access::check_separation({Role::kCaseFeed, other}).ok());
  }
  EXPECT_EQ(hub.everything().find("CASE-1"), Bytes::npos);
}

TEST(CaseFeed, RequestsAreReadStrictly) {
  const auto reason = [](const std::string& text) {
    const auto json = schemas::parse_json(text, text.size()).value();
    const auto read = hub::exchange::feed_request_from_json(json);
    return read.ok() ? std::string("good") : std::string(read.error().id());
  };
  const std::string one =
      R"({"case_number":"A","matter":"m","state":"open","changed_at":"2026-11-22T00:00:00Z"})";
  EXPECT_EQ(reason(R"({"cases":[)" + one + "]}"), "good");
  EXPECT_EQ(reason(R"({"cases":[]})"), "json.value");
  EXPECT_EQ(reason(R"({"cases":[)" + one + R"(],"more":1})"), "json.unknown_member");
  EXPECT_EQ(reason(R"({"cases":[{"case_number":"A","matter":"m","state":"ajar",)"
                   R"("changed_at":"2026-11-22T00:00:00Z"}]})"),
            "json.value");
  std::string many = one;
  for (int i = 0; i < 500; ++i) many += "," + one;
  EXPECT_EQ(reason(R"({"cases":[)" + many + "]}"), "json.value");
}

TEST(Agent, OpensACaseForWhomItWasEntrustedBy) {
  FeedHub hub;
  auto q = CaseHub::case_request();
  const auto open = [&] {
    return kits::reason_of(hub.exchange->open_case(q, "{}", hub.bureau(), *hub.catalogue.policy()));
  };
  q.applicant = kits::test_person(1);
  q.related = {{"agent", kits::test_person(60)}};  // nobody the hub knows
  EXPECT_EQ(open(), "entrustment.invalid");
  EXPECT_FALSE(hub.directory->find(kits::test_person(60)).value().has_value());
  q.related = {{"agent", kits::test_person(2)}};
  EXPECT_EQ(open(), "entrustment.invalid");
  const std::string food(kits::kFoodMatter);
  const auto entrust = [&](const std::string& matter, hub::exchange::AgentAct act) {
    return text_of(hub.answer(hub.at_desk([&](const auto& desk, const auto& call) {
      return desk.entrust({hub.of(kits::test_person(1)),
                           kits::test_person(2),
                           {matter},
                           {act},
                           UtcTime{kits::kToday + 86400000}},
                          call);
    })),
                   "entrustment_id");
  };
  entrust("11990100MB990001310000000000002", hub::exchange::AgentAct::kOpenCase);
  EXPECT_EQ(open(), "entrustment.invalid");
  entrust(food, hub::exchange::AgentAct::kUseLicence);
  EXPECT_EQ(open(), "entrustment.invalid");
  const auto id = entrust(food, hub::exchange::AgentAct::kOpenCase);
  EXPECT_EQ(open(), "done");
  EXPECT_EQ(hub.answer(hub.exchange->open_case(q, "{}", hub.bureau(), *hub.catalogue.policy()))
                .find("case_id")
                ->string()
                ->substr(0, 5),
            "case_");
  EXPECT_EQ(hub.last_entry().subjects.size(), 2U);  // the agent is in its own list of accesses
  hub.answer(hub.at_desk([&](const auto& desk, const auto& call) {
    return desk.withdraw_entrustment({hub.of(kits::test_person(1)), id}, call);
  }));
  EXPECT_EQ(open(), "entrustment.invalid");
}

}  // namespace
}  // namespace lh
