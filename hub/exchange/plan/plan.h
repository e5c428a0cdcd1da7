// The material plan of a case: each material with its state, why, what would change it, and its
// reference (product.md, 4; docs/formats/plan.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/exchange/plan/plan_rules.h"

namespace lh::hub::exchange {

// The department's system a material can be asked from, when it is obtainable.
struct PlanSource {
  std::string adapter, organisation, organisation_name;
  std::string last_answer;  // when it last answered; empty: not asked yet
};

struct PlanItem {
  const schemas::Material* material = nullptr;  // of the matter's definition
  Facts facts;
  MaterialDecision decision;
  std::vector<Lever> would_change;
  std::string sharing_rule;
  std::string reference;              // token, when held, verifiable or obtainable
  std::string licence_status, trust;  // of what is held
  std::vector<std::string> fields;    // that a fetch would release
  std::optional<PlanSource> source;
  std::optional<LocalDate> due;  // of a deferral or of the check of a commitment
  std::string ticket;            // id of the open one
};

struct PlanChange {
  std::string material;
  std::string from, to, because;  // states, and the reason of the new one; from empty: new
};

struct Plan {
  std::string case_id;
  std::string matter;
  int matter_version = 1;
  int rules_version = 1;
  std::uint64_t revision = 1;
  UtcTime made;
  std::vector<PlanItem> items;
  std::vector<PlanChange> changes;  // since the plan that was answered before
};

std::string plan_json(const Plan& plan);  // the answer of POST /v1/cases and GET /v1/cases/{id}

}  // namespace lh::hub::exchange
