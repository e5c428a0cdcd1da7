#include "hub/exchange/plan.h"

#include "schemas/json.h"

namespace lh::hub::exchange {

using schemas::Json;

std::string_view state_text(MaterialState s) {
  switch (s) {
    case MaterialState::kHeld:
      return "held";
    case MaterialState::kObtainable:
      return "obtainable";
    case MaterialState::kVerifiable:
      return "verifiable";
    case MaterialState::kOwn:
      return "own";
    case MaterialState::kDeferrable:
      return "deferrable";
    case MaterialState::kCommitment:
      return "commitment";
    case MaterialState::kNotDemandable:
      return "not_demandable";
    case MaterialState::kRequired:
      break;
  }
  return "required";
}

// First what the catalogue alone decides, then the caller's right, and only then what is held: a
// caller without a right must not learn from the reason whether there is anything.
MaterialDecision decide_material(const schemas::Material& material, const MaterialFacts& facts) {
  if (material.legal_basis.empty()) {
    return {MaterialState::kNotDemandable, "plan.no_legal_basis"};
  }
  if (material.issued_by_asker) return {MaterialState::kOwn, "plan.issued_by_asker"};
  if (material.source != "licence" && material.source != "base_data") {
    return {MaterialState::kRequired, "plan.document_only"};
  }
  if (!facts.rule_allows) return {MaterialState::kRequired, "plan.no_rule"};
  if (!facts.subject_known) return {MaterialState::kRequired, "plan.subject_not_named"};
  if (facts.obtainable && !(facts.held && facts.held_valid)) {
    return {MaterialState::kObtainable,
            facts.held ? "plan.obtainable_held_not_valid" : "plan.obtainable"};
  }
  if (!facts.held) return {MaterialState::kRequired, "plan.not_held"};
  if (!facts.held_valid) return {MaterialState::kRequired, "plan.held_not_valid"};
  return {MaterialState::kHeld, "plan.held_valid"};
}

namespace {

Json source_json(const PlanSource& source) {
  Json j = Json::object();
  j.set("adapter", source.adapter).set("organisation", source.organisation);
  if (!source.organisation_name.empty()) j.set("organisation_name", source.organisation_name);
  j.set("freshness", "asked_at_fetch");
  if (!source.last_answer.empty()) j.set("last_answer", source.last_answer);
  return j;
}

Json item_json(const PlanItem& item) {
  Json names = Json::object();
  names.set("chinese", item.names.chinese).set("english", item.names.english);
  Json j = Json::object();
  j.set("material", item.material)
      .set("names", std::move(names))
      .set("state", state_text(item.state))
      .set("because", item.because);
  if (!item.legal_basis.empty()) j.set("legal_basis", item.legal_basis);
  if (!item.rule.empty()) j.set("rule", item.rule);
  if (!item.reference.empty()) j.set("reference", item.reference);
  if (item.source) j.set("source", source_json(*item.source));
  if (!item.licence_status.empty()) j.set("licence_status", item.licence_status);
  if (!item.fields.empty()) {
    Json fields = Json::array();
    for (const auto& field : item.fields) fields.push(field);
    j.set("fields", std::move(fields));
  }
  return j;
}

}  // namespace

std::string plan_json(const Plan& plan) {
  Json items = Json::array();
  for (const auto& item : plan.items) items.push(item_json(item));
  Json j = Json::object();
  j.set("case_id", plan.case_id).set("matter", plan.matter).set("materials", std::move(items));
  return schemas::to_text(j);
}

}  // namespace lh::hub::exchange
