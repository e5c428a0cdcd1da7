// What holders allow: consents, use codes, entrustments. The identifier of the holder is in the
// assertion, never in an address. An assertion works once, so a call cannot be repeated.
#include "base/limits.h"
#include "hub/api/routes/routes.h"

namespace lh::hub::api::routes {
namespace {

using exchange::HolderCall;
using exchange::HolderDesk;
using schemas::Json;
using Acted = Result<access::Prepared>;
using Act = Acted (*)(const HolderDesk& desk, const Json& body, const HolderCall& call);

Acted give(const HolderDesk& desk, const Json& body, const HolderCall& call) {
  const auto kind = exchange::ConsentKind::kConsent;
  return desk.give(LH_TRY(exchange::consent_request_from_json(body, kind)), call);
}
Acted give_code(const HolderDesk& desk, const Json& body, const HolderCall& call) {
  const auto kind = exchange::ConsentKind::kUseCode;
  return desk.give(LH_TRY(exchange::consent_request_from_json(body, kind)), call);
}
Acted list(const HolderDesk& desk, const Json& body, const HolderCall& call) {
  return desk.list_consents(LH_TRY(exchange::assertion_from_json(body)), call);
}
Acted withdraw(const HolderDesk& desk, const Json& body, const HolderCall& call) {
  return desk.withdraw_consent(LH_TRY(exchange::withdraw_request_from_json(body, "consent_id")),
                               call);
}
Acted entrust(const HolderDesk& desk, const Json& body, const HolderCall& call) {
  return desk.entrust(LH_TRY(exchange::entrustment_request_from_json(body)), call);
}
Acted list_entrusted(const HolderDesk& desk, const Json& body, const HolderCall& call) {
  return desk.list_entrustments(LH_TRY(exchange::assertion_from_json(body)), call);
}
Acted withdraw_entrusted(const HolderDesk& desk, const Json& body, const HolderCall& call) {
  return desk.withdraw_entrustment(
      LH_TRY(exchange::withdraw_request_from_json(body, "entrustment_id")), call);
}

struct Offer {
  Method method;
  const char* pattern;
  Act act;
};
constexpr Offer kOffers[] = {
    {Method::kPost, "/v1/consents", give},
    {Method::kPost, "/v1/consents/query", list},
    {Method::kPost, "/v1/consents/withdraw", withdraw},
    {Method::kPost, "/v1/use-codes", give_code},
    {Method::kPost, "/v1/entrustments", entrust},
    {Method::kPost, "/v1/entrustments/query", list_entrusted},
    {Method::kPost, "/v1/entrustments/withdraw", withdraw_entrusted},
};

}  // namespace

void add_rights(Router& router, const Procedure& p) {
  for (const Offer& offer : kOffers) {
    const Act act = offer.act;
    router.add(
        {offer.method, offer.pattern, Offered::kDepartments, limits::kJsonBodyBytes,
         [&p, act](CallPtr call) {
           return p.run(
               std::move(call), Repeat::kEachTimeAnew,
               [&p, act](const Call& c, const access::Caller& caller,
                         const access::Policy& policy) -> Acted {
                 const auto body = LH_TRY(json_body(c));
                 return act(p.services().holder_desk, body, {caller, policy, c.request.body});
               });
         }});
  }
}

}  // namespace lh::hub::api::routes
