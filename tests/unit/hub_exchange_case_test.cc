// Cases: what is held becomes a reference, a number belongs to one case, nobody sees another's.
#include <gtest/gtest.h>

#include "tests/unit/hub_exchange_kit.h"

namespace lh {
namespace {

using kits::CaseHub;
using kits::text_of;
using schemas::StatusAction;

TEST(OpenCase, PlansEveryMaterialWithItsReason) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  EXPECT_EQ(CaseHub::state(plan, "M01"), "held plan.held_valid");
  EXPECT_EQ(CaseHub::state(plan, "M02"), "held plan.held_valid");
  EXPECT_EQ(CaseHub::state(plan, "M03"), "held plan.held_valid");
  EXPECT_EQ(CaseHub::state(plan, "M04"), "required plan.document_only");
  EXPECT_EQ(CaseHub::state(plan, "M05"), "own plan.issued_by_asker");
  EXPECT_EQ(CaseHub::state(plan, "M06"), "held plan.held_valid");
  EXPECT_EQ(CaseHub::state(plan, "M07"), "not_demandable plan.no_legal_basis");
  EXPECT_TRUE(CaseHub::reference(plan, "M01").starts_with("lhr1.hub.test."));
  EXPECT_TRUE(CaseHub::reference(plan, "M04").empty());
  // The plan says what a fetch would release, and no value.
  EXPECT_EQ(CaseHub::material(plan, "M02")->find("fields")->items()->size(), 2U);
  const auto text = schemas::to_text(plan);
  EXPECT_EQ(text.find("测试人员"), std::string::npos);
  EXPECT_EQ(text.find(kits::test_person(1).value.reveal()), std::string::npos);
  const auto entry = hub.last_entry();
  EXPECT_EQ(entry.event, schemas::AuditEvent::kCaseOpened);
  EXPECT_EQ(entry.subjects.size(), 3U);
  EXPECT_TRUE(entry.case_tag.has_value());
  EXPECT_TRUE(entry.officer.has_value());
}

TEST(OpenCase, WhatIsNotValidTodayIsRequired) {
  CaseHub hub;
  ASSERT_TRUE(hub.act(text_of(hub.health, "licence_id"), StatusAction::kSuspend).ok());
  const auto plan = hub.open(CaseHub::case_request());
  EXPECT_EQ(CaseHub::state(plan, "M03"), "required plan.held_not_valid");
  EXPECT_EQ(text_of(*CaseHub::material(plan, "M03"), "licence_status"), "suspended");
  EXPECT_TRUE(CaseHub::reference(plan, "M03").empty());
}

TEST(OpenCase, WhoIsNotNamedOrHasNothingIsRequired) {
  CaseHub hub;
  auto q = CaseHub::case_request();
  q.related = {{"employee", kits::test_person(50)}};
  const auto plan = hub.open(q);
  EXPECT_EQ(CaseHub::state(plan, "M02"), "required plan.subject_not_named");
  EXPECT_EQ(CaseHub::state(plan, "M03"), "required plan.not_held");
}

TEST(OpenCase, WithoutARuleThePlanDoesNotTellWhatIsHeld) {
  CaseHub hub;
  const auto plan = hub.answer(hub.exchange->open_case(CaseHub::case_request(), "{}",
                                                       hub.supervision(), *hub.catalogue.policy()));
  EXPECT_EQ(CaseHub::state(plan, "M01"), "held plan.held_valid");
  EXPECT_EQ(CaseHub::state(plan, "M02"), "required plan.no_rule");  // held, but not for them
  EXPECT_TRUE(text_of(*CaseHub::material(plan, "M02"), "licence_status").empty());
}

TEST(OpenCase, TheSameNumberIsTheSameCase) {
  CaseHub hub;
  const auto first = hub.open(CaseHub::case_request());
  const auto again = hub.open(CaseHub::case_request());
  EXPECT_EQ(text_of(first, "case_id"), text_of(again, "case_id"));
  EXPECT_NE(text_of(hub.open(CaseHub::case_request("CASE-2")), "case_id"),
            text_of(first, "case_id"));
  // The numbers of another organisation are its own.
  const auto other = hub.answer(hub.exchange->open_case(
      CaseHub::case_request(), "{}", hub.supervision(), *hub.catalogue.policy()));
  EXPECT_NE(text_of(other, "case_id"), text_of(first, "case_id"));
}

TEST(OpenCase, TheSameNumberForSomebodyElseIsAConflict) {
  CaseHub hub;
  hub.open(CaseHub::case_request());
  auto q = CaseHub::case_request();
  q.applicant = kits::test_company(2);
  EXPECT_EQ(kits::reason_of(hub.exchange->open_case(q, "", hub.bureau(), *hub.catalogue.policy())),
            "case.conflict");
}

TEST(OpenCase, NeedsRoleMatterAndAPurposeOfItsOwn) {
  CaseHub hub;
  const auto open = [&](const schemas::CaseRequest& q, const hub::access::Caller& who) {
    return kits::reason_of(hub.exchange->open_case(q, "", who, *hub.catalogue.policy()));
  };
  auto q = CaseHub::case_request();
  EXPECT_EQ(open(q, hub.caller(kits::kBureau, {})), "role.missing");
  const auto stranger = hub.caller(kits::test_uscc(7, "11").text(), {hub::access::Role::kFetch});
  EXPECT_EQ(open(q, stranger), "purpose.not_registered");
  q.matter = "unheard of";
  EXPECT_EQ(open(q, hub.bureau()), "matter.unknown");
}

TEST(ReadCase, IsThePlanOfNowForTheOrganisationThatOpenedIt) {
  CaseHub hub;
  const auto id = CaseId::parse(text_of(hub.open(CaseHub::case_request()), "case_id")).value();
  const auto& policy = *hub.catalogue.policy();
  ASSERT_TRUE(hub.act(text_of(hub.health, "licence_id"), StatusAction::kRevoke).ok());
  const auto plan = hub.answer(hub.exchange->read_case(id, hub.bureau(), policy));
  EXPECT_EQ(CaseHub::state(plan, "M03"), "required plan.held_not_valid");
  EXPECT_EQ(hub.last_entry().event, schemas::AuditEvent::kCaseRead);
  EXPECT_EQ(hub.last_entry().subjects.size(), 3U);
  EXPECT_EQ(kits::reason_of(hub.exchange->read_case(id, hub.supervision(), policy)),
            "case.unknown");
  EXPECT_EQ(kits::reason_of(hub.exchange->read_case(CaseId{}, hub.bureau(), policy)),
            "case.unknown");
}

TEST(ReplayCase, IsTheSameCaseUnderANewEntry) {
  CaseHub hub;
  const auto first = hub.open(CaseHub::case_request());
  const auto& policy = *hub.catalogue.policy();
  const Bytes recipe = hub.last_recipe;
  const auto size = hub.ledger->state().size;
  const auto again = hub.answer(hub.exchange->replay(recipe, hub.bureau(), policy));
  EXPECT_EQ(text_of(again, "case_id"), text_of(first, "case_id"));
  EXPECT_EQ(hub.ledger->state().size, size + 1);
  // References of the replay are as good as the first ones.
  for (const auto& plan : {std::cref(first), std::cref(again)}) {
    EXPECT_EQ(kits::reason_of(hub.prepare(CaseHub::fetch_request(CaseHub::reference(plan, "M01")))),
              "done");
  }
  EXPECT_FALSE(hub.exchange->replay("E", hub.bureau(), policy).ok());
}

TEST(Case, NothingPersonalStandsInTheStoreInClear) {
  CaseHub hub;
  hub.open(CaseHub::case_request("CASE-SECRET-1"));
  const Bytes all = hub.everything();
  for (const std::string& value :
       {std::string("测试人员1"), std::string("测试人员2"), std::string("CASE-SECRET-1"),
        kits::test_person(1).value.reveal(), kits::test_person(2).value.reveal()}) {
    EXPECT_EQ(all.find(value), Bytes::npos) << value;
  }
}

}  // namespace
}  // namespace lh
