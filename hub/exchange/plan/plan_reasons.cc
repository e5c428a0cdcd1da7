// Why the gate decided as it did: for the entry, and for who asked.
#include <algorithm>

#include "hub/exchange/plan/plan_maker.h"
#include "hub/exchange/sharing/grant_rules.h"

namespace lh::hub::exchange {

void take_decision(audit::EntryFacts& facts, const access::DecisionPtr& decision) {
  facts.rule = decision->rule;
  facts.rule_version = decision->rule_version;
  facts.legal_basis = decision->legal_basis;
  facts.policy_epoch = decision->policy_epoch;
  facts.box_a.fields =
      audit::Names(std::shared_ptr<const std::vector<std::string>>(decision, &decision->fields));
}

Registered registered_for(const access::Caller& caller, std::string_view matter,
                          const access::Policy& policy, LocalDate today) {
  const auto rules = policy.rules();  // by id and version
  const auto replaced = [&rules, today](std::size_t i) {
    for (std::size_t j = i + 1; j < rules.size() && rules[j]->id == rules[i]->id; ++j) {
      if (rules[j]->effective.covers(today)) return true;
    }
    return false;
  };
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto* rule = rules[i];
    const auto& callers = rule->callers;
    const auto named = [&callers](std::string_view who) {
      return std::find(callers.begin(), callers.end(), who) != callers.end();
    };
    const bool of_caller = named("*") || named(caller.organisation.text());
    const bool of_matter = rule->matter == matter || rule->matter == "*";
    if (of_caller && of_matter && rule->effect == schemas::RuleEffect::kAllow &&
        rule->effective.covers(today) && !replaced(i)) {
      return Registered::kYes;
    }
  }
  return Registered::kNo;
}

Reason explained(const access::Decision& decision, const access::Caller& caller,
                 std::string_view matter, const access::Policy& policy, LocalDate today) {
  if (decision.reason != Reason::kRuleNone) return decision.reason;
  return registered_for(caller, matter, policy, today) == Registered::kNo
             ? Reason::kPurposeNotRegistered
             : Reason::kRuleNone;
}

Reason explained(const access::Decision& decision, const access::Question& question,
                 const access::Policy& policy) {
  if (grant_ended(decision, question, policy) == GrantEnded::kYes) return Reason::kGrantEnded;
  return explained(decision, question.caller, question.matter, policy, question.at);
}

}  // namespace lh::hub::exchange
