#include "hub/exchange/plan/plan_rules.h"

#include <array>

namespace lh::hub::exchange {
namespace {

constexpr std::array<std::pair<MaterialState, std::string_view>, 8> kStates = {{
    {MaterialState::kHeld, "held"},
    {MaterialState::kObtainable, "obtainable"},
    {MaterialState::kVerifiable, "verifiable"},
    {MaterialState::kOwn, "own"},
    {MaterialState::kDeferrable, "deferrable"},
    {MaterialState::kCommitment, "commitment"},
    {MaterialState::kNotDemandable, "not_demandable"},
    {MaterialState::kRequired, "required"},
}};

constexpr std::array<std::string_view, kFacts> kFactTexts = {
    "legal_basis",
    "proof_abolished",
    "issued_by_asker",
    "document_only",
    "rule_values",
    "rule_yes_no",
    "consent_would_do",
    "subject_named",
    "held",
    "valid",
    "fresh",
    "trusted",
    "obtainable",
    "yes_no_suffices",
    "commitment_offered",
    "commitment_signed",
    "breach",
    "deferral_offered",
    "deferral_open",
    "deferral_missed",
};

std::uint32_t bit_of(Fact f) {
  return 1U << static_cast<unsigned>(f);
}

std::optional<std::uint32_t> find_bit(std::string_view word) {
  for (unsigned i = 0; i < kFactTexts.size(); ++i) {
    if (kFactTexts[i] == word) return 1U << i;
  }
  return std::nullopt;
}

struct LeverKind {
  std::string_view id, by;
  std::uint32_t set, clear;
};

std::uint32_t usable() {
  return bit_of(Fact::kHeld) | bit_of(Fact::kValid) | bit_of(Fact::kFresh) | bit_of(Fact::kTrusted);
}

// A lever that opens a door assumes that what is behind it is there: nobody learns more from it.
const std::vector<LeverKind>& levers() {
  static const std::vector<LeverKind> kLevers = {
      {"sharing_granted", "asker", bit_of(Fact::kRuleValues) | usable(),
       bit_of(Fact::kConsentWouldDo)},
      {"consent_given", "holder", bit_of(Fact::kRuleValues) | usable(), 0},
      {"subject_named", "asker", bit_of(Fact::kSubjectNamed) | usable(), 0},
      {"licence_collected", "issuing_department", usable(), 0},
      {"source_connected", "operator", bit_of(Fact::kObtainable), 0},
      {"breach_repaired", "applicant", 0, bit_of(Fact::kBreach)},
      {"deferral_met", "applicant", 0, bit_of(Fact::kDeferralMissed)},
  };
  return kLevers;
}

// Is there a door of that kind to open?
bool applies(const LeverKind& lever, Facts facts) {
  const bool any_rule = facts.has(Fact::kRuleValues) || facts.has(Fact::kRuleYesNo);
  if (lever.id == "sharing_granted") return !any_rule && !facts.has(Fact::kDocumentOnly);
  if (lever.id == "consent_given") return facts.has(Fact::kConsentWouldDo);
  if (lever.id == "subject_named") return any_rule && !facts.has(Fact::kSubjectNamed);
  if (lever.id == "breach_repaired") return facts.has(Fact::kBreach);
  if (lever.id == "deferral_met") return facts.has(Fact::kDeferralMissed);
  return any_rule && facts.has(Fact::kSubjectNamed);
}

Error invalid(const schemas::PlanRule& rule, std::string_view why) {
  return Error(Reason::kDefinitionInvalid, rule.id + ": " + std::string(why));
}

}  // namespace

std::string_view state_text(MaterialState s) {
  for (const auto& [state, text] : kStates) {
    if (state == s) return text;
  }
  return "required";
}

std::optional<MaterialState> find_state(std::string_view text) {
  for (const auto& [state, known] : kStates) {
    if (known == text) return state;
  }
  return std::nullopt;
}

bool spares(MaterialState s) {
  return s != MaterialState::kDeferrable && s != MaterialState::kCommitment &&
         s != MaterialState::kRequired;
}

int burden(MaterialState s) {
  if (spares(s)) return 0;
  if (s == MaterialState::kCommitment) return 1;
  return s == MaterialState::kDeferrable ? 2 : 3;
}

Result<PlanRuleSet> PlanRuleSet::compile(schemas::PlanRules rules) {
  PlanRuleSet out;
  for (const auto& rule : rules.rules) {
    Compiled c;
    for (std::string_view word : rule.when) {
      const bool negated = word.starts_with('!');
      if (negated) word.remove_prefix(1);
      const auto bit = find_bit(word);
      if (!bit) return invalid(rule, "no such condition");
      (negated ? c.must_not : c.must) |= *bit;
    }
    if ((c.must & c.must_not) != 0) return invalid(rule, "contradicts itself");
    const auto state = find_state(rule.state);
    if (!state) return invalid(rule, "no such state");
    c.state = *state;
    out.compiled_.push_back(c);
  }
  if (rules.rules.empty() || !rules.rules.back().when.empty()) {
    return Error(Reason::kDefinitionInvalid, "the last rule has no condition");
  }
  out.rules_ = std::make_shared<const schemas::PlanRules>(std::move(rules));
  return out;
}

const PlanRuleSet& PlanRuleSet::shipped() {
  static const PlanRuleSet kRules = [] {
    auto rules = compile(schemas::shipped_plan_rules());
    LH_CHECK(rules.ok(), rules.error().describe());
    return std::move(rules).value();
  }();
  return kRules;
}

MaterialDecision PlanRuleSet::decide(Facts facts) const {
  for (std::size_t i = 0; i < compiled_.size(); ++i) {
    const Compiled& rule = compiled_[i];
    if ((facts.bits() & rule.must) != rule.must || (facts.bits() & rule.must_not) != 0) continue;
    return {rule.state, &rules_->rules[i]};
  }
  LH_CHECK(false, "the last rule has no condition");
  return {};
}

std::vector<Lever> PlanRuleSet::would_change(Facts facts) const {
  std::vector<Lever> out;
  const MaterialState now = decide(facts).state;
  if (burden(now) == 0) return out;
  for (const LeverKind& lever : levers()) {
    if (!applies(lever, facts)) continue;
    Facts then;
    for (int i = 0; i < kFacts; ++i) {
      const std::uint32_t bit = 1U << static_cast<unsigned>(i);
      const bool holds = ((facts.bits() | lever.set) & ~lever.clear & bit) != 0;
      then.set(static_cast<Fact>(i), holds);
    }
    const MaterialState to = decide(then).state;
    if (burden(to) < burden(now)) out.push_back({lever.id, lever.by, to});
  }
  return out;
}

}  // namespace lh::hub::exchange
