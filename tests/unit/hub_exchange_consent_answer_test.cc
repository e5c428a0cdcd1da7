// Consents and use codes beyond the fetch: predicates, forms, copies and batches take them as it
// does. One act takes one use, and a token opens only the material it was given for.
#include <gtest/gtest.h>

#include "hub/exchange/answers/answer_desk.h"
#include "hub/exchange/copies/copy_desk.h"
#include "hub/exchange/forms/form_desk.h"
#include "tests/unit/hub_exchange_rights_kit.h"

namespace lh {
namespace {

using hub::exchange::ConsentKind;
using kits::CaseHub;
using kits::kFoodMatter;
using kits::reason_of;
using kits::text_of;

class ConsentedHub : public kits::RightsHub {
 public:
  ConsentedHub() {
    demand_consent();
    auto parts = exchange_parts();
    parts.consents = &consents;
    parts.attester = signers.find(kits::uscc_of(kits::kBureau));
    parts.public_url = "https://hub.test";
    answers = std::make_unique<hub::exchange::AnswerDesk>(parts);
    forms = std::make_unique<hub::exchange::FormDesk>(parts, schemas::shipped_forms());
    copies = std::make_unique<hub::exchange::CopyDesk>(parts);
    case_id = text_of(open(case_request()), "case_id");
  }
  static schemas::Purpose purpose(const std::string& token) {
    auto out = fetch_request("").purpose;
    out.consent = token;
    return out;
  }
  Result<hub::access::Prepared> ask(const std::string& token, std::string material = "M02",
                                    std::string other = "") {
    hub::exchange::PredicateRequest q;
    q.material.case_id = case_id;
    q.material.material = std::move(material);
    q.purpose = purpose(token);
    q.question.field = "name";
    q.question.ask = hub::exchange::Ask::kFieldEquals;
    q.question.value = Personal<std::string>("测试人员1");
    if (!other.empty()) {
      q.question.ask = hub::exchange::Ask::kSamePerson;
      q.question.field = "legal_representative";
      q.question.value = Personal<std::string>();
      q.question.other_material = std::move(other);
      q.question.other_field = "name";
    }
    return answers->predicate(q, "{}", bureau(), *catalogue.policy());
  }
  Result<hub::access::Prepared> fill(const std::string& token) {
    const hub::exchange::FormRequest q{case_id, "food_business_application", purpose(token)};
    return forms->fill(q, "{}", bureau(), *catalogue.policy());
  }
  Result<hub::access::Prepared> copy(const std::string& token) {
    hub::exchange::CopyRequest q;
    q.material.case_id = case_id;
    q.material.material = "M02";
    q.purpose = purpose(token);
    return copies->make(q, "{}", bureau(), *catalogue.policy());
  }
  Result<hub::access::Prepared> download(const std::string& code) {
    return copies->download(code, bureau(), *catalogue.policy());
  }
  std::uint64_t entries() { return ledger->state().size; }

