// Review, grant, end: each by somebody else than who applied.
#include <algorithm>

#include "hub/exchange/sharing/grant_rules.h"
#include "hub/exchange/sharing/sharing_turn.h"
#include "hub/exchange/sharing/terms.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using access::Operation;
using licences::facts_of;
using licences::refuse;
using schemas::AuditEvent;
using Move = ApplicationMove;

Move move_of(const std::string& decision) {
  if (decision == "accept") return Move::kAccept;
  return decision == "return" ? Move::kReturn : Move::kRefuse;
}

bool took_part(const Application& a, const access::Caller& caller) {
  return std::any_of(a.steps.begin(), a.steps.end(),
                     [&caller](const auto& step) { return step.system == caller.system.text(); });
}

// The greatest version of a rule there is.
const schemas::SharingRule* last_version(const access::Policy& policy, const std::string& id) {
  const schemas::SharingRule* out = nullptr;
  for (const auto* rule : policy.rules()) {
    if (rule->id == id && (out == nullptr || out->version < rule->version)) out = rule;
  }
  return out;
}

}  // namespace

Status SharingDesk::write_rules(const std::vector<schemas::SharingRule>& rules,
                                ledger::Change& change) const {
  for (const auto& rule : rules) {
    auto rows = LH_TRY(parts_.catalogue.activate(
        access::ObjectKind::kRule, schemas::to_text(schemas::sharing_rule_to_json(rule))));
    for (auto& row : rows) change.rows.push_back(std::move(row));
  }
  return ok_status();
}

Result<access::Prepared> SharingDesk::review(const std::string& id, const JudgementRequest& request,
                                             const SharingCall& call) const {
  Turn turn{call,
            facts_of(AuditEvent::kSharingReviewed, call.caller, call.policy),
            {},
            parts_.clock.now()};
  licences::name_officer(turn.facts, parts_.directory, request.officer);
  const auto no = [&turn](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(turn.facts)));
  };
  auto permit = admit(call, Operation::kReviewSharing);
  if (!permit.ok()) return no(permit.error());
  auto found = visible(id, call);
  if (!found.ok()) return no(found.error());
  turn.application = std::move(*found);
  Application& a = turn.application;
  if (a.applicant == call.caller.organisation) return no(Error(Reason::kApplicationReviewer));
  if (a.listing.provider != call.caller.organisation) return no(Error(Reason::kApplicationUnknown));
  const auto to = next_state(a.state, move_of(request.decision));
  if (!to.ok()) return no(to.error());
  if (request.consent_needed.value_or(false)) a.terms.consent_needed = true;
  move(turn, *to, request.reason);
  write_application(a, turn.change);
  return finish(std::move(turn), *permit);
}

Result<access::Prepared> SharingDesk::grant(const std::string& id, const JudgementRequest& request,
                                            const SharingCall& call) const {
  Turn turn{call,
            facts_of(AuditEvent::kSharingGranted, call.caller, call.policy),
            {},
            parts_.clock.now()};
  licences::name_officer(turn.facts, parts_.directory, request.officer);
  const auto no = [&turn](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(turn.facts)));
  };
  auto permit = admit(call, Operation::kGrantSharing);
  if (!permit.ok()) return no(permit.error());
  auto found = visible(id, call);
  if (!found.ok()) return no(found.error());
  turn.application = std::move(*found);
  Application& a = turn.application;
  if (a.applicant == call.caller.organisation || took_part(a, call.caller)) {
    return no(Error(Reason::kApplicationReviewer));
  }
  const bool grants = request.decision == "grant";
  const auto to = next_state(a.state, grants ? Move::kGrant : Move::kDecline);
  if (!to.ok()) return no(to.error());
  const LocalDate today = local_date(turn.now);
  if (grants) {
    // Catalogue and directory may have changed since the application was accepted.
    const Status good = check_terms(a.terms, call.policy, today);
    if (!good.ok()) return no(good.error());
    const auto listed = listing_of(a.terms.object, call.policy, today);
    if (!listed.ok()) return no(listed.error());
    LH_TRY(write_rules(grant_rules(a, today), turn.change));
  } else {
    turn.facts.event = AuditEvent::kSharingReviewed;
  }
  move(turn, *to, request.reason);
  write_application(a, turn.change);
  auto prepared = LH_TRY(finish(std::move(turn), *permit));
  std::get<access::Act>(prepared).committed = [&catalogue = parts_.catalogue] {
    return catalogue.load();
  };
  return prepared;
}

Result<access::Prepared> SharingDesk::end(const std::string& id, const JudgementRequest& request,
                                          const SharingCall& call) const {
  Turn turn{
      call, facts_of(AuditEvent::kSharingEnded, call.caller, call.policy), {}, parts_.clock.now()};
  licences::name_officer(turn.facts, parts_.directory, request.officer);
  const auto no = [&turn](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(turn.facts)));
  };
  auto permit = admit(call, Operation::kGrantSharing);
  const bool as_administrator = permit.ok();
  if (!as_administrator) permit = admit(call, Operation::kReviewSharing);
  if (!permit.ok()) return no(permit.error());
  auto found = visible(id, call);
  if (!found.ok()) return no(found.error());
  turn.application = std::move(*found);
  Application& a = turn.application;
  if (!as_administrator && a.listing.provider != call.caller.organisation) {
    return no(Error(Reason::kApplicationReviewer));
  }
  const auto to = next_state(a.state, Move::kEnd);
  if (!to.ok()) return no(to.error());
  const LocalDate today = local_date(turn.now);
  std::vector<schemas::SharingRule> rules;
  for (const auto& rule_id : grant_rule_ids(a)) {
    const auto* rule = last_version(call.policy, rule_id);
    const bool over = rule == nullptr || (rule->effective.until && *rule->effective.until < today);
    if (!over) rules.push_back(ended_rule(*rule, today));
  }
  LH_TRY(write_rules(rules, turn.change));
  move(turn, *to, request.reason);
  write_application(a, turn.change);
  auto prepared = LH_TRY(finish(std::move(turn), *permit));
  std::get<access::Act>(prepared).committed = [&catalogue = parts_.catalogue] {
    return catalogue.load();
  };
  return prepared;
}

}  // namespace lh::hub::exchange
