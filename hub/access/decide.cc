// decide(): which fields a caller may have, by rules that are data. Pure.
//   1. The role of the operation.           2. Rules that fit caller, division, role, matter,
//   object.
//   3. Denied fields, which always win.     4. Allowing rules, strongest mode first: values,
//   predicate, verify only; in a mode the fields of its rules together, less the denied ones.
#include <algorithm>

#include "hub/access/gate.h"
#include "hub/access/rule_fit.h"

namespace lh::hub::access {
namespace {

using schemas::RuleEffect;
using schemas::RuleMode;
using schemas::SharingRule;
using Rules = std::vector<const SharingRule*>;

bool has(std::span<const std::string> list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

const SharingRule* first_covering(const Rules& rules, std::string_view field) {
  const auto it = std::find_if(rules.begin(), rules.end(),
                               [field](const auto* r) { return covers_field(*r, field); });
  return it == rules.end() ? nullptr : *it;
}

// A rule that gives one licence for one case does not give all of them: a pull is allowed only by
// rules that name its role. What is denied to the caller is denied to its pulls as well.
bool fits(const SharingRule& rule, const Question& q) {
  if (!names_caller(rule, q.caller) || !holds_division(rule, q.caller)) return false;
  const bool in_bulk = q.operation == Operation::kPullLicences && rule.effect == RuleEffect::kAllow;
  return in_bulk ? has(rule.roles, role_text(role_for(q.operation))) : grants_role(rule, q.caller);
}

struct Sorted {
  Rules denies;
  Rules allows;       // in effect for this question
  Rules unconsented;  // would allow, with the holder's consent
};

Sorted sort_rules(const Question& q, const Policy& policy) {
  Sorted out;
  for (const SharingRule* rule : policy.rules_for(q.matter, q.object, q.at)) {
    if (!fits(*rule, q)) continue;
    if (rule->effect == RuleEffect::kDeny) {
      out.denies.push_back(rule);
    } else if (rule->consent_needed && !q.has_consent) {
      out.unconsented.push_back(rule);
    } else {
      out.allows.push_back(rule);
    }
  }
  return out;
}

// What the question is about, each field once: what was asked, or all there is.
std::vector<std::string_view> fields_in_question(const Question& q) {
  std::vector<std::string_view> out;
  const auto add = [&out](std::string_view field) {
    if (std::find(out.begin(), out.end(), field) == out.end()) out.push_back(field);
  };
  for (const auto& field : q.asked) add(field);
  if (!q.asked.empty()) return out;
  for (const auto& field : q.all_fields) add(field.name);
  return out;
}

void set_rule(Decision& d, const SharingRule& rule) {
  d.rule = rule.id;
  d.rule_version = rule.version;
  d.legal_basis = rule.legal_basis;
}

// Why a field is not released: the denial, else the rule that covers it without releasing it.
std::string withholding_rule(const Sorted& rules, std::string_view field) {
  for (const Rules* list : {&rules.denies, &rules.allows, &rules.unconsented}) {
    if (const SharingRule* rule = first_covering(*list, field)) return rule->id;
  }
  return "default";
}

void set_withheld(Decision& d, const Question& q, const Sorted& rules) {
  for (const auto field : fields_in_question(q)) {
    if (has(d.fields, field)) continue;
    d.withheld.push_back({std::string(field), withholding_rule(rules, field)});
  }
}

// The fields of the definition in question that a rule of the mode covers and none denies.
bool allow_fields(Decision& d, const Question& q, const Sorted& rules, RuleMode mode) {
  Rules of_mode;
  std::copy_if(rules.allows.begin(), rules.allows.end(), std::back_inserter(of_mode),
               [mode](const auto* r) { return r->mode == mode; });
  std::vector<std::string> fields;
  const SharingRule* deciding = nullptr;
  for (const auto& definition : q.all_fields) {
    const std::string& field = definition.name;
    if (!q.asked.empty() && !has(q.asked, field)) continue;
    const SharingRule* rule = first_covering(of_mode, field);
    if (rule == nullptr || first_covering(rules.denies, field) != nullptr) continue;
    if (deciding == nullptr) deciding = rule;
    fields.push_back(field);
  }
  if (deciding == nullptr) return false;
  d.mode = mode;
  set_rule(d, *deciding);
  if (mode == RuleMode::kValues) d.fields = std::move(fields);  // the other modes release no value
  return true;
}

bool denied_as_a_whole(const Question& q, const Sorted& rules) {
  const bool all = std::any_of(rules.denies.begin(), rules.denies.end(), [](const auto* r) {
    return r->fields.empty() || has(r->fields, "*");
  });
  if (all || q.all_fields.empty()) return all;
  return std::all_of(q.all_fields.begin(), q.all_fields.end(), [&rules](const auto& field) {
    return first_covering(rules.denies, field.name) != nullptr;
  });
}

bool allow_verification(Decision& d, const Question& q, const Sorted& rules) {
  const auto rule = std::find_if(rules.allows.begin(), rules.allows.end(),
                                 [](const auto* r) { return r->mode == RuleMode::kVerifyOnly; });
  if (rule == rules.allows.end() || denied_as_a_whole(q, rules)) return false;
  d.mode = RuleMode::kVerifyOnly;
  set_rule(d, **rule);
  return true;
}

// Of the reasons that apply the one that helps most: what the caller could change stands last.
void refuse(Decision& d, const Question& q, const Sorted& rules) {
  const auto fields = fields_in_question(q);
  const auto denied = std::find_if(fields.begin(), fields.end(), [&rules](const auto& field) {
    return first_covering(rules.denies, field) != nullptr;
  });
  if (denied_as_a_whole(q, rules)) {
    d.reason = Reason::kRuleDenied;
    set_rule(d, *rules.denies.front());
  } else if (denied != fields.end() && !rules.allows.empty()) {
    d.reason = Reason::kRuleDenied;
    set_rule(d, *first_covering(rules.denies, *denied));
  } else if (!rules.unconsented.empty()) {
    d.reason = Reason::kConsentMissing;
    set_rule(d, *rules.unconsented.front());
  } else if (!rules.allows.empty()) {
    d.reason = Reason::kRuleField;
    set_rule(d, *rules.allows.front());
  } else if (!rules.denies.empty()) {
    d.reason = Reason::kRuleDenied;
    set_rule(d, *rules.denies.front());
  } else {
    d.reason = Reason::kRuleNone;
  }
}

}  // namespace

Role role_for(Operation operation) {
  switch (operation) {
    case Operation::kFetch:
    case Operation::kPlan:
    case Operation::kReadBaseData:
    case Operation::kApplySharing:
      return Role::kFetch;
    case Operation::kVerify:
      return Role::kVerify;
    case Operation::kIssue:
    case Operation::kStatus:
      return Role::kIssue;
    case Operation::kCollect:
      return Role::kCollect;
    case Operation::kWriteBaseData:
      return Role::kSubjectsWrite;
    case Operation::kOwnAccesses:
      return Role::kHolderPortal;
    case Operation::kSearchAudit:
      return Role::kAuditAdmin;
    case Operation::kAdminister:
      return Role::kSystemAdmin;
    case Operation::kReviewSharing:
      return Role::kApprove;
    case Operation::kGrantSharing:
    case Operation::kApproveRule:
      return Role::kSecurityAdmin;
    case Operation::kFeedCases:
      return Role::kCaseFeed;
    case Operation::kInspect:
      return Role::kInspector;
    case Operation::kPullLicences:
      return Role::kLicencePull;
  }
  LH_CHECK(false, "an operation outside the list");
  return Role::kSystemAdmin;
}

Decision decide(const Question& q, const Policy& policy) {
  Decision d;
  d.policy_epoch = policy.epoch();
  d.mode = RuleMode::kVerifyOnly;
  if (!q.caller.roles.contains(role_for(q.operation))) {
    d.reason = Reason::kRoleMissing;
    set_withheld(d, q, Sorted{});
    return d;
  }
  const Sorted rules = sort_rules(q, policy);
  const bool allowed = allow_fields(d, q, rules, RuleMode::kValues) ||
                       allow_fields(d, q, rules, RuleMode::kPredicate) ||
                       allow_verification(d, q, rules);
  if (allowed) {
    d.reason = Reason::kVerdictGood;
  } else {
    refuse(d, q, rules);
  }
  set_withheld(d, q, rules);
  return d;
}

}  // namespace lh::hub::access
