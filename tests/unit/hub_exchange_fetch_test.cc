// Fetch: exactly the fields of the rule, withheld ones named, the presentation verifiable, and an
// entry that says who, for what and about whom.
#include <gtest/gtest.h>

#include "tests/unit/hub_exchange_kit.h"

namespace lh {
namespace {

using kits::CaseHub;
using kits::text_of;
using kits::verdict_of;

std::set<std::string> names_of(const schemas::Json& answer) {
  std::set<std::string> out;
  for (const auto& [name, value] : *answer.find("fields")->members()) out.insert(name);
  return out;
}
std::map<std::string, std::string> withheld_of(const schemas::Json& answer) {
  std::map<std::string, std::string> out;
  for (const auto& w : *answer.find("withheld")->items())
    out[text_of(w, "field")] = text_of(w, "rule");
  return out;
}

TEST(Fetch, ReleasesTheFieldsOfTheRuleAndNamesTheOthers) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  const auto answer = hub.fetch(CaseHub::fetch_request(CaseHub::reference(plan, "M02")));
  EXPECT_EQ(names_of(answer), (std::set<std::string>{"name", "resident_id"}));
  EXPECT_EQ(text_of(*answer.find("fields"), "name"), "测试人员1");
  const auto withheld = withheld_of(answer);
  EXPECT_TRUE(withheld.contains("address"));
  EXPECT_FALSE(withheld.contains("name"));
  for (const char* which : {"integrity", "issuer", "status", "freshness", "authorisation"}) {
    EXPECT_EQ(verdict_of(answer, which), "valid verdict.good") << which;
  }
  EXPECT_EQ(text_of(*answer.find("issued"), "type"), kits::kIdentityCard);
  EXPECT_EQ(*answer.find("issued")->find("version")->integer(), 1);
}

TEST(Fetch, ThePresentationVerifiesAndDisclosesNoMoreThanTheFields) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  auto q = CaseHub::fetch_request(CaseHub::reference(plan, "M02"));
  for (const auto& asked :
       {std::vector<std::string>{}, {"name"}, {"resident_id"}, {"name", "address"}}) {
    q.fields = asked;
    const auto answer = hub.fetch(q);
    const auto checked = hub::licences::check_document(text_of(answer, "presentation"),
                                                       *hub.trust_store, hub.clock.now());
    EXPECT_EQ(checked.integrity.verdict(), pki::Verdict::kValid);
    EXPECT_EQ(checked.issuer.verdict(), pki::Verdict::kValid);
    for (const char* field : {"name", "resident_id", "address", "sex"}) {
      EXPECT_EQ(checked.claims.find(field) != nullptr, names_of(answer).contains(field)) << field;
    }
    const auto text = schemas::to_text(answer);
    EXPECT_EQ(text.find("测试路1号"), std::string::npos);
    EXPECT_EQ(text.find(to_base64url("测试路1号").substr(0, 12)), std::string::npos);
  }
}

TEST(Fetch, AskedButWithheldAndUnknownFieldsAreNamedWithTheRule) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  auto q = CaseHub::fetch_request(CaseHub::reference(plan, "M02"));
  q.fields = {"name", "address", "no_such_field"};
  const auto answer = hub.fetch(q);
  EXPECT_EQ(names_of(answer), std::set<std::string>{"name"});
  EXPECT_EQ(withheld_of(answer), (std::map<std::string, std::string>{
                                     {"address", "default"}, {"no_such_field", "default"}}));
  q.fields = {"address"};
  EXPECT_EQ(kits::reason_of(hub.prepare(q)), "rule.field_withheld");
}

TEST(Fetch, FollowsTheStatusWithinTheSameReference) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  const auto q = CaseHub::fetch_request(CaseHub::reference(plan, "M03"));
  EXPECT_EQ(verdict_of(hub.fetch(q), "status"), "valid verdict.good");
  ASSERT_TRUE(hub.act(text_of(hub.health, "licence_id"), schemas::StatusAction::kRevoke).ok());
  EXPECT_EQ(verdict_of(hub.fetch(q), "status"), "invalid status.revoked");
}

TEST(Fetch, BaseDataIsMaterialToo) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  const auto answer = hub.fetch(CaseHub::fetch_request(CaseHub::reference(plan, "M06")));
  EXPECT_EQ(text_of(answer, "kind"), "legal_entity");
  EXPECT_EQ(text_of(*answer.find("fields"), "name"), "测试企业1");
  EXPECT_EQ(text_of(answer, "source"), kits::kBureau);
  EXPECT_EQ(hub.last_entry().object, "legal_entity");
  EXPECT_EQ(hub.last_entry().event, schemas::AuditEvent::kFetched);
}

