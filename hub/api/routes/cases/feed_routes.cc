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

void add_case_feed(Router& router, const Procedure& p) {
  const auto add = [&router, &p](Method method, const char* path, Repeat repeat, auto prepare) {
    router.add({method, path, Offered::kDepartments, limits::kJsonBodyBytes,
                [&p, repeat, prepare](CallPtr call) {
                  return p.run(std::move(call), repeat,
                               [&p, prepare](const Call& c, const access::Caller& caller,
                                             const access::Policy& policy) {
                                 return prepare(p, c, caller, policy);
                               });
                }});
  };
  // Told again, it is known already: the same call may be made as often as one likes.
  add(Method::kPost, "/v1/case-feed", Repeat::kIdempotent, store);
  add(Method::kPost, "/v1/case-feed/query", Repeat::kEachTimeAnew, query);
}

}  // namespace lh::hub::api::routes
