// Base data of subjects, who is who among them, the subject's own list of accesses, and divisions.
#include "base/limits.h"
#include "hub/api/routes/routes.h"
#include "schemas/division_table.h"

namespace lh::hub::api::routes {
namespace {

using exchange::BaseDataActs;

// A body that is read, then prepared by one act of base data.
template <class Request>
struct ActRoute {
  Method method;
  const char* pattern;
  Repeat repeat;
  Result<Request> (*read)(const schemas::Json&);
  Result<access::Prepared> (BaseDataActs::*act)(const Request&, const exchange::Asking&) const;
};

template <class Request>
void add_act(Router& router, const Procedure& p, const ActRoute<Request>& route) {
  router.add({route.method, route.pattern, Offered::kDepartments, limits::kJsonBodyBytes,
              [&p, route](CallPtr call) {
                return p.run(std::move(call), route.repeat,
                             [&p, route](const Call& c, const access::Caller& caller,
                                         const access::Policy& policy) -> Result<access::Prepared> {
                               const auto body = LH_TRY(json_body(c));
                               const auto request = LH_TRY(route.read(body));
                               return (p.services().base_data.*route.act)(
                                   request, {caller, policy, c.request.body});
                             });
              }});
}

// The dated table of divisions: open data among departments, a read of it names nobody and is not
// an entry.
using schemas::DivisionTable;
using schemas::Json;

Result<LocalDate> day_of(const std::string& query, LocalDate today) {
  if (query.empty()) return today;
  if (!query.starts_with("at=")) return Error(Reason::kDateFormat, "at");
  return parse_date(std::string_view(query).substr(3));
}

Json answer(const DivisionTable::Entry& entry, const std::vector<DivisionTable::Entry>& parents,
            LocalDate at) {
  Json j = Json::object();
  j.set("code", entry.code);
  j.set("name", entry.name);
  j.set("from", entry.from.text());
  j.set("until", entry.until ? Json(entry.until->text()) : Json());
  j.set("state", entry.until && *entry.until < at ? "ended" : "current");
  j.set("successor", entry.successor.empty() ? Json() : Json(entry.successor));
  Json above = Json::array();
  for (const auto& parent : parents) {
    Json one = Json::object();
    one.set("code", parent.code);
    one.set("name", parent.name);
    above.push(std::move(one));
  }
  j.set("parents", std::move(above));
  return j;
}

Result<std::string> show(const Call& call, LocalDate today) {
  const auto division = LH_TRY(parse_division(call.params.at(0)));
  const LocalDate at = LH_TRY(day_of(call.request.query, today));
  const auto& table = DivisionTable::shipped();
  const auto entry = table.find(division, at);
  if (!entry) return Error(Reason::kDivisionUnknown);
  return schemas::to_text(answer(*entry, table.parents(division, at), at));
}

}  // namespace

void add_subjects(Router& router, const Procedure& p) {
  using exchange::AliasRequest;
  using exchange::FlagEndRequest;
  using exchange::FlagRequest;
  using exchange::IdentityDecision;
  using exchange::MergeRequest;
  using exchange::SubjectCorrection;
  using exchange::SubjectQuery;
  using exchange::SubjectUpsert;
  add_act<SubjectUpsert>(router, p,
                         {Method::kPost, "/v1/subjects", Repeat::kIdempotent,
                          exchange::subject_upsert_from_json, &BaseDataActs::upsert});
  add_act<SubjectQuery>(router, p,
                        {Method::kPost, "/v1/subjects/query", Repeat::kEachTimeAnew,
                         exchange::subject_query_from_json, &BaseDataActs::query});
  add_act<SubjectCorrection>(router, p,
                             {Method::kPost, "/v1/subjects/corrections", Repeat::kIdempotent,
                              exchange::subject_correction_from_json, &BaseDataActs::correct});
  add_act<AliasRequest>(router, p,
                        {Method::kPost, "/v1/subjects/aliases", Repeat::kIdempotent,
                         exchange::alias_request_from_json, &BaseDataActs::add_alias});
  add_act<MergeRequest>(router, p,
                        {Method::kPost, "/v1/subjects/merge", Repeat::kIdempotent,
                         exchange::merge_request_from_json, &BaseDataActs::merge});
  add_act<MergeRequest>(router, p,
                        {Method::kPost, "/v1/subjects/split", Repeat::kIdempotent,
                         exchange::merge_request_from_json, &BaseDataActs::split});
  add_act<IdentityDecision>(router, p,
                            {Method::kPost, "/v1/subjects/changes/decide", Repeat::kIdempotent,
                             exchange::identity_decision_from_json, &BaseDataActs::decide});
  add_act<FlagRequest>(router, p,
                       {Method::kPost, "/v1/subjects/flags", Repeat::kIdempotent,
                        exchange::flag_request_from_json, &BaseDataActs::put_flag});
  add_act<FlagEndRequest>(router, p,
                          {Method::kPost, "/v1/subjects/flags/end", Repeat::kIdempotent,
                           exchange::flag_end_request_from_json, &BaseDataActs::end_flag});
  router.add({Method::kPost, "/v1/accesses/query", Offered::kDepartments, limits::kJsonBodyBytes,
              [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kEachTimeAnew,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto body = LH_TRY(json_body(c));
                               const auto query = LH_TRY(exchange::own_accesses_from_json(body));
                               return p.services().own_accesses.list(query, c.request.body, caller,
                                                                     policy);
                             });
              }});
}

void add_divisions(Router& router, const Procedure& p) {
  router.add({Method::kGet, "/v1/divisions/{code}", Offered::kDepartments, 0,
              [&p](CallPtr call) -> Outcome {
                const Services& s = p.services();
                const auto caller = p.identify(call->request.certificate);
                if (!caller.ok()) return p.refuse(std::move(call), caller.error());
                auto text = show(*call, local_date(s.clock.now()));
                if (!text.ok()) return p.refuse(std::move(call), text.error());
                return json_response(200, std::move(*text));
              }});
}

}  // namespace lh::hub::api::routes
