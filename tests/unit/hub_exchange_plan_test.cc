// The decision about one material: the whole table of facts against a model, what would change it,
// and the plan as text.
#include <gtest/gtest.h>

#include <set>

#include "hub/exchange/plan/plan.h"
#include "schemas/json.h"
#include "tests/kits/seeded_random.h"

namespace lh {
namespace {

using namespace hub::exchange;  // NOLINT: a test of this room

const PlanRuleSet& rules() {
  return PlanRuleSet::shipped();
}

std::string said(Facts facts) {
  const auto d = rules().decide(facts);
  return std::string(state_text(d.state)) + " " + d.rule->id;
}

Facts from_bits(std::uint32_t bits) {
  Facts out;
  for (int i = 0; i < kFacts; ++i) out.set(static_cast<Fact>(i), (bits >> i & 1U) != 0);
  return out;
}

// The model, in questions and answers instead of a table.
std::string model_of_held(Facts f) {
  const bool usable = f.has(Fact::kHeld) && f.has(Fact::kValid) && f.has(Fact::kFresh) &&
                      f.has(Fact::kTrusted) && f.has(Fact::kSubjectNamed);
  if (usable && f.has(Fact::kYesNoSuffices)) return "verifiable plan.yes_no_suffices";
  if (usable && f.has(Fact::kRuleValues)) return "held plan.held_valid";
  if (usable && f.has(Fact::kRuleYesNo)) return "verifiable plan.rule_yes_no";
  if (f.has(Fact::kRuleValues) && f.has(Fact::kSubjectNamed) && f.has(Fact::kObtainable)) {
    return f.has(Fact::kHeld) ? "obtainable plan.obtainable_held_not_valid"
                              : "obtainable plan.obtainable";
  }
  return "";
}

std::string model_of_later(Facts f) {
  const bool trusted = !f.has(Fact::kBreach) && !f.has(Fact::kDeferralMissed);
  if (f.has(Fact::kCommitmentSigned)) return "commitment plan.commitment_signed";
  if (f.has(Fact::kCommitmentOffered) && trusted) return "commitment plan.commitment_allowed";
  if (f.has(Fact::kDeferralOpen)) return "deferrable plan.deferral_open";
  if (f.has(Fact::kDeferralOffered) && trusted) return "deferrable plan.deferral_allowed";
  return "";
}

std::string model(Facts f) {
  if (!f.has(Fact::kLegalBasis)) return "not_demandable plan.no_legal_basis";
  if (f.has(Fact::kProofAbolished)) return "not_demandable plan.proof_abolished";
  if (f.has(Fact::kIssuedByAsker)) return "own plan.issued_by_asker";
  if (const auto held = model_of_held(f); !held.empty()) return held;
  if (const auto later = model_of_later(f); !later.empty()) return later;
  if (f.has(Fact::kDocumentOnly)) return "required plan.document_only";
  if (f.has(Fact::kConsentWouldDo)) return "required plan.consent_needed";
  if (!f.has(Fact::kRuleValues) && !f.has(Fact::kRuleYesNo)) return "required plan.no_rule";
  if (!f.has(Fact::kSubjectNamed)) return "required plan.subject_not_named";
  if (!f.has(Fact::kHeld)) return "required plan.not_held";
  if (!f.has(Fact::kValid)) return "required plan.held_not_valid";
  if (!f.has(Fact::kFresh)) return "required plan.held_too_old";
  if (!f.has(Fact::kTrusted)) return "required plan.held_not_trusted";
  return "required plan.required";
}

TEST(PlanRules, EveryCombinationOfFactsIsDecidedAsTheModelSays) {
  std::set<std::string> seen;
  for (std::uint32_t bits = 0; bits < (1U << kFacts); ++bits) {
    const Facts facts = from_bits(bits);
    const auto answer = said(facts);
    if (answer != model(facts)) FAIL() << bits << ": " << answer << ", not " << model(facts);
    seen.insert(answer);
  }
  EXPECT_GE(seen.size(), 20U) << "some rule never decides";
}

// Until a right is there, nothing tells what is held.
TEST(PlanRules, WithoutARightNothingTellsWhatIsHeld) {
  std::set<std::string> reasons;
  for (std::uint32_t bits = 0; bits < (1U << 5U); ++bits) {
    Facts facts{Fact::kLegalBasis, Fact::kSubjectNamed};
    int i = 0;
    for (const Fact f :
         {Fact::kHeld, Fact::kValid, Fact::kFresh, Fact::kTrusted, Fact::kObtainable}) {
      facts.set(f, (bits >> i++ & 1U) != 0);
    }
    reasons.insert(said(facts));
  }
  EXPECT_EQ(reasons, std::set<std::string>{"required plan.no_rule"});
}

std::set<std::string> levers(Facts facts) {
  std::set<std::string> out;
  for (const Lever& lever : rules().would_change(facts)) {
    out.insert(std::string(lever.id) + ">" + std::string(state_text(lever.to)));
  }
  return out;
}

TEST(PlanRules, SaysWhatWouldChangeIt) {
  using Set = std::set<std::string>;
  EXPECT_EQ(levers({Fact::kLegalBasis, Fact::kSubjectNamed}), (Set{"sharing_granted>held"}));
  EXPECT_EQ(levers({Fact::kLegalBasis, Fact::kSubjectNamed, Fact::kRuleValues}),
            (Set{"licence_collected>held", "source_connected>obtainable"}));
  EXPECT_EQ(levers({Fact::kLegalBasis, Fact::kRuleValues}), (Set{"subject_named>held"}));
  EXPECT_EQ(levers({Fact::kLegalBasis, Fact::kSubjectNamed, Fact::kConsentWouldDo}),
            (Set{"consent_given>held", "sharing_granted>held"}));
  EXPECT_EQ(levers({Fact::kLegalBasis, Fact::kDocumentOnly}), Set{});
  EXPECT_EQ(
      levers({Fact::kLegalBasis, Fact::kDocumentOnly, Fact::kCommitmentOffered, Fact::kBreach}),
      (Set{"breach_repaired>commitment"}));
  EXPECT_EQ(levers({Fact::kLegalBasis, Fact::kDocumentOnly, Fact::kDeferralOffered,
                    Fact::kDeferralMissed}),
            (Set{"deferral_met>deferrable"}));
  EXPECT_EQ(levers({Fact::kLegalBasis, Fact::kIssuedByAsker}), Set{});
}

// What a lever promises is less than what is asked now, and it never depends on what is held where
// no rule lets the caller look.
TEST(PlanRules, LeversPromiseSomethingAndBetrayNothing) {
  kits::SeededRandom random(4);
  for (int i = 0; i < 20'000; ++i) {
    Facts facts = from_bits(static_cast<std::uint32_t>(random.u64()) & ((1U << kFacts) - 1));
    for (const Lever& lever : rules().would_change(facts)) {
      ASSERT_LT(burden(lever.to), burden(rules().decide(facts).state)) << facts.bits();
    }
    facts.set(Fact::kRuleValues, false);
    facts.set(Fact::kRuleYesNo, false);
    facts.set(Fact::kYesNoSuffices,
              false);  // decides by what is held, which is looked up by a right
    Facts held = facts;
    for (const Fact f : {Fact::kHeld, Fact::kValid, Fact::kFresh, Fact::kTrusted}) {
      facts.set(f, false);
      held.set(f, true);
    }
    facts.set(Fact::kObtainable, false);
    held.set(Fact::kObtainable, true);
    ASSERT_EQ(levers(facts), levers(held)) << facts.bits();
  }
}

schemas::PlanRules one_rule(std::vector<std::string> when, std::string state = "held") {
  schemas::PlanRules out;
  out.rules.push_back({"plan.a", std::move(when), std::move(state), {"甲", "a"}});
  out.rules.push_back({"plan.b", {}, "required", {"乙", "b"}});
  return out;
}

TEST(PlanRules, RefusesRulesThatMeanNothing) {
  EXPECT_TRUE(PlanRuleSet::compile(one_rule({"held", "!breach"})).ok());
  for (const auto& bad : {one_rule({"helt"}), one_rule({"held", "!held"}), one_rule({"!"}),
                          one_rule({}, "perhaps"), schemas::PlanRules{}}) {
    EXPECT_EQ(PlanRuleSet::compile(bad).error().reason(), Reason::kDefinitionInvalid);
  }
  auto endless = one_rule({"held"});
  endless.rules.pop_back();
  EXPECT_EQ(PlanRuleSet::compile(endless).error().reason(), Reason::kDefinitionInvalid);
}

schemas::Material material() {
  schemas::Material m;
  m.code = "M01";
  m.names = {"营业执照", "Business licence"};
  m.source = "licence";
  m.legal_basis = "law \"1\"";
  m.deferral =
      schemas::Deferral{{5, schemas::DayCount::kWorking}, {1}, "basis", {"后果", "it ends"}};
  return m;
}

PlanItem item_of(const schemas::Material& m, Facts facts) {
  PlanItem item;
  item.material = &m;
  item.facts = facts;
  item.decision = rules().decide(facts);
  item.would_change = rules().would_change(facts);
  return item;
}

TEST(PlanJson, SaysEverythingOnce) {
  const auto m = material();
  Plan plan;
  plan.case_id = "case_0";
  plan.matter = "m";
  plan.revision = 3;
  plan.items = {item_of(m, {Fact::kLegalBasis, Fact::kRuleValues, Fact::kSubjectNamed, Fact::kHeld,
                            Fact::kValid, Fact::kFresh, Fact::kTrusted}),
                item_of(m, {Fact::kLegalBasis, Fact::kDocumentOnly, Fact::kDeferralOffered}),
                item_of(m, {})};
  plan.items[0].sharing_rule = "r";
  plan.items[0].reference = "lhr1.x.y";
  plan.items[0].fields = {"a", "b"};
  plan.items[1].due = parse_date("2026-12-01").value();
  plan.changes = {{"M01", "required", "held", "plan.held_valid"}};
  const auto json = schemas::parse_json(plan_json(plan), 1U << 20U).value();
  const auto& items = *json.find("materials")->items();
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(*items[0].find("state")->string(), "held");
  EXPECT_EQ(*items[0].find("because")->string(), "plan.held_valid");
  EXPECT_EQ(*items[0].find("legal_basis")->string(), "law \"1\"");
  EXPECT_EQ(*items[0].find("names")->find("chinese")->string(), "营业执照");
  EXPECT_EQ(items[0].find("fields")->items()->size(), 2U);
  EXPECT_EQ(items[0].find("would_change"), nullptr);
  EXPECT_EQ(items[0].find("source"), nullptr);
  EXPECT_EQ(*items[1].find("deferral")->find("due")->string(), "2026-12-01");
  EXPECT_EQ(items[1].find("reference"), nullptr);
  EXPECT_EQ(*json.find("summary")->find("demanded")->integer(), 2);
  EXPECT_EQ(*json.find("summary")->find("to_submit")->integer(), 1);
  EXPECT_EQ(*(*json.find("changes")->items())[0].find("to")->string(), "held");
  EXPECT_EQ(*json.find("revision")->integer(), 3);
}

TEST(PlanJson, AnObtainableMaterialNamesItsSource) {
  const auto m = material();
  Plan plan;
  plan.items = {
      item_of(m, {Fact::kLegalBasis, Fact::kRuleValues, Fact::kSubjectNamed, Fact::kObtainable})};
  plan.items[0].source = PlanSource{"firms", "uscc", "", "2026-11-22T01:30:00.000Z"};
  const auto json = schemas::parse_json(plan_json(plan), 1U << 20U).value();
  const auto* source = (*json.find("materials")->items())[0].find("source");
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(*source->find("adapter")->string(), "firms");
  EXPECT_EQ(*source->find("freshness")->string(), "asked_at_fetch");
  EXPECT_EQ(*source->find("last_answer")->string(), "2026-11-22T01:30:00.000Z");
  EXPECT_EQ(source->find("organisation_name"), nullptr);
}

}  // namespace
}  // namespace lh
