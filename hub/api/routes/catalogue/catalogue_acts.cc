#include "hub/api/routes/catalogue/catalogue_acts.h"

#include "hub/access/definitions/kinds.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::api::routes {

namespace {

bool may(const access::Caller& caller, access::Operation operation) {
  return caller.roles.contains(access::role_for(operation));
}

}  // namespace

Status administers(const access::Caller& caller) {
  return may(caller, access::Operation::kAdminister) ? ok_status() : Status(Reason::kRoleMissing);
}

Status looks_after_changes(const access::Caller& caller) {
  const bool either =
      may(caller, access::Operation::kAdminister) || may(caller, access::Operation::kApproveRule);
  return either ? ok_status() : Status(Reason::kRoleMissing);
}

Status decides_on(const access::Caller& caller, access::ObjectKind kind) {
  const auto needed = kind == access::ObjectKind::kRule ? access::Operation::kApproveRule
                                                        : access::Operation::kAdminister;
  return may(caller, needed) ? ok_status() : Status(Reason::kRoleMissing);
}

Result<access::Act> act_of(const Services& s, const Call& c, const access::Caller& caller,
                           const access::Policy& policy, CatalogueAct a) {
  const auto operation = may(caller, access::Operation::kAdminister)
                             ? access::Operation::kAdminister
                             : access::Operation::kApproveRule;
  auto admitted = s.gate.admit_role(caller, operation, policy);
  if (std::holds_alternative<access::Refusal>(admitted)) return Error(Reason::kRoleMissing);
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  auto facts = licences::facts_of(a.event, caller, policy);
  facts.object = std::move(a.object);
  facts.purpose = std::move(a.purpose);
  facts.count = a.count;
  const crypto::CommitKey k(s.random);
  facts.request = k.commit(c.request.body.empty() ? c.request.path : c.request.body);
  access::Act act{{}, Undisclosed<std::string>(permit, schemas::to_text(a.answer)), 200, {}, {}};
  act.change.access = permit.access_id();
  act.change.rows = std::move(a.rows.rows);
  act.change.preconditions = std::move(a.rows.preconditions);
  act.change.entries.push_back(LH_TRY(s.entries.make(facts, k, s.clock.now())));
  for (auto& object : a.further) {
    facts.object = std::move(object);
    const crypto::CommitKey own(s.random);
    facts.request.reset();
    act.change.entries.push_back(LH_TRY(s.entries.make(facts, own, s.clock.now())));
  }
  return act;
}

std::function<Outcome(CallPtr)> each_time(const Procedure& p, Step step) {
  return run_step(p, Repeat::kEachTimeAnew, step);
}

Outcome show_to_departments(const Procedure& p, const CallPtr& call,
                            const std::function<Result<Response>()>& show) {
  const auto caller = p.identify(call->request.certificate);
  if (!caller.ok()) return p.refuse(call, caller.error());
  auto shown = show();
  if (!shown.ok()) return p.refuse(call, shown.error());
  return std::move(*shown);
}

schemas::Json change_json(const access::Draft& d) {
  schemas::Json j = schemas::Json::object();
  j.set("change_id", d.id.text()).set("state", access::state_text(d.state));
  j.set("kind", access::kind_text(d.kind)).set("id", d.object_id);
  const auto json = schemas::parse_json(d.definition, d.definition.size());
  const schemas::Json* version = json.ok() ? json->find("version") : nullptr;
  if (version != nullptr) j.set("version", *version);
  j.set("drafted_by", d.drafted_by);
  if (d.drafted_at.ms > 0) j.set("drafted_at", time_text(d.drafted_at));
  if (d.filing) {
    schemas::Json filing = schemas::Json::object();
    filing.set("filing_number", d.filing->number).set("filed_with", d.filing->with);
    filing.set("filed_by", d.filing->by).set("filed_at", time_text(d.filing->at));
    j.set("filing", std::move(filing));
  }
  if (!d.closed_by.empty()) {
    j.set("closed_by", d.closed_by).set("closed_at", time_text(d.closed_at));
  }
  return j;
}

}  // namespace lh::hub::api::routes
