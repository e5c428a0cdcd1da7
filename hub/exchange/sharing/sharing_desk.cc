// Apply, correct, list; and what every step has in common.
#include "hub/exchange/sharing/sharing_desk.h"

#include <algorithm>

#include "hub/exchange/sharing/sharing_turn.h"
#include "hub/exchange/sharing/terms.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using access::Operation;
using access::Role;
using licences::facts_of;
using licences::refuse;
using schemas::AuditEvent;
using State = ApplicationState;

bool sees_all(const access::Caller& caller) {
  return caller.roles.contains(Role::kSecurityAdmin) || caller.roles.contains(Role::kSystemAdmin) ||
         caller.roles.contains(Role::kAuditAdmin);
}

bool sees(const access::Caller& caller, const Application& a) {
  return sees_all(caller) || caller.organisation == a.applicant ||
         caller.organisation == a.listing.provider;
}

// The deadline that runs in a state; none where nobody has to do anything.
std::string_view deadline_in(State state) {
  switch (state) {
    case State::kApplied:
      return "sharing.review";
    case State::kReturned:
      return "sharing.correct";
    case State::kAccepted:
      return "sharing.grant";
    case State::kRefused:
    case State::kGranted:
    case State::kEnded:
      break;
  }
  return {};
}

}  // namespace

Result<Permit> SharingDesk::admit(const SharingCall& call, Operation operation) const {
  auto admitted = parts_.gate.admit_role(call.caller, operation, call.policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return Error(refusal->decision->reason);
  }
  return std::move(std::get<access::Admission>(admitted).permit);
}

// Somebody else's application is answered like none at all.
Result<Application> SharingDesk::visible(const std::string& id, const SharingCall& call) const {
  const auto parsed = ApplicationId::parse(id);
  if (!parsed.ok()) return Error(Reason::kApplicationUnknown);
  auto found = LH_TRY(find_application(parts_.store, *parsed));
  if (!sees(call.caller, found)) return Error(Reason::kApplicationUnknown);
  return found;
}

void SharingDesk::move(Turn& turn, State to, std::string note) const {
  Application& a = turn.application;
  a.state = to;
  a.steps.push_back({to, turn.call.caller.organisation.text(), turn.call.caller.system.text(),
                     turn.now, std::move(note)});
  a.deadline = deadline_in(to);
  a.due.reset();
  if (const auto* deadline = parts_.deadlines.find(a.deadline)) {
    a.due = schemas::due_after(local_date(turn.now), *deadline, parts_.special_days);
  }
}

Result<access::Prepared> SharingDesk::finish(Turn turn, const Permit& permit) const {
  turn.facts.object = turn.application.terms.object;
  turn.facts.matter = turn.application.terms.matters.front();
  turn.facts.legal_basis = turn.application.terms.legal_basis;
  turn.facts.purpose = turn.application.id.text();
  Undisclosed<std::string> text(
      permit, schemas::to_text(application_json(turn.application, local_date(turn.now), parts_)));
  auto act =
      LH_TRY(licences::make_act({parts_.entries, parts_.random, turn.now, turn.call.raw},
                                std::move(turn.facts), std::move(turn.change), std::move(text)));
  act.http_status = turn.http_status;
  return access::Prepared(std::move(act));
}

// What is shared unconditionally is not reviewed: the security administrator grants it directly.
Result<access::Prepared> SharingDesk::take(Turn turn, const SharingTerms& terms,
                                           const Listing& listing, const Permit& permit) const {
  turn.application.terms = terms;
  turn.application.listing = listing;
  move(turn, State::kApplied, terms.reason);
  if (listing.attribute == "unconditional") {
    const State accepted = LH_TRY(next_state(State::kApplied, ApplicationMove::kAccept));
    move(turn, accepted, "shared unconditionally: no review");
  }
  write_application(turn.application, turn.change);
  return finish(std::move(turn), permit);
}

