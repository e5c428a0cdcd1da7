// The plan of a bundle: each material once, with what each matter says of it, and what the matters
// end in. Pure; the plans of the cases are made by plan_maker. Private to hub/exchange.
#pragma once

#include <string>
#include <vector>

#include "hub/access/definitions/bundles.h"
#include "hub/exchange/bundles/joint_record.h"
#include "hub/exchange/plan/plan.h"

namespace lh::hub::exchange {

// A matter of the bundle as the asking department handles it.
struct JointStep {
  std::string case_id;
  const schemas::Matter* matter = nullptr;
  Plan plan;
  // What the matter ends in, when it ends in a licence and a rule lets the caller see it.
  std::optional<PlanItem> result;
};

struct JointPlan {
  std::string joint_id;
  const schemas::Bundle* bundle = nullptr;
  std::vector<access::BundleMaterial> materials;  // of the whole bundle
  std::vector<JointStep> steps;
};

// Of what the matters say of one material: what is asked of the applicant once. The heaviest of
// the states: a department that may not fetch it must be given it.
const PlanItem* heaviest(const JointPlan& plan, const access::BundleMaterial& material);
std::string joint_json(const JointPlan& plan);

}  // namespace lh::hub::exchange
