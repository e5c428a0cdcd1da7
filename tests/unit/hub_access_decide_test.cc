// decide() against an oracle written independently from the rules of model.md: it asks
// field by field "may this caller have the value of this field", with sets instead of lists.
#include <gtest/gtest.h>

#include <algorithm>

#include "hub/access/decision_memo.h"
#include "tests/kits/audit_kit.h"

namespace lh {
namespace {

using hub::access::Caller;
using hub::access::decide;
using hub::access::Decision;
using hub::access::Definitions;
using hub::access::Operation;
using hub::access::Policy;
using hub::access::Question;
using hub::access::Role;
using schemas::RuleEffect;
using schemas::RuleMode;
using schemas::SharingRule;

const std::vector<std::string> kFields = {"name", "number", "address", "scope"};
const auto kDefinition = kits::definition_of(kFields);
const std::vector<std::string> kDivisions = {"*", "990000", "990100", "990102", "980000"};
const std::vector<std::string> kMatters = {"*", "m1", "m2"};
const std::vector<std::string> kObjects = {"legal_entity", "natural_person"};

LocalDate day(int n) {
  return LocalDate::from_days(20000 + n);
}

template <class T>
const T& pick(kits::SeededRandom& dice, const std::vector<T>& from) {
  return from[dice.below(from.size())];
}

SharingRule random_rule(kits::SeededRandom& dice) {
  SharingRule r;
  r.id = "rule." + std::to_string(dice.below(6));
  r.version = static_cast<int>(1 + dice.below(3));
  r.effective.from = day(static_cast<int>(dice.below(4)));
  if (dice.below(3) == 0) r.effective.until = day(static_cast<int>(3 + dice.below(4)));
  r.effect = dice.below(4) == 0 ? RuleEffect::kDeny : RuleEffect::kAllow;
  r.callers = {dice.below(2) != 0 ? "*" : kits::test_uscc(static_cast<int>(dice.below(2))).text()};
  r.divisions = {dice.below(2) != 0 ? "*" : pick(dice, kDivisions)};
  if (dice.below(3) == 0) r.roles = {dice.below(2) != 0 ? "fetch" : "issue"};
  r.matter = dice.below(2) != 0 ? "*" : pick(dice, kMatters);
  r.object = kObjects[dice.below(5) == 0 ? 1 : 0];
  for (const auto& field : kFields) {
    if (dice.below(3) == 0) r.fields.push_back(field);
  }
  if (dice.below(8) == 0) r.fields = {"*"};
  r.mode = static_cast<RuleMode>(1 + (dice.below(3) == 0 ? dice.below(3) : 0));
  r.legal_basis = "basis of " + r.id;
  r.consent_needed = dice.below(5) == 0;
  return r;
}

Caller random_caller(kits::SeededRandom& dice) {
  Caller c;
  c.organisation = kits::test_uscc(static_cast<int>(dice.below(3)));
  c.division = kDivisions[1 + dice.below(kDivisions.size() - 1)];
  if (dice.below(5) != 0) c.roles.insert(Role::kFetch);
  if (dice.below(3) == 0) c.roles.insert(Role::kIssue);
  return c;
}

// ---- the oracle ------------------------------------------------------------------------------

bool within(std::string_view scope, std::string_view code) {
  if (scope == "*") return true;
  while (scope.size() > 2 && scope.ends_with("00")) scope.remove_suffix(2);
  return code.starts_with(scope);
}

bool in_force(const SharingRule& r, const Definitions& all, const Question& q) {
  if (q.at < r.effective.from || (r.effective.until && q.at > *r.effective.until)) return false;
  return std::none_of(all.rules.begin(), all.rules.end(), [&](const SharingRule& o) {
    return o.id == r.id && o.version > r.version && o.effective.from <= q.at &&
           (!o.effective.until || q.at <= *o.effective.until);
  });
}

bool applies(const SharingRule& r, const Definitions& all, const Question& q) {
  if (!in_force(r, all, q) || r.object != q.object) return false;
  if (r.matter != "*" && r.matter != q.matter) return false;
  if (r.callers[0] != "*" && r.callers[0] != q.caller.organisation.text()) return false;
  if (!within(r.divisions[0], q.caller.division)) return false;
  if (r.roles.empty()) return true;
  return q.caller.roles.contains(r.roles[0] == "fetch" ? Role::kFetch : Role::kIssue);
}

bool names(const SharingRule& r, const std::string& field) {
  if (r.effect == RuleEffect::kDeny && r.fields.empty()) return true;
  return std::any_of(r.fields.begin(), r.fields.end(),
                     [&field](const auto& f) { return f == "*" || f == field; });
}

bool may_have(const std::string& field, const Definitions& all, const Question& q) {
  if (!q.caller.roles.contains(Role::kFetch)) return false;
  bool allowed = false;
  for (const auto& r : all.rules) {
    if (!applies(r, all, q) || !names(r, field)) continue;
    if (r.effect == RuleEffect::kDeny) return false;
    const bool consented = !r.consent_needed || q.has_consent;
    allowed = allowed || (r.mode == RuleMode::kValues && consented);
  }
  return allowed;
}

// ---- the matrix ------------------------------------------------------------------------------

struct Sample {
  Definitions definitions;
  Caller caller;
  std::vector<std::string> asked;
  std::string matter, object;
  LocalDate at;
  bool consent = false;
  Question question() const {
    return Question{Operation::kFetch, caller, matter, object, kDefinition, asked, at, consent};
  }
};

Sample random_sample(kits::SeededRandom& dice) {
  Sample s;
  const std::size_t rules = dice.below(8);
  for (std::size_t i = 0; i < rules; ++i) {
    SharingRule r = random_rule(dice);
    const bool taken =
        std::any_of(s.definitions.rules.begin(), s.definitions.rules.end(),
                    [&r](const auto& o) { return o.id == r.id && o.version == r.version; });
    if (!taken) s.definitions.rules.push_back(std::move(r));
  }
  s.caller = random_caller(dice);
  s.matter = dice.below(2) != 0 ? "m1" : "m2";
  s.object = kObjects[dice.below(5) == 0 ? 1 : 0];
  s.at = day(static_cast<int>(dice.below(8)));
  s.consent = dice.below(2) != 0;
  if (dice.below(2) != 0) {
    for (const auto& field : kFields) {
      if (dice.below(2) != 0) s.asked.push_back(field);
    }
    if (dice.below(4) == 0) s.asked.push_back("unknown_field");
    std::reverse(s.asked.begin(), s.asked.end());
  }
  return s;
}

void check_sample(const Sample& s, const Decision& d) {
  const Question q = s.question();
  std::vector<std::string> expected;
  for (const auto& field : kFields) {
    const bool asked =
        q.asked.empty() || std::find(q.asked.begin(), q.asked.end(), field) != q.asked.end();
    if (asked && may_have(field, s.definitions, q)) expected.push_back(field);
  }
  EXPECT_EQ(d.fields, expected);
  if (!expected.empty()) {
    EXPECT_TRUE(d.allowed());
    EXPECT_EQ(d.mode, RuleMode::kValues);
    EXPECT_EQ(d.legal_basis, "basis of " + d.rule);
    EXPECT_GT(d.rule_version, 0);
  } else if (d.allowed()) {
    EXPECT_NE(d.mode, RuleMode::kValues);
  }
  // What was asked, or all there is, is either released or withheld; never both, never lost.
  const auto& universe = s.asked.empty() ? kFields : s.asked;
  EXPECT_EQ(d.fields.size() + d.withheld.size(), universe.size());
  for (const auto& w : d.withheld) {
    EXPECT_NE(std::find(universe.begin(), universe.end(), w.field), universe.end());
    EXPECT_EQ(std::find(d.fields.begin(), d.fields.end(), w.field), d.fields.end());
    EXPECT_FALSE(w.rule.empty());
  }
}

TEST(AccessDecide, ReleasesExactlyWhatTheOracleAllows) {
  kits::SeededRandom dice(20261122);
  std::size_t released = 0;
  std::size_t refused = 0;
  for (int i = 0; i < 8000; ++i) {
    const Sample s = random_sample(dice);
    const auto policy = Policy::make(s.definitions, 5);
    const Decision d = decide(s.question(), *policy);
    check_sample(s, d);
    ASSERT_FALSE(testing::Test::HasFailure()) << "sample " << i;
    EXPECT_EQ(d.policy_epoch, 5U);
    released += d.fields.empty() ? 0U : 1U;
    refused += d.allowed() ? 0U : 1U;
  }
  EXPECT_GT(released, 500U) << "the samples must reach both sides";
  EXPECT_GT(refused, 500U);
}

bool same(const Decision& a, const Decision& b) {
  const auto withheld = [](const Decision& d) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& w : d.withheld) out.emplace_back(w.field, w.rule);
    return out;
  };
  return a.reason == b.reason && a.fields == b.fields && withheld(a) == withheld(b) &&
         a.mode == b.mode && a.rule == b.rule && a.rule_version == b.rule_version &&
         a.legal_basis == b.legal_basis && a.policy_epoch == b.policy_epoch;
}

