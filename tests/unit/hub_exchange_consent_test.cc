// A consent or use code opens what a rule keeps for consenting holders: for one organisation, one
// matter, one object, so often, so long; and nothing else.
#include <gtest/gtest.h>

#include "tests/unit/hub_exchange_rights_kit.h"

namespace lh {
namespace {

using hub::exchange::Consent;
using hub::exchange::ConsentKind;
using hub::exchange::ConsentScope;
using hub::exchange::ConsentState;
using kits::CaseHub;
using kits::reason_of;
using kits::RightsHub;
using kits::text_of;

schemas::FetchRequest with_token(RightsHub& hub, const std::string& token) {
  // The plan of now: with a consent on record it has a reference.
  const auto plan = hub.open(CaseHub::case_request());
  auto q = CaseHub::fetch_request(CaseHub::reference(plan, "M02"));
  q.purpose.legal_basis.clear();
  q.purpose.consent = token;
  return q;
}

TEST(Consent, OpensThePlanAndTheFetchForItsHolder) {
  RightsHub hub;
  hub.demand_consent();
  EXPECT_EQ(CaseHub::state(hub.open(CaseHub::case_request()), "M02"),
            "required plan.consent_needed");
  const auto token = hub.consent();
  EXPECT_TRUE(token.starts_with("lhc1.hub.test."));
  EXPECT_EQ(hub.everything().find(token), Bytes::npos) << "the token is not kept";
  const auto q = with_token(hub, token);
  EXPECT_FALSE(q.reference.empty());
  auto without = q;
  without.purpose.consent.clear();
  without.purpose.legal_basis = "law";
  EXPECT_EQ(reason_of(hub.prepare(without)), "consent.missing");
  const auto answer = hub.fetch(q);
  EXPECT_EQ(text_of(*answer.find("fields"), "name"), "测试人员1");
  EXPECT_EQ(reason_of(hub.prepare(q)), "consent.ended") << "one purpose, one use";
}

TEST(Consent, IsCountedInTheChangeOfTheFetchAndRacesForTheLastUse) {
  RightsHub hub;
  hub.demand_consent();
  const auto q = with_token(hub, hub.consent());
  auto first = hub.prepare(q);
  auto second = hub.prepare(q);
  EXPECT_EQ(reason_of(first), "done");
  EXPECT_EQ(reason_of(second), "done") << "neither is committed";
  EXPECT_TRUE(hub.perform(std::move(first)).ok());
  const auto late = hub.perform(std::move(second));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().reason(), Reason::kStoreStale);
  EXPECT_EQ(reason_of(hub.prepare(q)), "consent.ended");
}

TEST(Consent, AUseCodeIsTimeStampedShortAndHasAnEntryOfItsOwn) {
  RightsHub hub;
  hub.demand_consent();
  const auto code = hub.use_code();
  ASSERT_GT(code.size(), 18U);
  EXPECT_EQ(code.substr(0, 8), local_date(hub.clock.now()).compact());
  EXPECT_EQ(code[17], '-');
  const auto q = with_token(hub, code);
  const auto size = hub.ledger->state().size;
  hub.fetch(q);
  EXPECT_EQ(hub.ledger->state().size, size + 2);
  EXPECT_EQ(hub.last_entry().event, schemas::AuditEvent::kUseCodeUsed);
  EXPECT_EQ(hub.last_entry().subjects.size(), 1U);
  EXPECT_EQ(reason_of(hub.prepare(q)), "use_code.used");
  const auto next = with_token(hub, hub.use_code());
  hub.clock.pass_ms(10LL * 60 * 1000);
  EXPECT_EQ(reason_of(hub.prepare(next)), "use_code.expired");
}

TEST(Consent, AStolenCodeIsRefusedRecordedForItsHolderAndStaysGood) {
  RightsHub hub;
  hub.demand_consent();
  const auto code = hub.use_code();
  const auto good = with_token(hub, code);
  // Base data of the same person, asked by somebody else.
  hub::exchange::SubjectQuery theft;
  theft.id = kits::test_person(1);
  theft.kind = "natural_person";
  theft.purpose = good.purpose;
  auto refused = hub.people->query(theft, {hub.supervision(), *hub.catalogue.policy(), "{}"});
  EXPECT_EQ(reason_of(refused), "consent.scope");
  const auto holder = hub.directory->find(kits::test_person(1)).value();
  const auto& named = std::get<hub::access::Refused>(*refused).facts.subjects;
  ASSERT_EQ(named.size(), 1U);
  EXPECT_EQ(named.front().no, holder->no) << "the holder sees the attempt";
  EXPECT_EQ(reason_of(hub.prepare(good)), "done") << "the code was not burnt";
}

TEST(Consent, OfAnotherPersonDoesNotFit) {
  RightsHub hub;
  hub.demand_consent();
  auto q = with_token(hub, hub.consent());
  q.purpose.consent = hub.consent(kits::test_person(2));
  EXPECT_EQ(reason_of(hub.prepare(q)), "consent.scope");
  for (const char* unknown : {"x", "lhc1.hub.test.AAAA", "I was told yes"}) {
    q.purpose.consent = unknown;
    EXPECT_EQ(reason_of(hub.prepare(q)), "consent.unknown") << unknown;
  }
  q.purpose.consent = "20261122120000000-AAAAAAAAAAAAAAAAAAAAAA";
  EXPECT_EQ(reason_of(hub.prepare(q)), "use_code.unknown");
  q.purpose.consent = std::string(600, 'x');
  EXPECT_EQ(reason_of(hub.prepare(q)), "consent.unknown");
}

TEST(Consent, OpensNothingThatARuleDoesNotOpen) {
  RightsHub hub;
  hub.demand_consent();
  const auto token = hub.consent();
  hub::exchange::SubjectQuery query;
  query.id = kits::test_person(1);
  query.kind = "natural_person";
  query.purpose.matter = kits::kFoodMatter;
  query.purpose.consent = token;
  query.purpose.officer = CaseHub::officer();
  EXPECT_EQ(reason_of(hub.people->query(query, {hub.bureau(), *hub.catalogue.policy(), "{}"})),
            "consent.scope")
      << "another object";
  auto q = with_token(hub, token);
  q.fields = {"address"};
  EXPECT_EQ(reason_of(hub.prepare(q)), "rule.field_withheld");
}

TEST(Consent, HoldersSeeAndEndTheirOwnOnly) {
  RightsHub hub;
  hub.demand_consent();
  const auto token = hub.consent(kits::test_person(1), 5);
  const auto list = hub.answer(hub.at_desk([&hub](const auto& d, const auto& call) {
    return d.list_consents(hub.of(kits::test_person(1)), call);
  }));
  ASSERT_EQ(list.find("consents")->items()->size(), 1U);
  const auto& item = list.find("consents")->items()->front();
  EXPECT_EQ(text_of(item, "state"), "live");
  EXPECT_EQ(text_of(item, "purpose"), "办理测试人员1的食品经营许可");
  EXPECT_EQ(hub.everything().find("办理测试人员1的食品经营许可"), Bytes::npos) << "sealed";
  EXPECT_EQ(item.find("token"), nullptr);
  const auto nobody = hub.answer(hub.at_desk([&hub](const auto& d, const auto& call) {
    return d.list_consents(hub.of(kits::test_person(3)), call);
  }));
  EXPECT_TRUE(nobody.find("consents")->items()->empty());
  const auto end = [&hub, &item](int person) {
    return hub.at_desk([&](const auto& d, const auto& call) {
      return d.withdraw_consent({hub.of(kits::test_person(person)), text_of(item, "consent_id")},
                                call);
    });
  };
  EXPECT_EQ(reason_of(end(2)), "consent.unknown") << "somebody else's, as none at all";
  EXPECT_EQ(reason_of(end(44)), "consent.unknown");
  const auto q = with_token(hub, token);
  EXPECT_EQ(text_of(hub.answer(end(1)), "state"), "withdrawn");
  EXPECT_EQ(reason_of(hub.prepare(q)), "consent.ended");
  EXPECT_EQ(CaseHub::state(hub.open(CaseHub::case_request()), "M02"),
            "required plan.consent_needed");
}

TEST(Consent, AUseAndAWithdrawalNeverGiveAUseBack) {
  RightsHub hub;
  hub.demand_consent();
  const auto q = with_token(hub, hub.consent(kits::test_person(1), 2));
  auto found = hub.consents.find(q.purpose.consent).value();
  auto fetch = hub.prepare(q);
  hub.commit({}, {hub.consents.withdraw(found, hub.clock.now())}).value();
  EXPECT_FALSE(hub.perform(std::move(fetch)).ok()) << "withdrawn before it was durable";
  EXPECT_EQ(reason_of(hub.prepare(q)), "consent.ended");
}

TEST(Consent, NamesOnlyWhatThereIs) {
  RightsHub hub;
  const auto refused = [&hub](const auto& spoil) {
    auto q = hub.consent_request(ConsentKind::kConsent);
    spoil(q);
    return std::string(reason_of(hub.give(q)));
  };
  EXPECT_EQ(refused([](auto& q) { q.scope.user = kits::test_uscc(77); }), "organisation.unknown");
  EXPECT_EQ(refused([](auto& q) { q.scope.matter = "M"; }), "matter.unknown");
  EXPECT_EQ(refused([](auto& q) { q.scope.object = "o"; }), "licence_type.unknown");
  EXPECT_EQ(refused([&hub](auto& q) { q.expires = hub.clock.now(); }), "json.value");
  EXPECT_EQ(refused([&hub](auto& q) { q.expires = hub.clock.now().plus_ms(367LL * 86400000); }),
            "json.value");
  EXPECT_EQ(refused([](auto& q) { q.assertion = "x"; }), "assertion.invalid");
  const auto q = hub.consent_request(ConsentKind::kConsent);
  EXPECT_EQ(reason_of(hub.give(q)), "done");
  EXPECT_EQ(reason_of(hub.give(q)), "assertion.invalid") << "an assertion works once";
  const auto policy = hub.catalogue.policy();
  const auto clerk = hub.bureau();
  EXPECT_EQ(
      reason_of(hub.desk.give(hub.consent_request(ConsentKind::kConsent), {clerk, *policy, "{}"})),
      "role.missing");
}

TEST(Consent, RequestsAreReadStrictly) {
  const auto read = [](const std::string& text, ConsentKind kind = ConsentKind::kConsent) {
    const auto q = hub::exchange::consent_request_from_json(
        schemas::parse_json(text, 1U << 16U).value(), kind);
    return q.ok() ? std::string("ok") : std::string(q.error().id());
  };
  const std::string start = R"({"assertion":"x","user":"11990100MB99000131","matter":"m",)";
  EXPECT_EQ(read(start + R"("object":"o","purpose":"p"})"), "ok");
  EXPECT_EQ(read(start + R"("object":"o","purpose":"p","uses":3,"expires":"2027-01-01"})"), "ok");
  EXPECT_EQ(read(start + R"("object":"o","purpose":"p","uses":0})"), "json.value");
  EXPECT_EQ(read(start + R"("object":"o","purpose":"p","expires":"soon"})"), "date.format");
  EXPECT_EQ(read(start + R"("object":"o","purpose":"p","uses":1})", ConsentKind::kUseCode),
            "json.unknown_member");
  EXPECT_EQ(read(start + R"("object":"o"})"), "json.missing_member");
  EXPECT_EQ(read(R"({"assertion":"x","user":"*","matter":"m","object":"o","purpose":"p"})"),
            "id.format")
      << "a consent names its organisation";
}

// The law of check_consent against its definition, for every combination.
TEST(Consent, IsGoodExactlyWhileItIsLiveAndFits) {
  kits::SeededRandom dice(4);
  for (int i = 0; i < 4000; ++i) {
    Consent c;
    c.kind = dice.below(2) != 0 ? ConsentKind::kUseCode : ConsentKind::kConsent;
    c.subject = SubjectNo{dice.below(2)};
    c.scope = {kits::test_uscc(static_cast<int>(dice.below(2))), "m", "o"};
    c.uses_left = static_cast<std::uint32_t>(dice.below(3));
    c.given = UtcTime{0};
    c.expires = UtcTime{static_cast<std::int64_t>(dice.below(4))};
    if (dice.below(3) == 0) c.withdrawn = UtcTime{0};
    const ConsentScope use{kits::test_uscc(static_cast<int>(dice.below(2))),
                           dice.below(4) != 0 ? "m" : "n", dice.below(4) != 0 ? "o" : "p"};
    const SubjectNo subject{dice.below(2)};
    const UtcTime now{static_cast<std::int64_t>(dice.below(4))};
    const bool fits = c.subject == subject && c.scope.user == use.user &&
                      c.scope.matter == use.matter && c.scope.object == use.object;
    const bool live = !c.withdrawn && c.uses_left > 0 && now < c.expires;
    const Status said = hub::exchange::check_consent(c, subject, use, now);
    EXPECT_EQ(said.ok(), fits && live);
    if (!fits) {
      EXPECT_EQ(said.error().reason(), Reason::kConsentScope);
    }
    if (fits && !live) {
      const bool code = c.kind == ConsentKind::kUseCode;
      const bool used = !c.withdrawn && c.uses_left == 0;
      EXPECT_EQ(said.error().reason(), !code  ? Reason::kConsentEnded
                                       : used ? Reason::kUseCodeUsed
                                              : Reason::kUseCodeExpired);
    }
    EXPECT_EQ(hub::exchange::state_of(c, now) == ConsentState::kLive, live);
  }
}

TEST(Entrustment, CoversItsMattersActsAndTimeOnly) {
  using namespace hub::exchange;  // NOLINT: the words of this test
  RightsHub hub;
  EntrustmentRequest q;
  q.assertion = hub.of(kits::test_company(1));
  q.agent = kits::test_person(5);
  q.matters = {std::string(kits::kFoodMatter)};
  q.acts = {AgentAct::kOpenCase, AgentAct::kReceiveResult};
  q.expires = hub.clock.now().plus_ms(1000LL * 3600);
  const auto made =
      hub.answer(hub.at_desk([&q](const auto& d, const auto& call) { return d.entrust(q, call); }));
  const auto principal = hub.directory->find(kits::test_company(1)).value()->no;
  const auto agent = hub.directory->find(kits::test_person(5)).value()->no;
  const auto may = [&](SubjectNo who, std::string_view matter, AgentAct act) {
    return check_entrustment(*hub.store, {principal, who, std::string(matter), act},
                             hub.clock.now())
        .ok();
  };
  EXPECT_TRUE(may(agent, kits::kFoodMatter, AgentAct::kOpenCase));
  EXPECT_FALSE(may(agent, kits::kFoodMatter, AgentAct::kUseLicence));
  EXPECT_FALSE(may(agent, "another", AgentAct::kOpenCase));
  EXPECT_FALSE(may(SubjectNo{agent.value + 1}, kits::kFoodMatter, AgentAct::kOpenCase));
  const auto list = hub.answer(hub.at_desk([&hub](const auto& d, const auto& call) {
    return d.list_entrustments(hub.of(kits::test_company(1)), call);
  }));
  const auto& item = list.find("entrustments")->items()->front();
  EXPECT_EQ(text_of(*item.find("agent"), "id"), kits::test_person(5).value.reveal());
  const auto end = [&](const SubjectId& by) {
    return hub.at_desk([&](const auto& d, const auto& call) {
      return d.withdraw_entrustment({hub.of(by), text_of(made, "entrustment_id")}, call);
    });
  };
  EXPECT_EQ(reason_of(end(kits::test_person(5))), "entrustment.invalid") << "not the agent";
  const auto later = hub.clock.now().plus_ms(1000LL * 3600);
  EXPECT_FALSE(check_entrustment(
                   *hub.store,
                   {principal, agent, std::string(kits::kFoodMatter), AgentAct::kOpenCase}, later)
                   .ok());
  hub.answer(end(kits::test_company(1)));
  EXPECT_FALSE(may(agent, kits::kFoodMatter, AgentAct::kOpenCase));
}

}  // namespace
}  // namespace lh
