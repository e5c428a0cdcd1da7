// The joint cases of a bundle 一件事一次办.
#include "base/limits.h"
#include "hub/api/routes/routes.h"
#include "hub/exchange/bundles/joint_desk.h"

namespace lh::hub::api::routes {

void add_bundles(Router& router, const Procedure& p) {
  router.add({Method::kPost, "/v1/bundles/{code}/cases", Offered::kDepartments,
              limits::kJsonBodyBytes, [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kIdempotent,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto body = LH_TRY(json_body(c));
                               const auto request =
                                   LH_TRY(exchange::joint_request_from_json(body, c.params.at(0)));
                               return p.services().joint.open(request, c.request.body, caller,
                                                              policy);
                             });
              }});
  router.add({Method::kGet, "/v1/joint-cases/{joint_case_id}", Offered::kDepartments, 0,
              [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kEachTimeAnew,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto id = exchange::JointId::parse(c.params.at(0));
                               if (!id.ok()) return Error(Reason::kCaseUnknown);  // no oracle
                               return p.services().joint.read(*id, caller, policy);
                             });
              }});
}

}  // namespace lh::hub::api::routes
