// Base data of subjects, and the subject's own list of accesses.
#include "base/limits.h"
#include "hub/api/routes/routes.h"

namespace lh::hub::api::routes {

void add_subjects(Router& router, const Procedure& p) {
  router.add({Method::kPost, "/v1/subjects", Offered::kDepartments, limits::kJsonBodyBytes,
              [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kIdempotent,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto body = LH_TRY(json_body(c));
                               const auto request =
                                   LH_TRY(exchange::subject_upsert_from_json(body));
                               return p.services().exchange.upsert_subject(
                                   request, c.request.body, caller, policy, p.services().directory);
                             });
              }});
  router.add({Method::kPost, "/v1/subjects/query", Offered::kDepartments, limits::kJsonBodyBytes,
              [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kEachTimeAnew,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto body = LH_TRY(json_body(c));
                               const auto query = LH_TRY(exchange::subject_query_from_json(body));
                               return p.services().exchange.query_subject(query, c.request.body,
                                                                          caller, policy);
                             });
              }});
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
