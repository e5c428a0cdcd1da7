#include "hub/exchange/sharing/grant_rules.h"

#include <algorithm>

namespace lh::hub::exchange {
namespace {

constexpr std::string_view kPrefix = "grant.";
// No definition has a field of this name, and one that had would be withheld: the safe side.
constexpr const char* kNoField = "grant_ended";

bool has(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool is_ending(const schemas::SharingRule& rule) {
  return rule.effect == schemas::RuleEffect::kDeny &&
         rule.fields == std::vector<std::string>{kNoField};
}

}  // namespace

std::vector<std::string> grant_rule_ids(const Application& application) {
  const std::string hex = to_hex(view(application.id.value));
  std::vector<std::string> out;
  for (std::size_t i = 0; i < application.terms.matters.size(); ++i) {
    out.push_back(std::string(kPrefix) + hex + "." + std::to_string(i + 1));
  }
  return out;
}

std::vector<schemas::SharingRule> grant_rules(const Application& application, LocalDate today) {
  const SharingTerms& t = application.terms;
  const auto ids = grant_rule_ids(application);
  std::vector<schemas::SharingRule> out;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    schemas::SharingRule rule;
    rule.id = ids[i];
    rule.effective = {std::max(t.from, today), t.until};
    rule.callers = {application.applicant.text()};
    rule.divisions = t.divisions;
    rule.matter = t.matters[i];
    rule.object = t.object;
    rule.fields = t.fields;
    rule.mode = t.mode;
    rule.legal_basis = t.legal_basis;
    rule.consent_needed = t.consent_needed;
    out.push_back(std::move(rule));
  }
  return out;
}

// Denying what nobody has: the version before it no longer counts, and rules of others stand.
schemas::SharingRule ended_rule(const schemas::SharingRule& rule, LocalDate today) {
  schemas::SharingRule out = rule;
  ++out.version;
  out.effect = schemas::RuleEffect::kDeny;
  out.fields = {kNoField};
  out.effective.from = std::max(today, rule.effective.from);
  return out;
}

GrantEnded grant_ended(const access::Decision& decision, const access::Question& question,
                       const access::Policy& policy) {
  const bool denied = decision.reason == Reason::kRuleDenied;
  if (!denied && decision.reason != Reason::kRuleNone) return GrantEnded::kNo;
  for (const auto* rule : policy.rules()) {
    if (!rule->id.starts_with(kPrefix) || rule->object != question.object) continue;
    if (!has(rule->callers, question.caller.organisation.text())) continue;
    if (rule->matter != question.matter) continue;
    const bool withdrawn = denied && is_ending(*rule) && decision.rule == rule->id &&
                           rule->effective.covers(question.at);
    const bool ran_out = !denied && rule->effective.until && *rule->effective.until < question.at;
    if (withdrawn || ran_out) return GrantEnded::kYes;
  }
  return GrantEnded::kNo;
}

}  // namespace lh::hub::exchange