TEST(Fetch, TheEntrySaysWhoForWhatAndAboutWhomButNothingInClear) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  const auto raw = std::string("{\"raw\":1}");
  const auto q = CaseHub::fetch_request(CaseHub::reference(plan, "M02"));
  const auto text = hub.perform(hub.exchange->fetch(q, raw, hub.bureau(), *hub.catalogue.policy()));
  ASSERT_TRUE(text.ok());
  const auto entry = hub.last_entry();
  EXPECT_EQ(entry.event, schemas::AuditEvent::kFetched);
  EXPECT_EQ(entry.decision, hub::audit::Decision::kAllow);
  EXPECT_EQ(entry.organisation, kits::kBureau);
  EXPECT_EQ(entry.matter, kits::kFoodMatter);
  EXPECT_EQ(entry.rule, "approval.food.identity_card");
  EXPECT_EQ(entry.object, kits::kIdentityCard);
  EXPECT_EQ(entry.purpose, "counter");
  const auto person = hub.directory->find(kits::test_person(1)).value().value();
  ASSERT_EQ(entry.subjects.size(), 1U);
  EXPECT_EQ(entry.subjects[0].tag, person.tag);
  const auto case_id = CaseId::parse(text_of(plan, "case_id")).value();
  EXPECT_EQ(entry.case_tag, hub.directory->tag_of("case", view(case_id.value)));
  EXPECT_EQ(entry.officer,
            hub.directory->tag_of("officer", std::string(kits::kBureau) + '\0' + "officer-1"));
  const auto box_a = hub::audit::open_box_a(entry, hub.keys).value();
  EXPECT_EQ(box_a.case_number, "CASE-1");
  EXPECT_EQ(box_a.fields, (std::vector<std::string>{"name", "resident_id"}));
  const auto box_b = hub::audit::open_box_b(entry, person, *hub.directory).value();
  EXPECT_NE(box_b.text.reveal().find(q.purpose.cause), std::string::npos);
  EXPECT_EQ(entry.request, box_b.k.commit(raw));
  EXPECT_EQ(entry.answer, box_b.k.commit(*text));
  const auto leaf = hub.ledger->entry(hub.ledger->state().size - 1).value();
  for (const char* value : {"测试人员", "CASE-1", "officer-1"}) {
    EXPECT_EQ(leaf.find(value), Bytes::npos) << value;
  }
}

TEST(Fetch, AnExplicitDenialWinsAndIsExplained) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  schemas::SharingRule deny;
  deny.id = "deny.cards";
  deny.effective.from = parse_date("2026-01-01").value();
  deny.effect = schemas::RuleEffect::kDeny;
  deny.callers = {"*"};
  deny.divisions = {"*"};
  deny.matter = "*";
  deny.object = kits::kIdentityCard;
  deny.fields = {"*"};
  deny.legal_basis = "law";
  hub.activate_all(hub::access::ObjectKind::kRule,
                   {schemas::to_text(schemas::sharing_rule_to_json(deny))});
  auto prepared = hub.prepare(CaseHub::fetch_request(CaseHub::reference(plan, "M02")));
  EXPECT_EQ(kits::reason_of(prepared), "rule.denied");
  EXPECT_EQ(std::get<hub::access::Refused>(*prepared).facts.rule, "deny.cards");
  EXPECT_EQ(CaseHub::state(hub.open(CaseHub::case_request()), "M02"), "required plan.no_rule");
}

TEST(Fetch, AConsentThatNobodyCanCheckIsNone) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  for (auto rule : schemas::shipped_sharing_rules()) {
    if (rule.id != "approval.food.identity_card") continue;
    rule.version = 2;
    rule.consent_needed = true;
    hub.activate_all(hub::access::ObjectKind::kRule,
                     {schemas::to_text(schemas::sharing_rule_to_json(rule))});
  }
  auto q = CaseHub::fetch_request(CaseHub::reference(plan, "M02"));
  q.purpose.consent = "I was told yes";
  EXPECT_EQ(kits::reason_of(hub.prepare(q)), "consent.missing");
}

TEST(Fetch, VerifyOnlyRulesReleaseVerdictsAndNoField) {
  CaseHub hub;
  const auto plan = hub.open(CaseHub::case_request());
  for (auto rule : schemas::shipped_sharing_rules()) {
    if (rule.id != "approval.food.identity_card") continue;
    rule.version = 2;
    rule.mode = schemas::RuleMode::kVerifyOnly;
    hub.activate_all(hub::access::ObjectKind::kRule,
                     {schemas::to_text(schemas::sharing_rule_to_json(rule))});
  }
  const auto answer = hub.fetch(CaseHub::fetch_request(CaseHub::reference(plan, "M02")));
  EXPECT_TRUE(names_of(answer).empty());
  EXPECT_EQ(verdict_of(answer, "status"), "valid verdict.good");
  EXPECT_EQ(schemas::to_text(answer).find("测试人员"), std::string::npos);
}

}  // namespace
}  // namespace lh