  std::unique_ptr<hub::exchange::AnswerDesk> answers;
  std::unique_ptr<hub::exchange::FormDesk> forms;
  std::unique_ptr<hub::exchange::CopyDesk> copies;
  std::string case_id;
};

TEST(ConsentAnswers, EveryWayOfReadingTakesOneUseAndRefusesAlike) {
  using Way = std::function<Result<hub::access::Prepared>(ConsentedHub&, const std::string&)>;
  const std::vector<std::pair<std::string, Way>> ways = {
      {"predicate", [](auto& hub, const auto& token) { return hub.ask(token); }},
      {"same_person", [](auto& hub, const auto& token) { return hub.ask(token, "M01", "M02"); }},
      {"form", [](auto& hub, const auto& token) { return hub.fill(token); }},
      {"copy", [](auto& hub, const auto& token) { return hub.copy(token); }}};
  for (const auto& [name, way] : ways) {
    ConsentedHub hub;
    if (name != "form") {  // which says so in place of the fields
      EXPECT_EQ(reason_of(way(hub, "")), "consent.missing") << name;
    }
    EXPECT_EQ(reason_of(way(hub, "lhc1.hub.test.x")), "consent.unknown") << name;
    const auto theirs = hub.consent(kits::test_person(2));
    EXPECT_EQ(reason_of(way(hub, theirs)), "consent.scope") << name;
    const auto code = hub.use_code();
    const auto before = hub.entries();
    hub.answer(way(hub, code));
    EXPECT_EQ(hub.entries(), before + 2) << name << ": the act, and the use of the code";
    EXPECT_EQ(hub.last_entry().event, schemas::AuditEvent::kUseCodeUsed) << name;
    EXPECT_EQ(reason_of(way(hub, code)), "use_code.used") << name;
    const auto token = hub.consent(kits::test_person(1), 2);
    hub.answer(way(hub, token));
    hub.answer(way(hub, token));
    EXPECT_EQ(reason_of(way(hub, token)), "consent.ended") << name;
    const auto late = hub.use_code();
    hub.clock.pass_ms(10LL * 60 * 1000);
    EXPECT_EQ(reason_of(way(hub, late)), "use_code.expired") << name;
  }
}

TEST(ConsentAnswers, ARefusalNamesTheHolderOfTheTokenAndTakesNothing) {
  ConsentedHub hub;
  const auto theirs = hub.consent(kits::test_person(2));
  const auto refused = hub.copy(theirs);
  const auto holder = hub.directory->find(kits::test_person(2)).value();
  const auto& named = std::get<hub::access::Refused>(*refused).facts.subjects;
  EXPECT_TRUE(std::any_of(named.begin(), named.end(),
                          [&](const auto& key) { return key.no == holder->no; }));
  const auto found = hub.consents.find(theirs).value();
  EXPECT_EQ(found.consent.uses_left, 1U);
}

TEST(ConsentAnswers, AFormOpensTheMaterialOfTheTokenAndNoOther) {
  ConsentedHub hub;
  for (auto rule : schemas::shipped_sharing_rules()) {  // a second material needs consent
    if (rule.id != "approval.food.health_certificate") continue;
    rule.version = 2;
    rule.consent_needed = true;
    hub.activate_all(hub::access::ObjectKind::kRule,
                     {schemas::to_text(schemas::sharing_rule_to_json(rule))});
  }
  const auto why = [](const schemas::Json& form, std::string_view field) {
    const auto* missing = form.find("fields")->find(field)->find("missing");
    return missing == nullptr ? std::string() : text_of(missing->items()->front(), "why");
  };
  const auto without = hub.answer(hub.fill(""));
  EXPECT_EQ(why(without, "legal_representative_id"), "consent.missing");
  EXPECT_EQ(why(without, "employee_name"), "consent.missing");
  const auto with = hub.answer(hub.fill(hub.use_code()));
  EXPECT_EQ(text_of(*with.find("fields")->find("legal_representative_id"), "value"),
            kits::test_person(1).value.reveal());
  EXPECT_EQ(why(with, "employee_name"), "consent.missing");
}

TEST(ConsentAnswers, ACopyIsDownloadedByTheConsentItWasMadeWith) {
  ConsentedHub hub;
  const auto code = text_of(hub.answer(hub.copy(hub.use_code())), "code");
  const auto got = hub.answer(hub.download(code));
  EXPECT_FALSE(text_of(got, "content").empty()) << "the use was counted when it was made";
  const auto token = hub.consent(kits::test_person(1), 2);
  const auto second = text_of(hub.answer(hub.copy(token)), "code");
  const auto id = hub.consents.find(token).value().consent.id.text();
  hub.answer(hub.at_desk([&](const auto& d, const auto& call) {
    return d.withdraw_consent({hub.of(kits::test_person(1)), id}, call);
  }));
  EXPECT_EQ(reason_of(hub.download(second)), "consent.missing") << "withdrawn since";
}

TEST(ConsentAnswers, InABatchATokenGoesWithTheFirstReferenceItWasGivenFor) {
  ConsentedHub hub;
  const auto code = hub.use_code();
  const auto plan = hub.open(CaseHub::case_request());
  std::vector<schemas::FetchRequest> batch;
  for (const char* material : {"M01", "M02", "M06"}) {
    batch.push_back(CaseHub::fetch_request(CaseHub::reference(plan, material)));
    batch.back().purpose.consent = code;
  }
  auto placed = batch;
  hub.answers->place_consent(placed, hub.bureau());
  EXPECT_EQ(placed[0].purpose.consent, "");
  EXPECT_EQ(placed[1].purpose.consent, code);
  EXPECT_EQ(placed[2].purpose.consent, "");
  for (const auto& one : placed) EXPECT_EQ(reason_of(hub.prepare(one)), "done");
  auto none = std::vector<schemas::FetchRequest>{batch[0], batch[2]};
  hub.answers->place_consent(none, hub.bureau());
  for (const auto& one : none) EXPECT_EQ(reason_of(hub.prepare(one)), "consent.scope");
  auto twice = std::vector<schemas::FetchRequest>{batch[1], batch[1]};
  twice[1].reference = CaseHub::reference(hub.open(CaseHub::case_request()), "M02");
  hub.answers->place_consent(twice, hub.bureau());
  EXPECT_EQ(twice[0].purpose.consent, code);
  EXPECT_EQ(reason_of(hub.prepare(twice[1])), "consent.missing") << "one code, one fetch";
}

TEST(ConsentAnswers, AGrantThatEndedSaysSo) {
  ConsentedHub hub;
  const auto today = local_date(hub.clock.now());
  for (auto rule : schemas::shipped_sharing_rules()) {
    if (rule.id != "approval.food.identity_card") continue;
    rule.version = 3;
    rule.callers = {std::string(kits::kSupervision)};
    hub.activate_all(hub::access::ObjectKind::kRule,
                     {schemas::to_text(schemas::sharing_rule_to_json(rule))});
    rule.id = "grant.00.1";
    rule.version = 1;
    rule.callers = {std::string(kits::kBureau)};
    rule.effective.until = today.plus_days(-1);
    hub.activate_all(hub::access::ObjectKind::kRule,
                     {schemas::to_text(schemas::sharing_rule_to_json(rule))});
  }
  EXPECT_EQ(reason_of(hub.ask("")), "grant.ended");
  EXPECT_EQ(reason_of(hub.copy("")), "grant.ended");
  const auto form = hub.answer(hub.fill(""));
  const auto* one = form.find("fields")->find("legal_representative_id");
  EXPECT_EQ(text_of(one->find("missing")->items()->front(), "why"), "grant.ended");
}

}  // namespace
}  // namespace lh
