// The rules of the plan in JSON (docs/formats/plan.md). Here only their form; what the conditions
// and states mean is known to hub/exchange.
#include <algorithm>

#include "schemas/catalogue/parts.h"

namespace lh::schemas {
namespace {

constexpr std::size_t kMostRules = 64;

Result<PlanRule> rule_from_json(const Json& j, std::string where) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  PlanRule rule;
  rule.id = LH_TRY(read_filled(r, "id", 64));
  if (!rule.id.starts_with("plan.")) return member_error(r, "id", Reason::kJsonValue, "plan.…");
  rule.when = LH_TRY(read_texts(r, "when"));
  rule.state = LH_TRY(read_filled(r, "state", 32));
  rule.names = LH_TRY(read_names(r));
  LH_TRY(r.finish());
  return rule;
}

}  // namespace

Result<PlanRules> plan_rules_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "plan_rules"));
  PlanRules out;
  out.version = LH_TRY(read_version(r));
  const Json::Array& list = *LH_TRY(r.array("rules"))->items();
  if (list.empty() || list.size() > kMostRules) {
    return member_error(r, "rules", Reason::kJsonValue, "1..64 rules");
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto rule = LH_TRY(rule_from_json(list[i], r.path("rules[" + std::to_string(i) + "]")));
    const bool twice = std::any_of(out.rules.begin(), out.rules.end(),
                                   [&rule](const PlanRule& other) { return other.id == rule.id; });
    if (twice) return member_error(r, "rules", Reason::kJsonValue, rule.id + " is there twice");
    out.rules.push_back(std::move(rule));
  }
  LH_TRY(r.finish());
  return out;
}

}  // namespace lh::schemas
