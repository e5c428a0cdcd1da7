// What the routes of the catalogue share: an administrator's act with its entry, and a reading of
// definitions, which is public among departments.
#pragma once

#include "hub/access/catalogue.h"
#include "hub/api/routes/routes.h"

namespace lh::hub::api::routes {

void add_definitions(Router& router,
                     const Procedure& procedure);              // …/{code}, /v1/sharing-directory
void add_changes(Router& router, const Procedure& procedure);  // /v1/changes…
void add_imports(Router& router,
                 const Procedure& procedure);  // /v1/catalogue/import, approve, align

// An act on its way: what it is called in the log, what it writes, what it answers.
struct CatalogueAct {
  schemas::AuditEvent event = schemas::AuditEvent::kCatalogueDrafted;
  access::CatalogueRows rows = {};
  schemas::Json answer = {};
  std::string object = {};   // of the entry
  std::string purpose = {};  // a word or a ground
  std::uint64_t count = 0;
  std::vector<std::string> further = {};  // objects that get an entry of their own beside the first
};
// Looked at before anything else. Errors of all: role.missing.
Status administers(const access::Caller& caller);          // system_admin
Status looks_after_changes(const access::Caller& caller);  // system_admin or security_admin
// Who puts a change into force: of a sharing rule a security administrator, else system_admin.
Status decides_on(const access::Caller& caller, access::ObjectKind kind);
Result<access::Act> act_of(const Services& s, const Call& c, const access::Caller& caller,
                           const access::Policy& policy, CatalogueAct act);

using Prepared = Result<access::Prepared>;
// A route that runs the step each time anew.
std::function<Outcome(CallPtr)> each_time(const Procedure& p, Step step);

// For any department; not an entry, since it names nobody. A caller who is none is refused as ever.
Outcome show_to_departments(const Procedure& p, const CallPtr& call,
                            const std::function<Result<Response>()>& show);

schemas::Json change_json(const access::Draft& draft);  // without the definition

}  // namespace lh::hub::api::routes
