// Annotated copies: made, downloaded once, checked by anybody. Pages are drawn on the pool.
#include "base/limits.h"
#include "hub/api/routes/routes.h"

namespace lh::hub::api::routes {
namespace {

Outcome make_copy(const Procedure& p, const CallPtr& call) {
  return p.run(call, Repeat::kIdempotent,
               [&p](const Call& c, const access::Caller& caller,
                    const access::Policy& policy) -> Result<access::Prepared> {
                 const auto body = LH_TRY(json_body(c));
                 const auto request = LH_TRY(exchange::copy_request_from_json(body));
                 return p.services().copies.make(request, c.request.body, caller, policy);
               });
}

Outcome download(const Procedure& p, const CallPtr& call) {
  return p.run(call, Repeat::kEachTimeAnew,
               [&p](const Call& c, const access::Caller& caller, const access::Policy& policy) {
                 return p.services().copies.download(c.params.at(0), caller, policy);
               });
}

}  // namespace

void add_copies(Router& router, const Procedure& p) {
  router.add({Method::kPost, "/v1/copies", Offered::kDepartments, limits::kJsonBodyBytes,
              off_the_loop([&p](const CallPtr& call) { return make_copy(p, call); })});
  router.add({Method::kGet, "/v1/copies/{code}", Offered::kDepartments, 0,
              off_the_loop([&p](const CallPtr& call) { return download(p, call); })});
  router.add({Method::kGet, "/public/copies/{code}", Offered::kPublic, 0, [&p](CallPtr call) {
                return p.run_public(std::move(call),
                                    [&p](const Call& c, const access::Policy& policy) {
                                      return p.services().copies.check(c.params.at(0), policy);
                                    });
              }});
}

}  // namespace lh::hub::api::routes
