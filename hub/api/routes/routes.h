// Every route of the hub, by topic. Pure functions: Request in, Outcome out.
#pragma once

#include "hub/api/procedure.h"
#include "hub/api/router.h"

namespace lh::hub::api::routes {

// The services and the procedure outlive the router.
void add_cases(Router& router, const Procedure& procedure);      // /v1/cases
void add_case_feed(Router& router, const Procedure& procedure);  // /v1/case-feed…
void add_pulls(Router& router, const Procedure& procedure);      // /v1/licence-changes
void add_fetch(Router& router, const Procedure& procedure);      // /v1/fetch…, predicates, forms
void add_tickets(Router& router, const Procedure& procedure);    // …/deferrals, /v1/tickets…
void add_bundles(Router& router, const Procedure& procedure);    // /v1/bundles/{code}/cases…
void add_licences(Router& router, const Procedure& procedure);   // /v1/licences…, /v1/verify
void add_subjects(Router& router, const Procedure& procedure);  // /v1/subjects…, /v1/accesses/query
void add_divisions(Router& router, const Procedure& procedure);  // /v1/divisions/{code}
void add_rights(Router& router, const Procedure& procedure);     // /v1/consents… /v1/use-codes
void add_sharing(Router& router, const Procedure& procedure);    // /v1/sharing-applications…
void add_policy(Router& router, const Procedure& procedure);     // /v1/policy…
void add_catalogue(Router& router, const Procedure& procedure);  // /v1/licence-types… /v1/changes…
void add_adapters(Router& router, const Procedure& procedure);   // /v1/adapters
void add_hosts(Router& router, const Procedure& procedure);      // /v1/adapter-host…
void add_audit(Router& router, const Procedure& procedure);      // /v1/audit…
void add_public(Router& router, const Procedure& procedure);     // /public…, /v/{token}
void add_log(Router& router, const Procedure& procedure);        // /log…
void add_operation(Router& router, const Procedure& procedure);  // /healthz … /openapi.yaml
void add_copies(Router& router, const Procedure& procedure);     // /v1/copies, /public/copies
void add_originals(Router& router, const Procedure& procedure);  // /v1/licences/…/documents
inline void add_all(Router& router, const Procedure& procedure) {
  add_cases(router, procedure);
  add_case_feed(router, procedure);
  add_pulls(router, procedure);
  add_fetch(router, procedure);
  add_copies(router, procedure);
  add_tickets(router, procedure);
  add_bundles(router, procedure);
  add_licences(router, procedure);
  add_originals(router, procedure);
  add_subjects(router, procedure);
  add_divisions(router, procedure);
  add_rights(router, procedure);
  add_sharing(router, procedure);
  add_policy(router, procedure);
  add_catalogue(router, procedure);
  add_adapters(router, procedure);
  add_hosts(router, procedure);
  add_audit(router, procedure);
  add_public(router, procedure);
  add_log(router, procedure);
  add_operation(router, procedure);
}

// What takes long runs on the pool, not on a loop.
inline std::function<Outcome(CallPtr)> off_the_loop(std::function<Outcome(CallPtr)> run) {
  return [run = std::move(run)](CallPtr call) -> Outcome {
    return Offload{[run, call = std::move(call)]() -> Outcome { return run(call); }};
  };
}

// A way to what one function prepares for a known caller.
using Step = Result<access::Prepared> (*)(const Procedure&, const Call&, const access::Caller&,
                                          const access::Policy&);
inline std::function<Outcome(CallPtr)> run_step(const Procedure& p, Repeat repeat, Step step) {
  return [&p, repeat, step](CallPtr call) {
    return p.run(std::move(call), repeat,
                 [&p, step](const Call& c, const access::Caller& caller,
                            const access::Policy& policy) { return step(p, c, caller, policy); });
  };
}

// The body as JSON: content type application/json, strict reader, 1 MiB.
Result<schemas::Json> json_body(const Call& call);

}  // namespace lh::hub::api::routes