Result<access::Prepared> SharingDesk::apply(const ApplicationRequest& request,
                                            const SharingCall& call) const {
  Turn turn{call,
            facts_of(AuditEvent::kSharingApplied, call.caller, call.policy),
            {},
            parts_.clock.now()};
  licences::name_officer(turn.facts, parts_.directory, request.officer);
  const auto no = [&turn](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(turn.facts)));
  };
  auto permit = admit(call, Operation::kApplySharing);
  if (!permit.ok()) return no(permit.error());
  const LocalDate today = local_date(turn.now);
  const Status good = check_terms(request.terms, call.policy, today);
  if (!good.ok()) return no(good.error());
  const auto listing = listing_of(request.terms.object, call.policy, today);
  if (!listing.ok()) return no(listing.error());
  if (listing->provider == call.caller.organisation) return no(Error(Reason::kApplicationReviewer));
  turn.http_status = 201;
  Application& a = turn.application;
  a.id.value = parts_.random.array<16>();
  if (!call.idempotency_key.empty()) {  // the same call again is the same application
    Bytes name(call.caller.system.text());
    name.push_back('\0');
    name.append(call.idempotency_key).push_back('\0');
    a.id.value = parts_.directory.tag_of("application", name.append(call.raw));
    auto known = find_application(parts_.store, a.id);
    if (known.ok()) {
      a = std::move(*known);
      return finish(std::move(turn), *permit);
    }
    if (known.error().reason() != Reason::kApplicationUnknown) return known.error();
  }
  a.applicant = call.caller.organisation;
  return take(std::move(turn), request.terms, *listing, *permit);
}

Result<access::Prepared> SharingDesk::correct(const std::string& id,
                                              const ApplicationRequest& request,
                                              const SharingCall& call) const {
  Turn turn{call,
            facts_of(AuditEvent::kSharingApplied, call.caller, call.policy),
            {},
            parts_.clock.now()};
  licences::name_officer(turn.facts, parts_.directory, request.officer);
  const auto no = [&turn](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(turn.facts)));
  };
  auto permit = admit(call, Operation::kApplySharing);
  if (!permit.ok()) return no(permit.error());
  auto found = visible(id, call);
  if (!found.ok()) return no(found.error());
  turn.application = std::move(*found);
  Application& a = turn.application;
  if (a.applicant != call.caller.organisation) return no(Error(Reason::kApplicationReviewer));
  const auto to = next_state(a.state, ApplicationMove::kCorrect);
  if (!to.ok()) return no(to.error());
  const Status good = check_terms(request.terms, call.policy, local_date(turn.now));
  if (!good.ok()) return no(good.error());
  if (request.terms.object != a.terms.object) {  // another object is another application
    return no(Error(Reason::kApplicationInvalid, "object"));
  }
  const auto listing = listing_of(a.terms.object, call.policy, local_date(turn.now));
  if (!listing.ok()) return no(listing.error());
  return take(std::move(turn), request.terms, *listing, *permit);
}

Result<access::Prepared> SharingDesk::list(const ApplicationQuery& query,
                                           const SharingCall& call) const {
  const UtcTime now = parts_.clock.now();
  auto facts = facts_of(AuditEvent::kSharingListed, call.caller, call.policy);
  facts.object = "sharing_applications";
  std::optional<Permit> permit;
  for (const auto operation :
       {Operation::kApplySharing, Operation::kReviewSharing, Operation::kGrantSharing,
        Operation::kAdminister, Operation::kSearchAudit}) {
    auto admitted = admit(call, operation);
    if (!admitted.ok() || permit) continue;
    permit.emplace(std::move(*admitted));
  }
  if (!permit) return access::Prepared(refuse(Error(Reason::kRoleMissing), std::move(facts)));
  auto all = LH_TRY(all_applications(parts_.store));
  std::erase_if(all, [&](const Application& a) {
    const bool asked =
        (!query.id || *query.id == a.id.text()) && (!query.state || *query.state == a.state);
    return !asked || !sees(call.caller, a);
  });
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.steps.front().at > b.steps.front().at; });
  schemas::Json items = schemas::Json::array();
  for (const auto& a : all) items.push(application_json(a, local_date(now), parts_));
  schemas::Json body = schemas::Json::object();
  body.set("applications", std::move(items));
  Undisclosed<std::string> text(*permit, schemas::to_text(body));
  return access::Prepared(LH_TRY(licences::make_act({parts_.entries, parts_.random, now, call.raw},
                                                    std::move(facts), {}, std::move(text))));
}

}  // namespace lh::hub::exchange
