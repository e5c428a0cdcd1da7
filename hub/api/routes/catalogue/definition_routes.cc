// Definitions of the catalogue: a PUT makes a draft, a GET shows what is in force.
#include "base/limits.h"
#include "hub/access/definitions/bundles.h"
#include "hub/access/definitions/kinds.h"
#include "hub/access/definitions/shelves.h"
#include "hub/api/routes/catalogue/catalogue_acts.h"

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
    {ObjectKind::kBundle, "/v1/bundles/{code}"},
    {ObjectKind::kProof, "/v1/proofs/{code}"},
    {ObjectKind::kCodeTable, "/v1/code-tables/{id}"},
    {ObjectKind::kDirectoryEntry, "/v1/sharing-directory/{id}"},
    {ObjectKind::kPublicationRule, "/v1/publication-rules/{id}"},
};

Prepared draft(const Procedure& p, ObjectKind kind, const Call& c, const access::Caller& caller,
               const access::Policy& policy) {
  const Services& s = p.services();
  LH_TRY(administers(caller));  // what a definition lacks beside others is for administrators
  const auto read = LH_TRY(access::read_definition(kind, LH_TRY(json_body(c))));
  const std::string id = access::id_of(read);
  if (id != c.params.at(0)) {
    return Error(Reason::kJsonValue, "the definition names another object");
  }
  auto made = LH_TRY(s.catalogue.draft(
      {{}, kind, id, c.request.body, caller.system.text(), s.clock.now()}, s.random));
  schemas::Json answer = schemas::Json::object();
  answer.set("change_id", made.first.text()).set("state", "draft");
  CatalogueAct a;
  a.rows.rows = std::move(made.second);
  a.answer = std::move(answer);
  a.object = id;
  auto act = LH_TRY(act_of(s, c, caller, policy, std::move(a)));
  act.http_status = 202;
  return access::Prepared(std::move(act));
}

// What the definition says, and what follows from it that day.
Result<schemas::Json> shown(const access::Definition& found, const access::Policy& policy,
                            LocalDate today) {
  schemas::Json j = access::write_definition(found);
  if (const auto* bundle = std::get_if<schemas::Bundle>(&found)) {
    j.set("materials", access::bundle_materials_to_json(
                           LH_TRY(access::bundle_materials(*bundle, policy, today))));
  }
  return j;
}

Result<Response> show(const Services& s, ObjectKind kind, const Call& call) {
  const LocalDate today = local_date(s.clock.now());
  const auto policy = s.catalogue.policy();
  const auto found = policy->shelves().in_force(kind, call.params.at(0), today);
  if (!found) return Error(access::unknown_reason(kind));
  const std::string text = schemas::to_text(LH_TRY(shown(*found, *policy, today)));
  // A version never changes, so its number is its tag; the list of a bundle follows its matters.
  std::string etag = "\"v" + std::to_string(access::version_of(*found));
  if (kind == ObjectKind::kBundle) {
    etag += "." + std::to_string(policy->epoch()) + "." + today.compact();
  }
  etag += "\"";
  Response r = json_response(200, text);
  if (call.request.if_none_match == etag) {
    r.status = 304;
    r.body.clear();
  }
  r.headers.emplace_back("etag", etag);
  return r;
}

Result<Response> directory(const Services& s) {
  schemas::Json list = schemas::Json::array();
  for (const auto* entry : s.catalogue.policy()->directory(local_date(s.clock.now()))) {
    list.push(schemas::directory_entry_to_json(*entry));
  }
  schemas::Json j = schemas::Json::object();
  j.set("entries", std::move(list));
  return json_response(200, schemas::to_text(j));
}

}  // namespace

void add_definitions(Router& router, const Procedure& p) {
  const Services& s = p.services();
  for (const Topic& topic : kTopics) {
    const ObjectKind kind = topic.kind;
    router.add({Method::kGet, topic.pattern, Offered::kDepartments, 0,
                [&p, &s, kind](const CallPtr& call) {
                  return show_to_departments(p, call,
                                             [&s, kind, &call] { return show(s, kind, *call); });
                }});
    router.add({Method::kPut, topic.pattern, Offered::kDepartments, limits::kJsonBodyBytes,
                [&p, kind](CallPtr call) {
                  return p.run(std::move(call), Repeat::kEachTimeAnew,
                               [&p, kind](const Call& c, const access::Caller& caller,
                                          const access::Policy& policy) {
                                 return draft(p, kind, c, caller, policy);
                               });
                }});
  }
  router.add({Method::kGet, "/v1/sharing-directory", Offered::kDepartments, 0,
              [&p, &s](const CallPtr& call) {
                return show_to_departments(p, call, [&s] { return directory(s); });
              }});
}

}  // namespace lh::hub::api::routes
