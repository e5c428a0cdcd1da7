#include "hub/access/simulate/explain.h"

#include <algorithm>
#include <set>

#include "hub/access/definitions/shelves.h"
#include "hub/access/rule_fit.h"

namespace lh::hub::access {
namespace {

using schemas::RuleEffect;
using schemas::SharingRule;

constexpr const char* kBaseKinds[] = {"natural_person", "legal_entity", "address"};

Bearing bearing_of(const SharingRule& rule, const Question& q, const Policy& policy) {
  if (!rule.effective.covers(q.at)) return Bearing::kNotInForce;
  for (const auto* other : policy.rules()) {
    const bool later = other->id == rule.id && other->version > rule.version;
    if (later && other->effective.covers(q.at)) return Bearing::kReplaced;
  }
  if (rule.matter != "*" && rule.matter != q.matter) return Bearing::kOtherMatter;
  if (!names_caller(rule, q.caller)) return Bearing::kOtherCaller;
  if (!holds_division(rule, q.caller)) return Bearing::kOtherDivision;
  if (!grants_role(rule, q.caller)) return Bearing::kOtherRole;
  const bool allows = rule.effect == RuleEffect::kAllow;
  return allows && rule.consent_needed && !q.has_consent ? Bearing::kNeedsConsent
                                                         : Bearing::kCounts;
}

std::set<std::string> objects_of(const Policy& policy) {
  std::set<std::string> out;
  for (const auto* type : policy.types()) out.insert(type->code.text());
  for (const char* kind : kBaseKinds) {
    if (policy.find_base_kind(kind) != nullptr) out.insert(kind);
  }
  return out;
}

std::set<std::string> matters_of(const Policy& policy) {
  std::set<std::string> out;
  for (const auto* matter : policy.matters()) out.insert(matter->code);
  for (const auto* rule : policy.rules()) {
    if (rule->matter != "*") out.insert(rule->matter);
  }
  return out;
}

std::vector<std::string> without(const std::vector<std::string>& from,
                                 const std::vector<std::string>& these) {
  std::vector<std::string> out;
  for (const auto& field : from) {
    if (std::find(these.begin(), these.end(), field) == these.end()) out.push_back(field);
  }
  return out;
}

}  // namespace

std::string_view bearing_text(Bearing b) {
  switch (b) {
    case Bearing::kCounts:
      return "counts";
    case Bearing::kNeedsConsent:
      return "needs_consent";
    case Bearing::kNotInForce:
      return "not_in_force";
    case Bearing::kReplaced:
      return "replaced";
    case Bearing::kOtherMatter:
      return "other_matter";
    case Bearing::kOtherCaller:
      return "other_caller";
    case Bearing::kOtherDivision:
      return "other_division";
    case Bearing::kOtherRole:
      break;
  }
  return "other_role";
}

Explanation explain(const Question& question, const Policy& policy) {
  Explanation out;
  out.decision = decide(question, policy);
  for (const auto* rule : policy.rules()) {
    if (rule->object != question.object) continue;
    out.rules.push_back({rule, bearing_of(*rule, question, policy)});
  }
  return out;
}

Result<std::shared_ptr<const Policy>> with_rule(const Policy& policy, const SharingRule& rule) {
  for (const auto* known : policy.rules()) {
    if (known->id == rule.id && known->version == rule.version) {
      return Error(Reason::kDefinitionExists, rule.id);
    }
  }
  return PolicyMaker::with(policy, {Definition(rule)});
}

std::vector<AccessChange> what_if(const Policy& now, const Policy& then,
                                  const std::vector<Caller>& callers, LocalDate at) {
  std::vector<AccessChange> out;
  auto matters = matters_of(now);
  matters.merge(matters_of(then));
  const auto compare = [&](const Question& q) {
    const Decision before = decide(q, now);
    const Decision after = decide(q, then);
    AccessChange d{&q.caller,
                   std::string(q.matter),
                   std::string(q.object),
                   q.has_consent,
                   without(after.fields, before.fields),
                   without(before.fields, after.fields),
                   before.reason,
                   after.reason};
    const bool same = d.gained.empty() && d.lost.empty() && d.before == d.after;
    if (!same || before.mode != after.mode) out.push_back(std::move(d));
  };
  for (const auto& object : objects_of(now)) {
    const auto fields = fields_of_object(now, object, at);
    for (const auto& caller : callers) {
      for (const auto& matter : matters) {
        Question q{Operation::kFetch, caller, matter, object, fields, {}, at, false};
        compare(q);
        q.has_consent = true;
        compare(q);
      }
    }
  }
  return out;
}

std::span<const schemas::FieldDefinition> fields_of_object(const Policy& policy,
                                                           std::string_view object, LocalDate at) {
  if (const auto* type = policy.find_type(object, at)) return type->fields;
  if (const auto* kind = policy.find_base_kind(object)) return kind->fields;
  return {};
}

}  // namespace lh::hub::access
