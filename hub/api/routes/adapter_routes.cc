// What the hub reads from departments' systems, for its administrators.
#include "hub/api/routes/routes.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::api::routes {
namespace {

Result<access::Prepared> list(const Services& s, const access::Caller& caller,
                              const access::Policy& policy) {
  auto admitted = s.gate.admit_role(caller, access::Operation::kAdminister, policy);
  if (std::holds_alternative<access::Refusal>(admitted)) return Error(Reason::kRoleMissing);
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  auto facts = licences::facts_of(schemas::AuditEvent::kMaintenance, caller, policy);
  facts.object = "adapters.list";
  const crypto::CommitKey k(s.random);
  access::Act act{{}, Undisclosed<std::string>(permit, LH_TRY(s.adapters())), 200, {}, {}};
  act.change.access = permit.access_id();
  act.change.entries.push_back(LH_TRY(s.entries.make(facts, k, s.clock.now())));
  return access::Prepared(std::move(act));
}

// On the pool: how adapters stand is read from the store and from files of the operator.
Outcome listed(const Procedure& p, const CallPtr& call) {
  const auto caller = p.identify(call->request.certificate);
  if (!caller.ok()) return p.refuse(call, caller.error());
  return Offload{[&p, call]() -> Outcome {
    return p.run(call, Repeat::kEachTimeAnew,
                 [&p](const Call&, const access::Caller& who, const access::Policy& policy) {
                   return list(p.services(), who, policy);
                 });
  }};
}

}  // namespace

void add_adapters(Router& router, const Procedure& p) {
  router.add({Method::kGet, "/v1/adapters", Offered::kDepartments, 0,
              [&p](const CallPtr& call) { return listed(p, call); }});
}

}  // namespace lh::hub::api::routes
