// Base data of subjects, who is who among them, and the subject's own list of accesses.
#include "base/limits.h"
#include "hub/api/routes/routes.h"

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

}  // namespace

void add_subjects(Router& router, const Procedure& p) {
  using exchange::AliasRequest;
  using exchange::FlagEndRequest;
  using exchange::FlagRequest;
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

}  // namespace lh::hub::api::routes
