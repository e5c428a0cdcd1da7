// Applications for sharing. The states are strict: what was done cannot be done again, so only the
// application itself needs an Idempotency-Key.
#include "base/limits.h"
#include "hub/api/routes/routes.h"

namespace lh::hub::api::routes {
namespace {

using exchange::Judging;
using exchange::SharingCall;
using exchange::SharingDesk;
using Acted = Result<access::Prepared>;

// The request as the desk takes it, and the body as read.
struct Incoming {
  const Call& call;
  schemas::Json body;
  SharingCall as;
};
using Act = Acted (*)(const SharingDesk& desk, const Incoming& in);

Acted apply(const SharingDesk& desk, const Incoming& in) {
  return desk.apply(LH_TRY(exchange::application_request_from_json(in.body)), in.as);
}
Acted query(const SharingDesk& desk, const Incoming& in) {
  return desk.list(LH_TRY(exchange::application_query_from_json(in.body)), in.as);
}
Acted correct(const SharingDesk& desk, const Incoming& in) {
  return desk.correct(in.call.params.at(0),
                      LH_TRY(exchange::application_request_from_json(in.body)), in.as);
}
Acted review(const SharingDesk& desk, const Incoming& in) {
  return desk.review(in.call.params.at(0),
                     LH_TRY(exchange::judgement_from_json(in.body, Judging::kReview)), in.as);
}
Acted grant(const SharingDesk& desk, const Incoming& in) {
  return desk.grant(in.call.params.at(0),
                    LH_TRY(exchange::judgement_from_json(in.body, Judging::kGrant)), in.as);
}
Acted end(const SharingDesk& desk, const Incoming& in) {
  return desk.end(in.call.params.at(0),
                  LH_TRY(exchange::judgement_from_json(in.body, Judging::kEnd)), in.as);
}

struct Offer {
  Method method;
  const char* pattern;
  Act act;
};
constexpr Offer kOffers[] = {
    {Method::kPost, "/v1/sharing-applications", apply},
    {Method::kPost, "/v1/sharing-applications/query", query},
    {Method::kPost, "/v1/sharing-applications/{id}/correct", correct},
    {Method::kPost, "/v1/sharing-applications/{id}/review", review},
    {Method::kPost, "/v1/sharing-applications/{id}/grant", grant},
    {Method::kPost, "/v1/sharing-applications/{id}/end", end},
};

}  // namespace

void add_sharing(Router& router, const Procedure& p) {
  for (const Offer& offer : kOffers) {
    const Act act = offer.act;
    const Repeat repeat = act == apply ? Repeat::kIdempotent : Repeat::kEachTimeAnew;
    router.add({offer.method, offer.pattern, Offered::kDepartments, limits::kJsonBodyBytes,
                [&p, act, repeat](CallPtr call) {
                  return p.run(std::move(call), repeat,
                               [&p, act](const Call& c, const access::Caller& caller,
                                         const access::Policy& policy) -> Acted {
                                 const Incoming in{
                                     c,
                                     LH_TRY(json_body(c)),
                                     {caller, policy, c.request.body, c.request.idempotency_key}};
                                 return act(p.services().sharing_desk, in);
                               });
                }});
  }
}

}  // namespace lh::hub::api::routes
