// Deferrals and commitments of a case, the department's list of them, and the one-time notice.
#include "base/limits.h"
#include "hub/api/routes/routes.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::api::routes {
namespace {

using access::Prepared;

Result<CaseId> case_of(const Call& c) {
  auto id = CaseId::parse(c.params.at(0));
  if (!id.ok()) return Error(Reason::kCaseUnknown);  // no oracle
  return id;
}

Result<schemas::Operator> officer_in(const schemas::Json& body) {
  auto r = LH_TRY(schemas::ObjectReader::open(body, "notice"));
  auto officer =
      LH_TRY(schemas::operator_from_json(*LH_TRY(r.object("operator")), r.path("operator")));
  LH_TRY(r.finish());
  return officer;
}

Result<Prepared> notice(const Procedure& p, const Call& c, const access::Caller& caller,
                        const access::Policy& policy) {
  const auto body = LH_TRY(json_body(c));
  const auto officer = LH_TRY(officer_in(body));
  return p.services().exchange.give_notice(LH_TRY(case_of(c)), officer, c.request.body, caller,
                                           policy);
}

Result<Prepared> defer(const Procedure& p, const Call& c, const access::Caller& caller,
                       const access::Policy& policy) {
  const auto body = LH_TRY(json_body(c));
  const auto request = LH_TRY(exchange::deferral_request_from_json(body));
  return p.services().tickets.defer(LH_TRY(case_of(c)), request, c.request.body, caller, policy);
}

Result<Prepared> commit(const Procedure& p, const Call& c, const access::Caller& caller,
                        const access::Policy& policy) {
  const auto body = LH_TRY(json_body(c));
  const auto request = LH_TRY(exchange::commitment_request_from_json(body));
  return p.services().tickets.commit(LH_TRY(case_of(c)), request, c.request.body, caller, policy);
}

Result<Prepared> close(const Procedure& p, const Call& c, const access::Caller& caller,
                       const access::Policy& policy) {
  const auto body = LH_TRY(json_body(c));
  const auto request = LH_TRY(exchange::close_request_from_json(body));
  const auto id = exchange::TicketId::parse(c.params.at(0));
  if (!id.ok()) return Error(Reason::kDeferralUnknown);  // no oracle
  return p.services().tickets.close(*id, request, c.request.body, caller, policy);
}

Result<Prepared> list(const Procedure& p, const Call& c, const access::Caller& caller,
                      const access::Policy& policy) {
  const auto body = LH_TRY(json_body(c));
  const auto query = LH_TRY(exchange::ticket_query_from_json(body));
  return p.services().tickets.list(query, c.request.body, caller, policy);
}

}  // namespace

void add_tickets(Router& router, const Procedure& p) {
  const auto add = [&router, &p](Method method, const char* path, Repeat repeat, Step step) {
    router.add(
        {method, path, Offered::kDepartments, limits::kJsonBodyBytes, run_step(p, repeat, step)});
  };
  add(Method::kPost, "/v1/cases/{case_id}/notice", Repeat::kEachTimeAnew, notice);
  add(Method::kPost, "/v1/cases/{case_id}/deferrals", Repeat::kIdempotent, defer);
  add(Method::kPost, "/v1/cases/{case_id}/commitments", Repeat::kIdempotent, commit);
  add(Method::kPost, "/v1/tickets/{ticket_id}/close", Repeat::kIdempotent, close);
  add(Method::kPost, "/v1/tickets/query", Repeat::kEachTimeAnew, list);
}

}  // namespace lh::hub::api::routes
