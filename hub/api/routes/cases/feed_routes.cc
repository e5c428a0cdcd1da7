// The case feed 办件库: which cases a department has, as its approval system says.
#include "base/limits.h"
#include "hub/api/routes/routes.h"

namespace lh::hub::api::routes {
namespace {

using access::Prepared;

Result<Prepared> store(const Procedure& p, const Call& c, const access::Caller& caller,
                       const access::Policy& policy) {
  const auto body = LH_TRY(json_body(c));
  const auto request = LH_TRY(exchange::feed_request_from_json(body));
  return p.services().feed.store(request, c.request.body, caller, policy);
}

Result<Prepared> query(const Procedure& p, const Call& c, const access::Caller& caller,
                       const access::Policy& policy) {
  const auto body = LH_TRY(json_body(c));
  const auto query = LH_TRY(exchange::feed_query_from_json(body));
  return p.services().feed.query(query, c.request.body, caller, policy);
}

}  // namespace

// Hundreds of cases are looked up one by one: not on a loop. Told again, it is known already: the
// same call may be made as often as one likes.
void add_case_feed(Router& router, const Procedure& p) {
  router.add({Method::kPost, "/v1/case-feed", Offered::kDepartments, limits::kJsonBodyBytes,
              off_the_loop(run_step(p, Repeat::kIdempotent, store))});
  router.add({Method::kPost, "/v1/case-feed/query", Offered::kDepartments, limits::kJsonBodyBytes,
              run_step(p, Repeat::kEachTimeAnew, query)});
}

}  // namespace lh::hub::api::routes
