// The policy explained and tried before publication, for the security administrator. Nothing about
// a person: who could see which fields of what.
#include "base/limits.h"
#include "hub/access/simulate/simulate_json.h"
#include "hub/api/routes/routes.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::api::routes {
namespace {

using access::Caller;
using schemas::Json;
using Acted = Result<access::Prepared>;

Acted answer(const Services& s, const Call& c, audit::EntryFacts facts, const Permit& permit,
             const Json& body) {
  Undisclosed<std::string> text(permit, schemas::to_text(body));
  return access::Prepared(
      LH_TRY(licences::make_act({s.entries, s.random, s.clock.now(), c.request.body},
                                std::move(facts), {}, std::move(text))));
}

Result<Permit> admit(const Services& s, const Caller& caller, const access::Policy& policy) {
  auto admitted = s.gate.admit_role(caller, access::Operation::kGrantSharing, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return Error(refusal->decision->reason);
  }
  return std::move(std::get<access::Admission>(admitted).permit);
}

using Simulate = Result<access::Simulated> (*)(const Json&, const access::Policy&,
                                               const access::Asking&);

Acted simulate(const Services& s, const Call& c, const Caller& caller, const access::Policy& policy,
               Simulate what) {
  const auto permit = LH_TRY(admit(s, caller, policy));
  const auto body = LH_TRY(json_body(c));
  const auto done = LH_TRY(what(body, policy, {s.registry, local_date(s.clock.now())}));
  auto facts = licences::facts_of(schemas::AuditEvent::kPolicyExplained, caller, policy);
  facts.object = done.object;
  return answer(s, c, std::move(facts), permit, done.answer);
}

struct Offer {
  Method method;
  const char* pattern;
  Simulate act;
};
constexpr Offer kOffers[] = {
    {Method::kPost, "/v1/policy/explain", access::explain_json},
    {Method::kPost, "/v1/policy/what-if", access::what_if_json},
};

}  // namespace

void add_policy(Router& router, const Procedure& p) {
  for (const Offer& offer : kOffers) {
    const Simulate act = offer.act;
    router.add({offer.method, offer.pattern, Offered::kDepartments, limits::kJsonBodyBytes,
                off_the_loop([&p, act](CallPtr call) {
                  return p.run(std::move(call), Repeat::kEachTimeAnew,
                               [&p, act](const Call& c, const Caller& caller,
                                         const access::Policy& policy) -> Acted {
                                 return simulate(p.services(), c, caller, policy, act);
                               });
                })});
  }
}

}  // namespace lh::hub::api::routes
