// POST /v1/consents, /v1/use-codes, /v1/consents/query, /v1/consents/withdraw.
#include <algorithm>

#include "hub/exchange/rights/holder_sitting.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using licences::facts_of;
using licences::refuse;
using schemas::AuditEvent;
using schemas::Json;

Json consent_json(const Consent& c, UtcTime now) {
  Json out = Json::object();
  out.set("consent_id", c.id.text());
  out.set("kind", c.kind == ConsentKind::kUseCode ? "use_code" : "consent");
  out.set("user", c.scope.user.text()).set("matter", c.scope.matter);
  out.set("object", c.scope.object);
  out.set("uses_left", static_cast<std::int64_t>(c.uses_left));
  out.set("given", time_text(c.given)).set("expires", time_text(c.expires));
  out.set("state", state_text(state_of(c, now)));
  return out;
}

bool is_object(const access::Policy& policy, const std::string& object, LocalDate today) {
  return policy.find_type(object, today) != nullptr || policy.find_base_kind(object) != nullptr;
}

}  // namespace

// A consent names what there is: an organisation of the registry, a matter and an object of the
// catalogue. It opens nothing that no rule opens.
Status HolderDesk::check_scope(const ConsentRequest& request, const access::Policy& policy,
                               UtcTime now) const {
  const LocalDate today = local_date(now);
  if (!parts_.registry.find_organisation(request.scope.user)) {
    return Error(Reason::kOrganisationUnknown, "consent.user");
  }
  if (policy.find_matter(request.scope.matter, today) == nullptr) {
    return Error(Reason::kMatterUnknown, "consent.matter");
  }
  if (!is_object(policy, request.scope.object, today)) {
    return Error(Reason::kTypeUnknown, "consent.object");
  }
  const bool code = request.kind == ConsentKind::kUseCode;
  const std::int64_t most = code ? kLongestUseCodeMs : kLongestConsentMs;
  if (request.expires && (*request.expires <= now || *request.expires > now.plus_ms(most))) {
    return Error(Reason::kJsonValue, "consent.expires");
  }
  return ok_status();
}

Result<access::Prepared> HolderDesk::give(const ConsentRequest& request,
                                          const HolderCall& call) const {
  const bool code = request.kind == ConsentKind::kUseCode;
  auto facts = facts_of(code ? AuditEvent::kUseCodeMade : AuditEvent::kConsentGiven, call.caller,
                        call.policy);
  const auto no = [&facts](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(facts)));
  };
  auto sitting = sit_down(request.assertion, facts, call);
  if (!sitting.ok()) return no(sitting.error());
  const UtcTime now = sitting->now;
  if (const Status good = check_scope(request, call.policy, now); !good.ok()) {
    return no(good.error());
  }
  facts.matter = request.scope.matter;
  facts.object = request.scope.object;
  auto registration = LH_TRY(parts_.directory.find_or_register(sitting->id));
  if (LH_TRY(parts_.consents.given_by(registration.key.no)).size() >= Consents::kMostOfSubject) {
    return no(Error(Reason::kConsentScope, "too many consents"));
  }
  Consent consent;
  consent.kind = request.kind;
  consent.portal = call.caller.organisation;
  consent.scope = request.scope;
  consent.uses_left = request.uses;
  consent.given = now;
  consent.expires = request.expires.value_or(now.plus_ms(code ? kUseCodeLifeMs : kConsentLifeMs));
  auto made = parts_.consents.make(consent, registration.key, request.purpose, parts_.random);
  // The index row of the new consent ends with its id.
  consent.id.value = LH_TRY(to_array<16>(ByteView(made.rows.front().key).substr(10)));
  facts.subjects = {registration.key};
  licences::say_personal(facts, request.scope.user.text() + "\n" + request.purpose);
  sitting->change.rows = std::move(registration.rows);
  sitting->change.preconditions = std::move(registration.preconditions);
  for (auto& row : made.rows) sitting->change.rows.push_back(std::move(row));
  Json body = consent_json(consent, now);
  body.set(code ? "code" : "token", std::move(made.token));
  auto prepared = LH_TRY(answer(call, std::move(facts), std::move(*sitting), std::move(body)));
  std::get<access::Act>(prepared).http_status = 201;
  return prepared;
}

Result<access::Prepared> HolderDesk::list_consents(const std::string& assertion,
                                                   const HolderCall& call) const {
  auto facts = facts_of(AuditEvent::kOwnAccesses, call.caller, call.policy);
  auto sitting = sit_down(assertion, facts, call);
  if (!sitting.ok()) return access::Prepared(refuse(sitting.error(), std::move(facts)));
  Json list = Json::array();
  if (sitting->subject) {
    auto all = LH_TRY(parts_.consents.given_by(sitting->subject->no));
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.consent.given > b.consent.given; });
    for (const auto& found : all) {
      Json item = consent_json(found.consent, sitting->now);
      item.set("purpose", LH_TRY(parts_.consents.purpose_of(found, *sitting->subject)));
      list.push(std::move(item));
    }
  }
  Json body = Json::object();
  body.set("consents", std::move(list));
  return answer(call, std::move(facts), std::move(*sitting), std::move(body));
}

// Somebody else's consent is answered like none at all.
Result<access::Prepared> HolderDesk::withdraw_consent(const WithdrawRequest& request,
                                                      const HolderCall& call) const {
  auto facts = facts_of(AuditEvent::kConsentWithdrawn, call.caller, call.policy);
  const auto no = [&facts](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(facts)));
  };
  auto sitting = sit_down(request.assertion, facts, call);
  if (!sitting.ok()) return no(sitting.error());
  const auto id = ConsentId::parse(request.id);
  if (!id.ok() || !sitting->subject) return no(Error(Reason::kConsentUnknown));
  auto found = parts_.consents.given_by(sitting->subject->no, *id);
  if (!found.ok()) return no(found.error());
  facts.matter = found->consent.scope.matter;
  facts.object = found->consent.scope.object;
  sitting->change.rows.push_back(parts_.consents.withdraw(*found, sitting->now));
  Json body = consent_json(found->consent, sitting->now);
  return answer(call, std::move(facts), std::move(*sitting), std::move(body));
}

}  // namespace lh::hub::exchange