// Remembered answers are those of the pure function, whatever was asked before: many more questions
// than are kept, each twice, that often differ in one part only.
TEST(AccessDecide, WhatIsRememberedIsWhatWouldBeDecided) {
  kits::SeededRandom dice(7);
  for (int round = 0; round < 5; ++round) {
    const auto policy = Policy::make(random_sample(dice).definitions, 5);
    Sample s = random_sample(dice);
    for (int i = 0; i < 3000; ++i) {
      const Sample other = random_sample(dice);
      switch (dice.below(7)) {
        case 0:
          s.caller.organisation = other.caller.organisation;
          break;
        case 1:
          s.caller.division = other.caller.division;
          break;
        case 2:
          s.caller.roles = other.caller.roles;
          break;
        case 3:
          s.asked = other.asked;
          break;
        case 4:
          s.matter = other.matter;
          break;
        case 5:
          s.at = day(static_cast<int>(dice.below(400)));
          break;
        default:
          s.consent = other.consent;
          s.object = other.object;
          break;
      }
      const Decision pure = decide(s.question(), *policy);
      ASSERT_TRUE(same(*policy->memo().decide(s.question(), *policy), pure)) << i;
      ASSERT_TRUE(same(*policy->memo().decide(s.question(), *policy), pure)) << i;
    }
  }
}

