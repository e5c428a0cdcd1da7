// Changes of the catalogue on their way: draft, filed (备案), published or withdrawn.
#include <algorithm>

#include "hub/access/definitions/diff.h"
#include "hub/access/definitions/shelves.h"
#include "hub/api/routes/catalogue/catalogue_acts.h"

namespace lh::hub::api::routes {
namespace {

using schemas::AuditEvent;
using schemas::Json;

constexpr std::size_t kChangesShown = 1000;
constexpr std::size_t kBodyBytes = 4096;

Result<ChangeId> change_of(const Call& c) {
  const auto id = ChangeId::parse(c.params.at(0));
  if (!id.ok()) return Error(Reason::kChangeUnknown);
  return *id;
}

Json state_answer(const ChangeId& id, std::string_view state) {
  Json j = Json::object();
  j.set("change_id", id.text()).set("state", state);
  return j;
}

Prepared list(const Procedure& p, const Call& c, const access::Caller& caller,
              const access::Policy& policy) {
  const Services& s = p.services();
  LH_TRY(looks_after_changes(caller));
  Json changes = Json::array();
  for (const auto& draft : LH_TRY(s.catalogue.drafts(kChangesShown))) {
    changes.push(change_json(draft));
  }
  CatalogueAct a;
  a.event = AuditEvent::kMaintenance;
  a.object = "changes.list";
  a.answer = Json::object().set("changes", std::move(changes));
  return access::Prepared(LH_TRY(act_of(s, c, caller, policy, std::move(a))));
}

// What it would change, against the version in force on its first day.
Prepared show(const Procedure& p, const Call& c, const access::Caller& caller,
              const access::Policy& policy) {
  const Services& s = p.services();
  LH_TRY(looks_after_changes(caller));  // before anything is looked for
  const ChangeId id = LH_TRY(change_of(c));
  auto draft = LH_TRY(s.catalogue.find_draft(id));
  if (!draft) draft = LH_TRY(s.catalogue.find_closed(id));
  if (!draft) return Error(Reason::kChangeUnknown);
  const Json json = LH_TRY(schemas::parse_json(draft->definition, draft->definition.size()));
  const auto read = LH_TRY(access::read_definition(draft->kind, json));
  const LocalDate day = std::max(access::effective_of(read).from, local_date(s.clock.now()));
  Json answer = change_json(*draft);
  answer.set("definition", json);
  if (const auto now = policy.shelves().in_force(draft->kind, draft->object_id, day)) {
    answer.set("in_force", access::version_of(*now));
    answer.set("differences", access::differences_to_json(access::differences(
                                  access::write_definition(*now), access::write_definition(read))));
  }
  CatalogueAct a;
  a.event = AuditEvent::kMaintenance;
  a.object = "changes.show";
  a.answer = std::move(answer);
  return access::Prepared(LH_TRY(act_of(s, c, caller, policy, std::move(a))));
}

Prepared file(const Procedure& p, const Call& c, const access::Caller& caller,
              const access::Policy& policy) {
  const Services& s = p.services();
  LH_TRY(administers(caller));
  const ChangeId id = LH_TRY(change_of(c));
  const Json body = LH_TRY(json_body(c));
  auto r = LH_TRY(schemas::ObjectReader::open(body, "filing"));
  access::Filing filing;
  filing.number = LH_TRY(r.string("filing_number", 128));
  filing.with = LH_TRY(r.string("filed_with", 256));
  LH_TRY(r.finish());
  filing.by = caller.system.text();
  filing.at = s.clock.now();
  CatalogueAct a;
  a.event = AuditEvent::kCatalogueFiled;
  a.rows = LH_TRY(s.catalogue.file(id, filing));
  a.answer = state_answer(id, "filed");
  a.object = id.text();
  a.purpose = filing.number;
  return access::Prepared(LH_TRY(act_of(s, c, caller, policy, std::move(a))));
}

Prepared withdraw(const Procedure& p, const Call& c, const access::Caller& caller,
                  const access::Policy& policy) {
  const Services& s = p.services();
  LH_TRY(looks_after_changes(caller));
  const ChangeId id = LH_TRY(change_of(c));
  const auto draft = LH_TRY(s.catalogue.find_draft(id));
  const bool own = draft && draft->drafted_by == caller.system.text();
  if (draft && !own) LH_TRY(decides_on(caller, draft->kind));
  CatalogueAct a;
  a.rows = LH_TRY(s.catalogue.withdraw(id, {caller.system.text(), s.clock.now()}));
  a.purpose = own ? "withdrawn" : "rejected";
  a.answer = state_answer(id, a.purpose);
  a.object = id.text();
  return access::Prepared(LH_TRY(act_of(s, c, caller, policy, std::move(a))));
}

Prepared approve(const Procedure& p, const Call& c, const access::Caller& caller,
                 const access::Policy& policy) {
  const Services& s = p.services();
  LH_TRY(looks_after_changes(caller));
  const ChangeId id = LH_TRY(change_of(c));
  const auto draft = LH_TRY(s.catalogue.find_draft(id));
  if (draft) LH_TRY(decides_on(caller, draft->kind));
  CatalogueAct a;
  a.event = AuditEvent::kCatalogueActivated;
  a.rows = LH_TRY(s.catalogue.approve(id, {caller.system.text(), s.clock.now()}));
  a.answer = state_answer(id, "active");
  a.object = id.text();
  auto act = LH_TRY(act_of(s, c, caller, policy, std::move(a)));
  act.committed = [&catalogue = s.catalogue] { return catalogue.load(); };
  return access::Prepared(std::move(act));
}

}  // namespace

void add_changes(Router& router, const Procedure& p) {
  router.add({Method::kGet, "/v1/changes", Offered::kDepartments, 0, each_time(p, list)});
  router.add({Method::kGet, "/v1/changes/{id}", Offered::kDepartments, 0, each_time(p, show)});
  router.add({Method::kPost, "/v1/changes/{id}/file", Offered::kDepartments, kBodyBytes,
              each_time(p, file)});
  router.add({Method::kPost, "/v1/changes/{id}/withdraw", Offered::kDepartments, kBodyBytes,
              each_time(p, withdraw)});
  router.add({Method::kPost, "/v1/changes/{id}/approve", Offered::kDepartments, 1024,
              each_time(p, approve)});
}

}  // namespace lh::hub::api::routes
