#include "hub/access/rule_fit.h"

#include <algorithm>

namespace lh::hub::access {
namespace {

bool has(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

bool names_caller(const schemas::SharingRule& rule, const Caller& caller) {
  return has(rule.callers, "*") || has(rule.callers, caller.organisation.text());
}

bool holds_division(const schemas::SharingRule& rule, const Caller& caller) {
  if (has(rule.divisions, "*")) return true;
  const auto mine = parse_division(caller.division);
  if (!mine.ok()) return false;
  return std::any_of(rule.divisions.begin(), rule.divisions.end(), [&mine](const auto& code) {
    const auto scope = parse_division(code);
    return scope.ok() && scope->contains(*mine);
  });
}

bool grants_role(const schemas::SharingRule& rule, const Caller& caller) {
  if (rule.roles.empty()) return true;
  return std::any_of(caller.roles.begin(), caller.roles.end(),
                     [&rule](Role role) { return has(rule.roles, role_text(role)); });
}

bool covers_field(const schemas::SharingRule& rule, std::string_view field) {
  if (rule.effect == schemas::RuleEffect::kDeny && rule.fields.empty()) return true;
  return has(rule.fields, "*") || has(rule.fields, field);
}

}  // namespace lh::hub::access