TEST(AccessDecide, NothingIsAllowedWithoutARule) {
  kits::SeededRandom dice(1);
  Sample s = random_sample(dice);
  s.definitions.rules.clear();
  s.caller.roles = {Role::kFetch};
  s.asked.clear();
  const Decision d = decide(s.question(), *Policy::make({}, 0));
  EXPECT_EQ(d.reason, Reason::kRuleNone);
  EXPECT_TRUE(d.fields.empty());
  ASSERT_EQ(d.withheld.size(), kFields.size());
  for (const auto& w : d.withheld) EXPECT_EQ(w.rule, "default");
}

TEST(AccessDecide, AddingADenialNeverReleasesMore) {
  kits::SeededRandom dice(33);
  for (int i = 0; i < 3000; ++i) {
    Sample s = random_sample(dice);
    const Decision before = decide(s.question(), *Policy::make(s.definitions, 1));
    SharingRule deny = random_rule(dice);
    deny.id = "added.deny";
    deny.effect = RuleEffect::kDeny;
    s.definitions.rules.push_back(deny);
    const Decision after = decide(s.question(), *Policy::make(s.definitions, 1));
    for (const auto& field : after.fields) {
      EXPECT_NE(std::find(before.fields.begin(), before.fields.end(), field), before.fields.end());
    }
  }
}

class DecideReason : public testing::Test {
 protected:
  DecideReason() {
    caller_.organisation = kits::test_uscc(1);
    caller_.division = "990102";
    caller_.roles = {Role::kFetch};
  }
  SharingRule rule(const char* id, RuleEffect effect, std::vector<std::string> fields) {
    SharingRule r;
    r.id = id;
    r.effective.from = day(0);
    r.effect = effect;
    r.callers = {"*"};
    r.divisions = {"990100"};
    r.matter = "m1";
    r.object = "legal_entity";
    r.fields = std::move(fields);
    r.legal_basis = "law";
    return r;
  }
  Decision ask(const std::vector<SharingRule>& rules, const std::vector<std::string>& asked = {}) {
    Definitions all;
    all.rules = rules;
    return decide(Question{Operation::kFetch, caller_, "m1", "legal_entity", kDefinition, asked,
                           day(1), consent_},
                  *Policy::make(all, 1));
  }
  Caller caller_;
  bool consent_ = false;
};

TEST_F(DecideReason, NamesTheRuleThatWithheld) {
  const auto d = ask({rule("a", RuleEffect::kAllow, {"name", "number"}),
                      rule("d", RuleEffect::kDeny, {"number"})});
  EXPECT_EQ(d.fields, std::vector<std::string>{"name"});
  ASSERT_EQ(d.withheld.size(), 3U);
  EXPECT_EQ(d.withheld[0].field, "number");
  EXPECT_EQ(d.withheld[0].rule, "d");
  EXPECT_EQ(d.withheld[1].rule, "default");
}

