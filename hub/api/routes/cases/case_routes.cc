// Cases: opened, and read with the plan of now.
#include "base/limits.h"
#include "hub/api/routes/routes.h"
#include "schemas/purpose.h"

namespace lh::hub::api::routes {

Result<schemas::Json> json_body(const Call& call) {
  const std::string_view type = call.request.content_type;
  const auto media = type.substr(0, type.find(';'));
  if (media != "application/json") return Error(Reason::kMediaType, "application/json");
  return schemas::parse_json(call.request.body, limits::kJsonBodyBytes);
}

void add_cases(Router& router, const Procedure& p) {
  router.add({Method::kPost, "/v1/cases", Offered::kDepartments, limits::kJsonBodyBytes,
              [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kIdempotent,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto body = LH_TRY(json_body(c));
                               const auto request = LH_TRY(schemas::case_request_from_json(body));
                               return p.services().exchange.open_case(request, c.request.body,
                                                                      caller, policy);
                             });
              }});
  router.add({Method::kGet, "/v1/cases/{case_id}", Offered::kDepartments, 0, [&p](CallPtr call) {
                return p.run(std::move(call), Repeat::kEachTimeAnew,
                             [&p](const Call& c, const access::Caller& caller,
                                  const access::Policy& policy) -> Result<access::Prepared> {
                               const auto id = CaseId::parse(c.params.at(0));
                               if (!id.ok()) return Error(Reason::kCaseUnknown);  // no oracle
                               return p.services().exchange.read_case(*id, caller, policy);
                             });
              }});
}

}  // namespace lh::hub::api::routes
