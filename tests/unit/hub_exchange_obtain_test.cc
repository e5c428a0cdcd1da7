// What the hub does not hold is asked for at its source: announced first, recorded after, stated by
// the hub, and stored nowhere.
#include <gtest/gtest.h>

#include "tests/unit/hub_exchange_obtain_kit.h"

namespace lh {
namespace {

using hub::audit::Decision;
using kits::AskingHub;
using kits::text_of;
using kits::verdict_of;
using schemas::AuditEvent;

TEST(Obtain, ThePlanNamesTheSourceOfWhatIsNotHeldInForce) {
  AskingHub hub;
  const auto held = hub.open(AskingHub::case_request());
  EXPECT_EQ(AskingHub::state(held, "M01"), "held plan.held_valid");
  const auto plan = hub.open(AskingHub::request_of(9));
  EXPECT_EQ(AskingHub::state(plan, "M01"), "obtainable plan.obtainable");
  const auto* item = AskingHub::material(plan, "M01");
  EXPECT_TRUE(text_of(*item, "reference").starts_with("lhr1."));
  EXPECT_EQ(text_of(*item->find("source"), "adapter"), "firms");
  EXPECT_EQ(text_of(*item->find("source"), "organisation"), kits::kSupervision);
  EXPECT_EQ(text_of(*item, "rule"), "approval.food.business_licence");
  EXPECT_EQ(hub.source.asked.size(), 0U) << "a plan asks nobody";
  hub.source.offered = false;
  EXPECT_EQ(AskingHub::state(hub.open(AskingHub::request_of(9)), "M01"), "required plan.not_held");
}

TEST(Obtain, WhatIsHeldButNotInForceIsObtainableAndSaysSo) {
  AskingHub hub;
  const auto issued = hub.issue(AskingHub::business_request(8));
  ASSERT_TRUE(hub.act(text_of(issued, "licence_id"), schemas::StatusAction::kRevoke).ok());
  const auto plan = hub.open(AskingHub::request_of(8));
  EXPECT_EQ(AskingHub::state(plan, "M01"), "obtainable plan.obtainable_held_not_valid");
  EXPECT_EQ(text_of(*AskingHub::material(plan, "M01"), "licence_status"), "revoked");
}

TEST(Obtain, APlanReadAgainOffersItToo) {
  AskingHub hub;
  const auto plan = hub.open(AskingHub::request_of(9));
  const auto again = hub.answer(hub.exchange->read_case(
      CaseId::parse(text_of(plan, "case_id")).value(), hub.bureau(), *hub.catalogue.policy()));
  EXPECT_EQ(AskingHub::state(again, "M01"), "obtainable plan.obtainable");
  hub.source.answer = std::vector{AskingHub::record(9)};
  EXPECT_EQ(hub.reason(AskingHub::fetch_request(AskingHub::reference(again, "M01"), "CASE-9")),
            "done");
}

TEST(Obtain, IsAnnouncedThenAskedThenRecordedWithOneCorrelation) {
  AskingHub hub;
  hub.source.answer = std::vector{AskingHub::record(9)};
  const auto q = hub.fetch_of(9);
  const std::uint64_t before = hub.ledger->state().size;
  hub.source.while_asked = [&hub, before] {
    EXPECT_EQ(hub.ledger->state().size, before + 1) << "the intent is durable before the call";
    EXPECT_EQ(hub.open_calls(), 1U);
  };
  ASSERT_TRUE(hub.run(q).ok());
  EXPECT_EQ(hub.source.asked, std::vector<std::string>{kits::test_uscc(9).text()});
  EXPECT_EQ(hub.open_calls(), 0U);
  const auto intent = hub.entry(before);
  const auto outcome = hub.last_entry();
  EXPECT_EQ(intent.event, AuditEvent::kSourceIntent);
  EXPECT_EQ(intent.purpose, "firms");
  EXPECT_EQ(outcome.event, AuditEvent::kSourceOutcome);
  EXPECT_EQ(outcome.decision, Decision::kAllow);
  EXPECT_EQ(outcome.purpose, "counter");
  EXPECT_EQ(outcome.object, kits::kBusinessLicence);
  EXPECT_EQ(outcome.rule, "approval.food.business_licence");
  EXPECT_EQ(intent.correlation.size(), 32U);
  EXPECT_EQ(intent.correlation, outcome.correlation);
  ASSERT_EQ(intent.subjects.size(), 1U);
  ASSERT_EQ(outcome.subjects.size(), 1U);
  EXPECT_EQ(intent.subjects[0].tag, outcome.subjects[0].tag);
  EXPECT_EQ(outcome.subjects[0].previous, before) << "the holder sees both";
}

TEST(Obtain, ReleasesWhatTheRuleAllowsAndTheHubSignsIt) {
  AskingHub hub;
  hub.source.answer = std::vector{AskingHub::record(9)};
  auto q = hub.fetch_of(9);
  q.fields = {"enterprise_name", "uscc", "no_such_field"};
  const auto text = hub.run(q);
  ASSERT_TRUE(text.ok()) << text.error().describe();
  const auto answer = schemas::parse_json(*text, 1U << 20U).value();
  EXPECT_EQ(answer.find("fields")->members()->size(), 2U);
  EXPECT_EQ(text_of(*answer.find("fields"), "uscc"), kits::test_uscc(9).text());
  EXPECT_EQ(text->find("外部系统路77号"), std::string::npos);
  EXPECT_EQ(text_of((*answer.find("withheld")->items())[0], "rule"), "default");
  EXPECT_EQ(verdict_of(answer, "integrity"), "valid verdict.good");
  EXPECT_EQ(verdict_of(answer, "issuer"), "indeterminate issuer.attested_by_hub");
  EXPECT_EQ(verdict_of(answer, "status"), "valid verdict.good");
  EXPECT_EQ(verdict_of(answer, "authorisation"), "valid verdict.good");
  EXPECT_EQ(text_of(*answer.find("obtained"), "adapter"), "firms");
  EXPECT_EQ(*answer.find("obtained")->find("intent")->integer(),
            static_cast<std::int64_t>(hub.intent));
  const auto checked = hub::licences::check_document(text_of(answer, "presentation"),
                                                     *hub.trust_store, hub.clock.now());
  EXPECT_EQ(checked.integrity.verdict(), pki::Verdict::kValid);
  EXPECT_EQ(checked.issuer.verdict(), pki::Verdict::kIndeterminate);
  EXPECT_EQ(checked.issuer.reason(), Reason::kIssuerAttestedByHub);
  EXPECT_NE(checked.claims.find("uscc"), nullptr);
  EXPECT_EQ(checked.claims.find("domicile"), nullptr);
}

TEST(Obtain, NothingOfTheLicenceIsStored) {
  AskingHub hub;
  hub.source.answer = std::vector{AskingHub::record(9)};
  ASSERT_NE(hub.run(hub.fetch_of(9)).value().find("外部系统路77号"), std::string::npos);
  EXPECT_EQ(hub.everything().find("外部系统路77号"), Bytes::npos);
  EXPECT_EQ(hub.everything().find(kits::test_uscc(9).text()), Bytes::npos)
      << "the identifier stands sealed with the case";
  EXPECT_EQ(AskingHub::state(hub.open(AskingHub::request_of(9)), "M01"),
            "obtainable plan.obtainable");
}

TEST(Obtain, EveryWayOfFailingHasItsReasonAndAnOutcome) {
  struct Way {
    const char* reason;
    Decision decision;
    hub::exchange::Line::Found answer;
  };
  auto other = AskingHub::record(9);
  other.holder.id = Personal<std::string>(kits::test_uscc(3).text());
  auto nobody = AskingHub::record(9);
  nobody.holder.id = Personal<std::string>("9");
  auto incomplete = AskingHub::record(9);
  incomplete.fields.resize(1);
  const Way ways[] = {
      {"source.not_found", Decision::kDeny, std::vector<adapters::MappedRecord>()},
      {"source.unavailable", Decision::kError, Error(Reason::kSourceUnavailable)},
      {"source.refused", Decision::kError, Error(Reason::kSourceRefused)},
      {"source.answer", Decision::kError, Error(Reason::kMappingColumn, "column code")},
      {"source.answer", Decision::kError, std::vector{other}},
      {"source.answer", Decision::kError, std::vector{AskingHub::record(9), other}},
      {"source.answer", Decision::kError, std::vector{nobody}},
      {"source.answer", Decision::kError, std::vector{incomplete}},
  };
  AskingHub hub;
  for (const auto& way : ways) {
    hub.source.answer = way.answer;
    EXPECT_EQ(hub.reason(hub.fetch_of(9)), way.reason);
    const auto outcome = hub.last_entry();
    EXPECT_EQ(outcome.event, AuditEvent::kSourceOutcome);
    EXPECT_EQ(outcome.decision, way.decision);
    EXPECT_EQ(outcome.reason, way.reason);
    EXPECT_EQ(outcome.correlation, hub.entry(hub.intent).correlation);
    EXPECT_EQ(hub.open_calls(), 0U);
  }
}

TEST(Obtain, OfSeveralTheOneInForceThenTheNewest) {
  AskingHub hub;
  auto old = AskingHub::record(9);
  old.fields[0].second = "旧名";
  old.valid_from = parse_date("2010-01-01").value();
  auto cancelled = AskingHub::record(9);
  cancelled.fields[0].second = "注销";
  cancelled.status = "cancelled";
  cancelled.valid_from = parse_date("2025-01-01").value();
  hub.source.answer = std::vector{cancelled, old, AskingHub::record(9), old};
  const auto text = hub.run(hub.fetch_of(9)).value();
  EXPECT_NE(text.find("测试企业9"), std::string::npos) << text;
  hub.source.answer = std::vector{cancelled};
  const auto ended = schemas::parse_json(hub.run(hub.fetch_of(9)).value(), 1U << 20U).value();
  EXPECT_EQ(verdict_of(ended, "status"), "invalid status.cancelled");
  auto expired = AskingHub::record(9);
  expired.valid_until = parse_date("2021-01-01").value();
  hub.source.answer = std::vector{expired};
  const auto late = schemas::parse_json(hub.run(hub.fetch_of(9)).value(), 1U << 20U).value();
  EXPECT_EQ(verdict_of(late, "status"), "invalid status.expired");
}

TEST(Obtain, ARightThatGoesWhileTheSourceIsAskedReleasesNothing) {
  AskingHub hub;
  hub.source.answer = std::vector{AskingHub::record(9)};
  const auto q = hub.fetch_of(9);
  hub.source.while_asked = [&hub] {
    schemas::SharingRule deny;
    deny.id = "deny.all";
    deny.effective.from = parse_date("2026-01-01").value();
    deny.effect = schemas::RuleEffect::kDeny;
    deny.callers = {"*"};
    deny.divisions = {"*"};
    deny.matter = "*";
    deny.object = kits::kBusinessLicence;
    deny.fields = {"*"};
    deny.legal_basis = "law";
    hub.activate_all(hub::access::ObjectKind::kRule,
                     {schemas::to_text(schemas::sharing_rule_to_json(deny))});
  };
  EXPECT_EQ(hub.reason(q), "rule.denied");
  EXPECT_EQ(hub.last_entry().event, AuditEvent::kSourceOutcome);
  EXPECT_EQ(hub.last_entry().decision, Decision::kDeny);
  EXPECT_EQ(hub.open_calls(), 0U);
}

TEST(Obtain, WithoutARightOrAPlaceNobodyIsAskedAndNothingAnnounced) {
  AskingHub hub;
  auto q = hub.fetch_of(9);
  hub.source.full = true;
  EXPECT_EQ(hub.reason(q), "source.busy");
  EXPECT_EQ(hub.last_entry().event, AuditEvent::kRefused);
  hub.source.full = false;
  q.fields = {"no_such_field"};
  EXPECT_EQ(hub.reason(q), "rule.field_withheld");
  q = hub.fetch_of(9);
  hub.source.offered = false;
  EXPECT_EQ(hub.reason(q), "reference.stale");
  EXPECT_EQ(hub.source.asked.size(), 0U);
  EXPECT_EQ(hub.open_calls(), 0U);
}

TEST(Obtain, ACallHasOneOutcome) {
  AskingHub hub;
  hub.source.answer = std::vector{AskingHub::record(9)};
  auto prepared = hub.prepare(hub.fetch_of(9));
  auto& call = std::get<hub::access::CallOut>(*prepared);
  const auto recorded = hub.ledger->commit(std::move(call.intent)).value();
  const auto intent = recorded.front().index();
  ASSERT_TRUE(!hub.settle(call.lost(Error(Reason::kStoreStale), intent)).ok());
  EXPECT_EQ(hub.last_entry().event, AuditEvent::kSourceOutcome);
  const auto again = hub.settle(call.lost(Error(Reason::kStoreFailed), intent));
  EXPECT_EQ(again.error().reason(), Reason::kStoreStale);
}

}  // namespace
}  // namespace lh
