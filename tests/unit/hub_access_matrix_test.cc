// The access matrix: callers × divisions × roles × matters × objects × consent × days, asked of the
// gate, held against a table written by hand that knows nothing of rules, versions or decide().
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "hub/access/simulate/explain.h"
#include "tests/kits/audit_kit.h"

namespace lh {
namespace {

using namespace hub::access;  // NOLINT: a test of this room
using schemas::RuleEffect;
using schemas::RuleMode;
using schemas::SharingRule;

const std::vector<std::string> kFields = {"name", "number", "address", "scope", "grade"};
const auto kDefinition = kits::definition_of(kFields);
const std::vector<std::string> kObjects = {"natural_person", "legal_entity", "address"};
const std::vector<std::string> kMatters = {"m1", "m2", "m3"};
const std::vector<std::string> kDivisions = {"990100", "990102", "980000"};

// One line of the independent table: what this organisation may see.
struct Line {
  int organisation;
  std::vector<std::string> divisions;  // exactly these
  std::string matter, object;
  std::set<std::string> fields;
  int from, until;
  enum class When : std::uint8_t { kAlways, kWithConsent, kNever } when;
};
const std::vector<Line> kTable = {
    {0,
     {"990100", "990102"},
     "m1",
     "natural_person",
     {"name", "number"},
     0,
     9,
     Line::When::kAlways},
    {0, {"990102"}, "m1", "natural_person", {"grade"}, 0, 9, Line::When::kAlways},
    {0, {"990100", "990102"}, "m1", "natural_person", {"address"}, 0, 9, Line::When::kWithConsent},
    {0, {"990100", "990102"}, "m1", "natural_person", {"scope"}, 0, 9, Line::When::kNever},
    {0, {"990100", "990102"}, "m2", "legal_entity", {"name", "scope"}, 3, 5, Line::When::kAlways},
    {1, {"990100", "990102", "980000"}, "m2", "legal_entity", {"name"}, 0, 9, Line::When::kAlways},
    {1,
     {"990100", "990102", "980000"},
     "m3",
     "address",
     {"address"},
     4,
     9,
     Line::When::kWithConsent},
    {2, {"980000"}, "m3", "natural_person", {"name"}, 0, 2, Line::When::kAlways},
};

LocalDate day(int n) {
  return LocalDate::from_days(20000 + n);
}

SharingRule rule(std::string id, int organisation, std::string matter, std::string object,
                 std::vector<std::string> fields) {
  SharingRule r;
  r.id = std::move(id);
  r.effective = {day(0), day(9)};
  r.callers = {kits::test_uscc(organisation).text()};
  r.divisions = {"990100"};
  r.matter = std::move(matter);
  r.object = std::move(object);
  r.fields = std::move(fields);
  r.legal_basis = "law";
  return r;
}

// The same rights, as rules: with versions, denials, modes and roles that must not matter.
Definitions definitions() {
  Definitions out;
  auto& rules = out.rules;
  rules.push_back(rule("a", 0, "m1", "natural_person", {"name", "number", "scope"}));
  rules.push_back(rule("a2", 0, "m1", "natural_person", {"grade"}));
  rules.back().divisions = {"990102"};
  rules.push_back(rule("b", 0, "m1", "natural_person", {"address", "scope"}));
  rules.back().consent_needed = true;
  rules.push_back(rule("deny", 0, "*", "natural_person", {"scope"}));
  rules.back().effect = RuleEffect::kDeny;
  rules.push_back(rule("c", 0, "m2", "legal_entity", {"name", "scope"}));
  rules.back().effective = {day(3), day(5)};
  rules.push_back(rule("d", 1, "m2", "legal_entity", {"*"}));
  rules.back().divisions = {"*"};
  rules.push_back(rules.back());
  rules.back().version = 2;
  rules.back().fields = {"name"};
  rules.push_back(rule("e", 1, "m3", "address", {"address"}));
  rules.back().divisions = {"*"};
  rules.back().consent_needed = true;
  rules.back().effective.from = day(4);
  rules.push_back(rule("f", 2, "m3", "natural_person", {"name"}));
  rules.back().divisions = {"980000"};
  rules.back().effective.until = day(2);
  rules.push_back(rule("g", 2, "m1", "legal_entity", {"*"}));
  rules.back().mode = RuleMode::kVerifyOnly;
  rules.push_back(rule("h", 2, "m1", "address", {"*"}));
  rules.back().roles = {"issue"};
  rules.push_back(rule("i", 1, "m1", "address", {"*"}));
  rules.back().mode = RuleMode::kPredicate;
  rules.back().divisions = {"*"};
  return out;
}

std::set<std::string> table_says(const Question& q, int organisation) {
  std::set<std::string> out;
  if (q.caller.roles.count(Role::kFetch) == 0) return out;
  for (const Line& line : kTable) {
    const bool here = std::count(line.divisions.begin(), line.divisions.end(), q.caller.division);
    const bool then = day(line.from) <= q.at && q.at <= day(line.until);
    const bool may = line.when == Line::When::kAlways ||
                     (line.when == Line::When::kWithConsent && q.has_consent);
    if (line.organisation != organisation || line.matter != q.matter || line.object != q.object) {
      continue;
    }
    if (here && then && may) out.insert(line.fields.begin(), line.fields.end());
  }
  return out;
}

const std::vector<std::set<Role>> kRoles = {{Role::kFetch},
                                            {Role::kFetch, Role::kCollect},
                                            {Role::kIssue, Role::kApprove, Role::kSystemAdmin},
                                            {Role::kHolderPortal},
                                            {}};

struct Asked {
  int organisation = 0;
  Caller caller;
};
std::vector<Asked> callers() {
  std::vector<Asked> out;
  for (int organisation = 0; organisation < 4; ++organisation) {
    for (const auto& division : kDivisions) {
      for (const auto& roles : kRoles) {
        out.push_back({organisation, {{}, kits::test_uscc(organisation), division, roles, {}}});
      }
    }
  }
  return out;
}

// Calls f(question, organisation) for the whole matrix.
template <class F>
std::size_t ask_all(F f) {
  std::size_t asked = 0;
  for (const auto& [organisation, caller] : callers()) {
    for (const auto& matter : kMatters) {
      for (const auto& object : kObjects) {
        for (int i = 0; i < 24; ++i) {
          const Question q{Operation::kFetch, caller, matter,         object,
                           kDefinition,       {},     day(i / 2 - 1), i % 2 == 1};
          f(q, organisation);
          ++asked;
        }
      }
    }
  }
  return asked;
}

TEST(AccessMatrix, NothingIsDisclosedThatTheTableDoesNotAllow) {
  const auto policy = Policy::make(definitions(), 7);
  std::size_t released = 0;
  const std::size_t asked = ask_all([&](const Question& q, int organisation) {
    const Decision d = decide(q, *policy);
    const std::set<std::string> got(d.fields.begin(), d.fields.end());
    ASSERT_EQ(got, table_says(q, organisation))
        << organisation << " " << q.caller.division << " " << q.matter << " " << q.object << " "
        << q.at.text() << " consent " << q.has_consent;
    released += got.empty() ? 0U : 1U;
  });
  EXPECT_GT(asked, 10000U);
  EXPECT_GT(released, 200U);
}

// Asking for single fields never gives more than asking for all.
TEST(AccessMatrix, AskingForOneFieldIsNoWayAround) {
  const auto policy = Policy::make(definitions(), 7);
  ask_all([&](const Question& whole, int organisation) {
    const auto allowed = table_says(whole, organisation);
    for (const auto& field : {kFields[0], kFields[3], std::string("unknown")}) {
      Question one = whole;
      one.asked = {&field, 1};
      const Decision d = decide(one, *policy);
      EXPECT_EQ(!d.fields.empty(), allowed.contains(field));
    }
  });
}

// A caller without a rule gets one answer, whatever there is or is not.
TEST(AccessMatrix, AStrangerIsAnsweredAlikeForEveryObject) {
  const auto policy = Policy::make(definitions(), 7);
  ask_all([&](const Question& q, int organisation) {
    if (organisation != 3) return;
    const Decision d = decide(q, *policy);
    const bool fetches = q.caller.roles.contains(Role::kFetch);
    EXPECT_EQ(d.reason, fetches ? Reason::kRuleNone : Reason::kRoleMissing);
    EXPECT_TRUE(d.rule.empty());
    for (const auto& w : d.withheld) EXPECT_EQ(w.rule, "default");
  });
}

// Whatever decides is among the rules that count, and what counts for nobody releases nothing.
TEST(AccessMatrix, TheExplanationFitsTheDecision) {
  const auto policy = Policy::make(definitions(), 7);
  ask_all([&](const Question& q, int) {
    const Explanation e = explain(q, *policy);
    const auto counts = [&e](Bearing b) {
      return std::count_if(e.rules.begin(), e.rules.end(),
                           [b](const auto& r) { return r.bearing == b; });
    };
    if (e.decision.reason == Reason::kRoleMissing) return;
    EXPECT_EQ(e.decision.reason == Reason::kRuleNone,
              counts(Bearing::kCounts) == 0 && counts(Bearing::kNeedsConsent) == 0);
    if (!e.decision.rule.empty()) {
      EXPECT_TRUE(std::any_of(e.rules.begin(), e.rules.end(), [&e](const auto& r) {
        const bool bears = r.bearing == Bearing::kCounts || r.bearing == Bearing::kNeedsConsent;
        return bears && r.rule->id == e.decision.rule && r.rule->version == e.decision.rule_version;
      }));
    }
  });
}

TEST(AccessMatrix, WhatIfNamesExactlyWhatARuleWouldChange) {
  auto all = definitions();
  schemas::BaseKind person;
  person.id = "natural_person";
  for (const auto& name : kFields) {
    schemas::FieldDefinition field;
    field.name = name;
    person.fields.push_back(field);
  }
  all.kinds.push_back(person);
  const auto now = Policy::make(all, 7);
  const auto more = rule("new", 2, "m2", "natural_person", {"name", "grade"});
  const auto then = with_rule(*now, more).value();
  EXPECT_EQ(with_rule(*then, more).error().reason(), Reason::kDefinitionExists);
  std::vector<Caller> who;
  for (const auto& [organisation, caller] : callers()) who.push_back(caller);
  const auto changes = what_if(*now, *then, who, day(1));
  EXPECT_EQ(changes.size(), 8U) << "two divisions, two sets of roles that fetch, consent or not";
  for (const auto& change : changes) {
    EXPECT_EQ(change.caller->organisation, kits::test_uscc(2));
    EXPECT_EQ(change.gained, (std::vector<std::string>{"name", "grade"}));
    EXPECT_TRUE(change.lost.empty());
    EXPECT_EQ(change.before, Reason::kRuleNone);
  }
  EXPECT_TRUE(what_if(*now, *now, who, day(1)).empty());
  auto deny = rule("stop", 0, "m1", "natural_person", {});
  deny.effect = RuleEffect::kDeny;
  for (const auto& change : what_if(*now, *with_rule(*now, deny).value(), who, day(1))) {
    EXPECT_TRUE(change.gained.empty());
    EXPECT_EQ(change.after, Reason::kRuleDenied);
  }
}

}  // namespace
}  // namespace lh
