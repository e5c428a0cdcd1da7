#include "hub/exchange/bundles/joint_plan.h"

#include <algorithm>

#include "schemas/json.h"

namespace lh::hub::exchange {
namespace {

using schemas::Json;

const JointStep* step_of(const JointPlan& plan, const std::string& matter) {
  const auto found = std::find_if(plan.steps.begin(), plan.steps.end(),
                                  [&matter](const auto& s) { return s.matter->code == matter; });
  return found == plan.steps.end() ? nullptr : &*found;
}

const PlanItem* item_of(const JointPlan& plan, const access::NeededBy& need) {
  const JointStep* step = step_of(plan, need.matter);
  if (step == nullptr) return nullptr;
  const auto& items = step->plan.items;
  const auto found = std::find_if(items.begin(), items.end(), [&need](const PlanItem& item) {
    return item.material->code == need.material;
  });
  return found == items.end() ? nullptr : &*found;
}

Json need_json(const JointPlan& plan, const access::NeededBy& need) {
  Json j = Json::object();
  j.set("matter", need.matter).set("material", need.material);
  const PlanItem* item = item_of(plan, need);
  if (item == nullptr) return j.set("state", "elsewhere");  // another department's case
  j.set("case_id", step_of(plan, need.matter)->case_id);
  j.set("state", state_text(item->decision.state)).set("because", item->decision.rule->id);
  if (!item->reference.empty()) j.set("reference", item->reference);
  return j;
}

enum class Asked : std::uint8_t { kNotAtAll, kSpared, kOfTheApplicant };

Asked asked_of(const JointPlan& plan, const access::BundleMaterial& m) {
  if (m.first_basis.empty()) return Asked::kNotAtAll;
  if (!m.from_matter.empty()) return Asked::kSpared;
  const PlanItem* item = heaviest(plan, m);
  if (item == nullptr) return Asked::kSpared;  // other departments' affair
  return spares(item->decision.state) ? Asked::kSpared : Asked::kOfTheApplicant;
}

Json material_json(const JointPlan& plan, const access::BundleMaterial& m) {
  Json j = Json::object();
  j.set("material", m.material.code).set("names", schemas::names_to_json(m.material.names));
  const PlanItem* item = heaviest(plan, m);
  if (m.first_basis.empty()) {
    j.set("state", state_text(MaterialState::kNotDemandable)).set("because", "plan.no_legal_basis");
  } else if (!m.from_matter.empty()) {
    j.set("state", state_text(MaterialState::kOwn)).set("because", "plan.result_of_bundle");
    j.set("from_matter", m.from_matter);
  } else if (item != nullptr) {
    j.set("state", state_text(item->decision.state)).set("because", item->decision.rule->id);
  } else {
    j.set("state", "elsewhere");
  }
  if (!m.first_basis.empty()) j.set("legal_basis", m.first_basis);
  Json needs = Json::array();
  for (const auto& need : m.needed_by) needs.push(need_json(plan, need));
  if (!m.needed_by.empty()) j.set("needed_by", std::move(needs));
  return j;
}

// 证照同取: what each matter ends in, as far as it is there.
Json step_json(const JointStep& step) {
  Json j = Json::object();
  j.set("matter", step.matter->code).set("names", schemas::names_to_json(step.matter->names));
  j.set("case_id", step.case_id).set("revision", step.plan.revision);
  if (!step.matter->result_type) return j;
  Json result = Json::object();
  result.set("licence_type", step.matter->result_type->text());
  const bool held = step.result && step.result->decision.state == MaterialState::kHeld;
  result.set("state", held ? "issued" : "pending");
  if (held) result.set("reference", step.result->reference);
  return j.set("result", std::move(result));
}

Json summary_json(const JointPlan& plan) {
  int separately = 0;
  int once = 0;
  int to_submit = 0;
  for (const auto& m : plan.materials) {
    const Asked asked = asked_of(plan, m);
    if (asked == Asked::kNotAtAll) continue;
    separately += static_cast<int>(m.needed_by.size());
    ++once;
    if (asked == Asked::kOfTheApplicant) ++to_submit;
  }
  Json j = Json::object();
  j.set("demanded_separately", separately).set("demanded_once", once);
  return j.set("to_submit", to_submit);
}

}  // namespace

const PlanItem* heaviest(const JointPlan& plan, const access::BundleMaterial& material) {
  const PlanItem* out = nullptr;
  for (const auto& need : material.needed_by) {
    const PlanItem* item = item_of(plan, need);
    if (item == nullptr) continue;
    const bool heavier =
        out == nullptr || burden(item->decision.state) > burden(out->decision.state);
    if (heavier) out = item;
  }
  return out;
}

std::string joint_json(const JointPlan& plan) {
  Json steps = Json::array();
  for (const auto& step : plan.steps) steps.push(step_json(step));
  Json materials = Json::array();
  for (const auto& m : plan.materials) materials.push(material_json(plan, m));
  Json j = Json::object();
  j.set("joint_case_id", plan.joint_id).set("bundle", plan.bundle->code);
  j.set("names", schemas::names_to_json(plan.bundle->names))
      .set("bundle_version", plan.bundle->version);
  j.set("cases", std::move(steps)).set("materials", std::move(materials));
  j.set("summary", summary_json(plan));
  return schemas::to_text(j);
}

}  // namespace lh::hub::exchange
