// The versioned catalogue: a PUT makes a draft, a second administrator's approval activates it.
#include "base/limits.h"
#include "hub/api/routes/routes.h"
#include "hub/licences/office/entry_facts.h"
#include "schemas/catalogue.h"

namespace lh::hub::api::routes {
namespace {

using access::ObjectKind;

struct Topic {
  ObjectKind kind;
  const char* pattern;
};
constexpr Topic kTopics[] = {
    {ObjectKind::kLicenceType, "/v1/licence-types/{code}"},
    {ObjectKind::kMatter, "/v1/matters/{code}"},
    {ObjectKind::kRule, "/v1/sharing-rules/{id}"},
};

// Checks the definition and that it is the one the address names.
Status check_definition(ObjectKind kind, const schemas::Json& body, const std::string& id) {
  std::string found;
  if (kind == ObjectKind::kLicenceType) {
    found = LH_TRY(schemas::licence_type_from_json(body)).code.text();
  } else if (kind == ObjectKind::kMatter) {
    found = LH_TRY(schemas::matter_from_json(body)).code;
  } else {
    found = LH_TRY(schemas::sharing_rule_from_json(body)).id;
  }
  if (found != id) return Error(Reason::kJsonValue, "the definition names another object");
  return ok_status();
}

// A change of the catalogue on its way: who asks, what it writes, what it answers.
struct CatalogueChange {
  schemas::AuditEvent event = schemas::AuditEvent::kCatalogueDrafted;
  std::vector<ledger::RowWrite> rows;
  schemas::Json answer;
};

Result<access::Act> act_of(const Services& s, const Call& c, const access::Caller& caller,
                           const access::Policy& policy, CatalogueChange change) {
  auto admitted = s.gate.admit_role(caller, access::Operation::kAdminister, policy);
  if (std::holds_alternative<access::Refusal>(admitted)) return Error(Reason::kRoleMissing);
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  auto facts = licences::facts_of(change.event, caller, policy);
  facts.object = c.params.at(0);
  const crypto::CommitKey k(s.random);
  facts.request = k.commit(c.request.body);
  access::Act act{
      {}, Undisclosed<std::string>(permit, schemas::to_text(change.answer)), 200, {}, {}};
  act.change.access = permit.access_id();
  act.change.rows = std::move(change.rows);
  act.change.entries.push_back(LH_TRY(s.entries.make(facts, k, s.clock.now())));
  return act;
}

Result<access::Prepared> draft(const Procedure& p, ObjectKind kind, const Call& c,
                               const access::Caller& caller, const access::Policy& policy) {
  const Services& s = p.services();
  const auto body = LH_TRY(json_body(c));
  LH_TRY(check_definition(kind, body, c.params.at(0)));
  auto made = LH_TRY(s.catalogue.draft(
      {{}, kind, c.params.at(0), c.request.body, caller.system.text()}, s.random));
  schemas::Json answer = schemas::Json::object();
  answer.set("change_id", made.first.text());
  answer.set("state", "draft");
  auto act = LH_TRY(
      act_of(s, c, caller, policy,
             {schemas::AuditEvent::kCatalogueDrafted, std::move(made.second), std::move(answer)}));
  act.http_status = 202;
  return access::Prepared(std::move(act));
}

Result<access::Prepared> approve(const Procedure& p, const Call& c, const access::Caller& caller,
                                 const access::Policy& policy) {
  Services const& s = p.services();
  const auto id = ChangeId::parse(c.params.at(0));
  if (!id.ok()) return Error(Reason::kChangeUnknown);
  auto rows = LH_TRY(s.catalogue.approve(*id, caller.system.text()));
  schemas::Json answer = schemas::Json::object();
  answer.set("change_id", id->text());
  answer.set("state", "active");
  auto act = LH_TRY(
      act_of(s, c, caller, policy,
             {schemas::AuditEvent::kCatalogueActivated, std::move(rows), std::move(answer)}));
  act.committed = [&catalogue = s.catalogue] { return catalogue.load(); };
  return access::Prepared(std::move(act));
}

struct Definition {
  std::string text;
  int version = 1;
};

Result<Definition> definition(const access::Policy& policy, ObjectKind kind, const std::string& id,
                              LocalDate today) {
  if (kind == ObjectKind::kLicenceType) {
    const auto* found = policy.find_type(id, today);
    if (found == nullptr) return Reason::kTypeUnknown;
    return Definition{schemas::to_text(schemas::licence_type_to_json(*found)), found->version};
  }
  if (kind == ObjectKind::kMatter) {
    const auto* found = policy.find_matter(id, today);
    if (found == nullptr) return Reason::kMatterUnknown;
    return Definition{schemas::to_text(schemas::matter_to_json(*found)), found->version};
  }
  const schemas::SharingRule* best = nullptr;
  for (const auto* rule : policy.rules()) {
    if (rule->id == id && rule->effective.covers(today) &&
        (best == nullptr || best->version < rule->version)) {
      best = rule;
    }
  }
  if (best == nullptr) return Error(Reason::kRouteUnknown, "sharing rule");
  return Definition{schemas::to_text(schemas::sharing_rule_to_json(*best)), best->version};
}

// The directory is public among departments: a read of it names nobody and is not an entry.
Outcome show(const Procedure& p, ObjectKind kind, const CallPtr& call) {
  const Services& s = p.services();
  const auto& certificate = call->request.certificate;
  if (certificate.state != CertificateState::kTrusted ||
      !s.registry.identify(certificate.fingerprint).ok()) {
    return p.run(
        call, Repeat::kEachTimeAnew,  // refused with the right reason, and recorded
        [](const Call&, const access::Caller&, const access::Policy&) -> Result<access::Prepared> {
          return Error(Reason::kRoleMissing);
        });
  }
  auto found =
      definition(*s.catalogue.policy(), kind, call->params.at(0), local_date(s.clock.now()));
  if (!found.ok()) {
    return p.run(call, Repeat::kEachTimeAnew,
                 [error = found.error()](const Call&, const access::Caller&, const access::Policy&)
                     -> Result<access::Prepared> { return error; });
  }
  // A version never changes, so its number is its tag.
  const std::string etag = "\"v" + std::to_string(found->version) + "\"";
  Response r = json_response(200, std::move(found->text));
  if (call->request.if_none_match == etag) {
    r.status = 304;
    r.body.clear();
  }
  r.headers.emplace_back("etag", etag);
  return r;
}

}  // namespace

void add_catalogue(Router& router, const Procedure& p) {
  for (const Topic& topic : kTopics) {
    const ObjectKind kind = topic.kind;
    router.add({Method::kGet, topic.pattern, Offered::kDepartments, 0,
                [&p, kind](CallPtr call) { return show(p, kind, call); }});
    router.add({Method::kPut, topic.pattern, Offered::kDepartments, limits::kJsonBodyBytes,
                [&p, kind](CallPtr call) {
                  return p.run(std::move(call), Repeat::kEachTimeAnew,
                               [&p, kind](const Call& c, const access::Caller& caller,
                                          const access::Policy& policy) {
                                 return draft(p, kind, c, caller, policy);
                               });
                }});
  }
  router.add(
      {Method::kPost, "/v1/changes/{id}/approve", Offered::kDepartments, 1024, [&p](CallPtr call) {
         return p.run(std::move(call), Repeat::kEachTimeAnew,
                      [&p](const Call& c, const access::Caller& caller,
                           const access::Policy& policy) { return approve(p, c, caller, policy); });
       }});
}

}  // namespace lh::hub::api::routes