TEST_F(DecideReason, DeniedNoneFieldAndConsentAreToldApart) {
  auto consent = rule("c", RuleEffect::kAllow, {"*"});
  consent.consent_needed = true;
  EXPECT_EQ(ask({rule("d", RuleEffect::kDeny, {"*"})}).reason, Reason::kRuleDenied);
  EXPECT_EQ(ask({consent}).reason, Reason::kConsentMissing);
  EXPECT_EQ(ask({consent}).withheld[0].rule, "c");
  EXPECT_EQ(ask({rule("a", RuleEffect::kAllow, {"name"})}, {"scope"}).reason, Reason::kRuleField);
  consent_ = true;
  EXPECT_EQ(ask({consent}).fields, kFields);
}

TEST_F(DecideReason, OtherModesReleaseNoValue) {
  for (const RuleMode mode : {RuleMode::kPredicate, RuleMode::kVerifyOnly}) {
    auto r = rule("p", RuleEffect::kAllow, {"*"});
    r.mode = mode;
    const auto d = ask({r});
    EXPECT_TRUE(d.allowed());
    EXPECT_EQ(d.mode, mode);
    EXPECT_TRUE(d.fields.empty());
    ASSERT_EQ(d.withheld.size(), kFields.size());
    EXPECT_EQ(d.withheld[0].rule, "p");
    EXPECT_FALSE(ask({r, rule("d", RuleEffect::kDeny, {"*"})}).allowed());
  }
}

TEST_F(DecideReason, CallerWithoutTheRoleLearnsNothingOfTheRules) {
  caller_.roles = {Role::kIssue};
  const auto d = ask({rule("a", RuleEffect::kAllow, {"*"})});
  EXPECT_EQ(d.reason, Reason::kRoleMissing);
  EXPECT_TRUE(d.rule.empty());
  for (const auto& w : d.withheld) EXPECT_EQ(w.rule, "default");
}

TEST_F(DecideReason, NewerVersionReplacesTheOlderEvenForAnotherMatterOrObject) {
  auto older = rule("a", RuleEffect::kAllow, {"*"});
  auto newer = older;
  newer.version = 2;
  newer.matter = "m2";
  EXPECT_EQ(ask({older, newer}).reason, Reason::kRuleNone);
  newer.matter = "m1";
  newer.object = "natural_person";
  EXPECT_EQ(ask({older, newer}).reason, Reason::kRuleNone);
  newer.effective.from = day(2);
  EXPECT_TRUE(ask({older, newer}).allowed()) << "not in force yet";
}

TEST_F(DecideReason, GateGivesAPermitOnlyWithAnAllowance) {
  crypto::SystemRandom random;
  const hub::access::Gate gate(random);
  Definitions all;
  all.rules = {rule("a", RuleEffect::kAllow, {"name"})};
  const auto policy = Policy::make(all, 1);
  const Question good{Operation::kFetch, caller_, "m1",   "legal_entity",
                      kDefinition,       {},      day(1), false};
  const auto one = gate.admit(good, *policy);
  const auto two = gate.admit(good, *policy);
  ASSERT_TRUE(std::holds_alternative<hub::access::Admission>(one));
  EXPECT_NE(std::get<0>(one).permit.access_id(), std::get<0>(two).permit.access_id());
  const Question bad{Operation::kFetch, caller_, "m2",   "legal_entity",
                     kDefinition,       {},      day(1), false};
  EXPECT_TRUE(std::holds_alternative<hub::access::Refusal>(gate.admit(bad, *policy)));
}

TEST_F(DecideReason, EveryOperationNeedsItsRole) {
  crypto::SystemRandom random;
  const hub::access::Gate gate(random);
  const auto policy = Policy::make({}, 1);
  for (int i = 0; i <= static_cast<int>(Operation::kGrantSharing); ++i) {
    const auto operation = static_cast<Operation>(i);
    caller_.roles = {hub::access::role_for(operation)};
    EXPECT_EQ(gate.admit_role(caller_, operation, *policy).index(), 0U) << i;
    caller_.roles = {Role::kFetch,        Role::kIssue,       Role::kCollect,
                     Role::kApprove,      Role::kVerify,      Role::kSubjectsWrite,
                     Role::kHolderPortal, Role::kSystemAdmin, Role::kSecurityAdmin,
                     Role::kAuditAdmin};
    caller_.roles.erase(hub::access::role_for(operation));
    EXPECT_EQ(gate.admit_role(caller_, operation, *policy).index(), 1U) << i;
  }
}

}  // namespace
}  // namespace lh
