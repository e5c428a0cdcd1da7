#include "hub/exchange/plan/json_text.h"
#include "hub/exchange/plan/plan.h"

namespace lh::hub::exchange {
namespace {

constexpr std::size_t kItemBytes = 1024;  // of a material, as a rule

void add_source(JsonText& j, const PlanSource& source) {
  j.name("source").begin_object();
  j.set("adapter", source.adapter).set("organisation", source.organisation);
  j.set_filled("organisation_name", source.organisation_name);
  j.set("freshness", "asked_at_fetch");
  j.set_filled("last_answer", source.last_answer).end();
}

void add_levers(JsonText& j, const std::vector<Lever>& levers) {
  if (levers.empty()) return;
  j.name("would_change").begin_array();
  for (const Lever& lever : levers) {
    j.begin_object().set("if", lever.id).set("by", lever.by);
    j.set("to", state_text(lever.to)).end();
  }
  j.end();
}

// What else the applicant may do instead of handing it in.
void add_other_way(JsonText& j, const PlanItem& item) {
  const auto& m = *item.material;
  const std::string due = item.due ? item.due->text() : std::string();
  if (item.decision.state == MaterialState::kCommitment && m.commitment) {
    j.name("commitment").begin_object();
    j.set("text", m.commitment->text).set("legal_basis", m.commitment->legal_basis);
    j.set("consequence", m.commitment->consequence);
    j.set_filled("check_by", due).set_filled("ticket", item.ticket).end();
  }
  if (item.decision.state == MaterialState::kDeferrable && m.deferral) {
    j.name("deferral").begin_object().set("legal_basis", m.deferral->legal_basis);
    j.set("consequence", m.deferral->consequence);
    j.set_filled("due", due).set_filled("ticket", item.ticket).end();
  }
}

void add_item(JsonText& j, const PlanItem& item) {
  const auto& m = *item.material;
  j.begin_object().set("material", m.code).set("names", m.names);
  j.set("state", state_text(item.decision.state)).set("because", item.decision.rule->id);
  j.set("why", item.decision.rule->names);
  j.set_filled("legal_basis", m.legal_basis).set_filled("rule", item.sharing_rule);
  j.set_filled("reference", item.reference);
  if (item.source) add_source(j, *item.source);
  j.set_filled("licence_status", item.licence_status).set_filled("trust", item.trust);
  if (!item.fields.empty()) {
    j.name("fields").begin_array();
    for (const auto& field : item.fields) j.text(field);
    j.end();
  }
  add_other_way(j, item);
  add_levers(j, item.would_change);
  j.end();
}

void add_changes(JsonText& j, const std::vector<PlanChange>& changes) {
  if (changes.empty()) return;
  j.name("changes").begin_array();
  for (const PlanChange& c : changes) {
    j.begin_object().set("material", c.material).set_filled("from", c.from);
    if (!c.to.empty()) j.set("to", c.to).set("because", c.because);
    j.end();
  }
  j.end();
}

// 减材料: what the applicant is spared of what the law demands.
void add_summary(JsonText& j, const Plan& plan) {
  int demanded = 0;
  int spared = 0;
  for (const PlanItem& item : plan.items) {
    if (item.decision.state == MaterialState::kNotDemandable) continue;
    ++demanded;
    if (spares(item.decision.state)) ++spared;
  }
  j.name("summary").begin_object().set("demanded", demanded).set("spared", spared);
  j.set("to_submit", demanded - spared).end();
}

}  // namespace

std::string plan_json(const Plan& plan) {
  JsonText j(kItemBytes * (plan.items.size() + 4));
  j.begin_object().set("case_id", plan.case_id).set("matter", plan.matter);
  j.set("matter_version", plan.matter_version).set("rules_version", plan.rules_version);
  j.set("revision", static_cast<std::int64_t>(plan.revision));
  j.set("made_at", time_text(plan.made));
  j.name("materials").begin_array();
  for (const auto& item : plan.items) add_item(j, item);
  j.end();
  add_summary(j, plan);
  add_changes(j, plan.changes);
  return j.end().take();
}

}  // namespace lh::hub::exchange
