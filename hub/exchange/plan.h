// The material plan of a case: each material with its state, reason and reference (product.md, 4).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "schemas/catalogue.h"

namespace lh::hub::exchange {

enum class MaterialState : std::uint8_t {  // stored; never renumber
  kHeld = 1,
  kObtainable,
  kVerifiable,
  kOwn,
  kDeferrable,
  kCommitment,
  kNotDemandable,
  kRequired
};
std::string_view state_text(MaterialState s);

// The department's system a material can be asked from, when it is obtainable.
struct PlanSource {
  std::string adapter, organisation, organisation_name;
  std::string last_answer;  // when it last answered; empty: not asked yet
};

struct PlanItem {
  std::string material;
  schemas::Names names;
  MaterialState state = MaterialState::kRequired;
  std::string because;  // stable id: "plan.held_valid", "plan.no_legal_basis", …
  std::string legal_basis;
  std::string rule;
  std::string reference;            // token, when held or obtainable
  std::string licence_status;       // of what is held
  std::vector<std::string> fields;  // that a fetch would release
  std::optional<PlanSource> source;
};
struct Plan {
  std::string case_id;
  std::string matter;
  std::vector<PlanItem> items;
};

// What is known about one material for this applicant; the decision itself is pure.
struct MaterialFacts {
  bool subject_known = false;  // of "applicant", "legal_representative", "employee"
  bool held = false;
  bool held_valid = false;
  bool rule_allows = false;
  bool obtainable = false;  // a department's system can be asked for it
};
struct MaterialDecision {
  MaterialState state = MaterialState::kRequired;
  std::string_view because;
};
MaterialDecision decide_material(const schemas::Material& material, const MaterialFacts& facts);

std::string plan_json(const Plan& plan);  // the answer of POST /v1/cases and GET /v1/cases/{id}

}  // namespace lh::hub::exchange
