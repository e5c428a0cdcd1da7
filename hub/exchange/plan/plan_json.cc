#include "hub/exchange/plan/plan.h"
#include "schemas/json.h"

namespace lh::hub::exchange {
namespace {

using schemas::Json;

Json texts_json(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const auto& text : texts) out.push(text);
  return out;
}

Json source_json(const PlanSource& source) {
  Json j = Json::object();
  j.set("adapter", source.adapter).set("organisation", source.organisation);
  if (!source.organisation_name.empty()) j.set("organisation_name", source.organisation_name);
  j.set("freshness", "asked_at_fetch");
  if (!source.last_answer.empty()) j.set("last_answer", source.last_answer);
  return j;
}

Json levers_json(const std::vector<Lever>& levers) {
  Json out = Json::array();
  for (const Lever& lever : levers) {
    out.push(
        Json::object().set("if", lever.id).set("by", lever.by).set("to", state_text(lever.to)));
  }
  return out;
}

// What else the applicant may do instead of handing it in.
void set_other_way(Json& j, const PlanItem& item) {
  const auto& m = *item.material;
  if (item.decision.state == MaterialState::kCommitment && m.commitment) {
    Json c = Json::object();
    c.set("text", schemas::names_to_json(m.commitment->text))
        .set("legal_basis", m.commitment->legal_basis);
    c.set("consequence", schemas::names_to_json(m.commitment->consequence));
    if (item.due) c.set("check_by", item.due->text());
    if (!item.ticket.empty()) c.set("ticket", item.ticket);
    j.set("commitment", std::move(c));
  }
  if (item.decision.state == MaterialState::kDeferrable && m.deferral) {
    Json d = Json::object();
    d.set("legal_basis", m.deferral->legal_basis);
    d.set("consequence", schemas::names_to_json(m.deferral->consequence));
    if (item.due) d.set("due", item.due->text());
    if (!item.ticket.empty()) d.set("ticket", item.ticket);
    j.set("deferral", std::move(d));
  }
}

Json item_json(const PlanItem& item) {
  const auto& m = *item.material;
  Json j = Json::object();
  j.set("material", m.code).set("names", schemas::names_to_json(m.names));
  j.set("state", state_text(item.decision.state)).set("because", item.decision.rule->id);
  j.set("why", schemas::names_to_json(item.decision.rule->names));
  if (!m.legal_basis.empty()) j.set("legal_basis", m.legal_basis);
  if (!item.sharing_rule.empty()) j.set("rule", item.sharing_rule);
  if (!item.reference.empty()) j.set("reference", item.reference);
  if (item.source) j.set("source", source_json(*item.source));
  if (!item.licence_status.empty()) j.set("licence_status", item.licence_status);
  if (!item.trust.empty()) j.set("trust", item.trust);
  if (!item.fields.empty()) j.set("fields", texts_json(item.fields));
  set_other_way(j, item);
  if (!item.would_change.empty()) j.set("would_change", levers_json(item.would_change));
  return j;
}

Json changes_json(const std::vector<PlanChange>& changes) {
  Json out = Json::array();
  for (const PlanChange& c : changes) {
    Json j = Json::object();
    j.set("material", c.material);
    if (!c.from.empty()) j.set("from", c.from);
    if (!c.to.empty()) j.set("to", c.to).set("because", c.because);
    out.push(std::move(j));
  }
  return out;
}

// 减材料: what the applicant is spared of what the law demands.
Json summary_json(const Plan& plan) {
  int demanded = 0;
  int spared = 0;
  for (const PlanItem& item : plan.items) {
    if (item.decision.state == MaterialState::kNotDemandable) continue;
    ++demanded;
    if (spares(item.decision.state)) ++spared;
  }
  return Json::object()
      .set("demanded", demanded)
      .set("spared", spared)
      .set("to_submit", demanded - spared);
}

}  // namespace

std::string plan_json(const Plan& plan) {
  Json items = Json::array();
  for (const auto& item : plan.items) items.push(item_json(item));
  Json j = Json::object();
  j.set("case_id", plan.case_id).set("matter", plan.matter);
  j.set("matter_version", plan.matter_version).set("rules_version", plan.rules_version);
  j.set("revision", plan.revision).set("made_at", time_text(plan.made));
  j.set("materials", std::move(items)).set("summary", summary_json(plan));
  if (!plan.changes.empty()) j.set("changes", changes_json(plan.changes));
  return schemas::to_text(j);
}

}  // namespace lh::hub::exchange
