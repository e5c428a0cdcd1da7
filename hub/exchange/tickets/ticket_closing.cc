// How a ticket ends, and the reminders before it does.
#include <algorithm>

#include "hub/exchange/cases/own_case.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/exchange/tickets/ticket_json.h"
#include "hub/exchange/tickets/ticket_office.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using licences::facts_of;
using licences::make_act;
using licences::refuse;
using schemas::AuditEvent;

// Which outcome may follow which state. A commitment is met when it was checked and kept.
Status check_outcome(const Ticket& t, TicketState outcome) {
  const bool deferral = t.kind == TicketKind::kDeferral;
  const Reason wrong = deferral ? Reason::kDeferralState : Reason::kCommitmentState;
  if (outcome == TicketState::kRepaired) {
    return t.state == TicketState::kBreached ? ok_status() : Status(wrong);
  }
  if (t.state != TicketState::kOpen) return wrong;
  if (outcome == TicketState::kBreached && deferral) return wrong;
  return ok_status();
}

AuditEvent event_of(const Ticket& t, TicketState outcome) {
  if (t.kind == TicketKind::kCommitment) return AuditEvent::kCommitmentChecked;
  return outcome == TicketState::kMet ? AuditEvent::kDeferralMet : AuditEvent::kDeferralEnded;
}

// A deferred material followed: the hub holds it by now, or the paper was handed in.
Result<bool> is_there(const ExchangeParts& parts, const PlanQuestion& q, const Ticket& t) {
  const auto planned = LH_TRY(make_plan(parts, q));
  return std::any_of(planned.plan.items.begin(), planned.plan.items.end(),
                     [&t](const PlanItem& item) {
                       return item.material->code == t.material && spares(item.decision.state);
                     });
}

// A breach counts as long as the catalogue says; where it does not say any more, until repaired.
void end_ticket(Ticket& t, const CloseRequest& request, const schemas::Material* material,
                UtcTime now) {
  t.state = request.outcome;
  t.closed = now;
  if (request.document) t.document = request.document;
  t.holds_until.reset();
  const bool known = material != nullptr && material->commitment;
  if (t.state != TicketState::kBreached || !known) return;
  t.holds_until = local_date(now).plus_days(material->commitment->breach_days);
}

// How many of its reminders should have been given by that day: one for each of its days before,
// and one when the day has passed.
std::uint32_t reminders_by(const Ticket& t, const schemas::Material* m, LocalDate today) {
  std::uint32_t out = today > t.due ? 1U : 0U;
  const bool named = m != nullptr && m->deferral && t.kind == TicketKind::kDeferral;
  if (!named) return out + (today.plus_days(yellow_before(m)) >= t.due ? 1U : 0U);
  for (const int days : m->deferral->remind_before) {
    out += today.plus_days(days) >= t.due ? 1U : 0U;
  }
  return out;
}

constexpr int kFarthestReminder = 730;  // calendar days, as the catalogue allows
constexpr std::size_t kPage = 256;

}  // namespace

Result<access::Prepared> TicketOffice::close(const TicketId& id, const CloseRequest& request,
                                             ByteView raw, const access::Caller& caller,
                                             const access::Policy& policy) const {
  const UtcTime now = parts_.clock.now();
  const LocalDate today = local_date(now);
  audit::EntryFacts facts = facts_of(AuditEvent::kDeferralEnded, caller, policy);
  licences::name_officer(facts, parts_.directory, request.officer);
  const auto no = [&facts](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(facts)));
  };
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kPlan, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return no(Error(refusal->decision->reason));
  }
  const Permit& looking = std::get<access::Admission>(admitted).permit;
  auto ticket = LH_TRY(find_ticket(parts_.licences.store(), id, looking));
  if (!ticket || ticket->organisation != caller.organisation) {
    return no(Error(Reason::kDeferralUnknown));
  }
  auto own = case_of_caller(parts_, ticket->case_id, caller, policy, facts);
  if (!own.ok()) return no(own.error());
  facts.event = event_of(*ticket, request.outcome);
  facts.object = ticket->material;
  facts.purpose = state_text(request.outcome);
  if (const Status may = check_outcome(*ticket, request.outcome); !may.ok()) {
    return no(may.error());
  }
  const bool followed =
      ticket->kind == TicketKind::kDeferral && request.outcome == TicketState::kMet;
  if (followed && !request.document &&
      !LH_TRY(is_there(parts_, {caller, policy, *own->matter, own->record, own->permit, now},
                       *ticket))) {
    return no(Error(Reason::kDeferralUnmet, "document_sha256"));
  }
  licences::say_personal(facts, request.ground);
  end_ticket(*ticket, request, material_of(*ticket, policy, today), now);
  ledger::Change change;
  write_ticket(*ticket, change);
  auto act = LH_TRY(
      make_act({parts_.entries, parts_.random, now, raw}, std::move(facts), std::move(change),
               Undisclosed<std::string>(own->permit,
                                        schemas::to_text(ticket_json(*ticket, policy, today)))));
  act.recipe = "T" + Bytes(view(id.value));
  return access::Prepared(std::move(act));
}

TicketOffice::Reminder TicketOffice::reminder_of(const Ticket& t, Card card,
                                                 const access::Policy& policy) const {
  Reminder r;
  r.facts.event = AuditEvent::kDeferralReminded;
  r.facts.organisation = t.organisation.text();
  r.facts.purpose = card_text(card);
  r.facts.matter = t.matter;
  r.facts.object = t.material;
  r.facts.policy_epoch = policy.epoch();
  r.facts.case_tag = case_tag(parts_.directory, t.case_id);
  if (auto key = parts_.directory.get(t.applicant); key.ok()) r.facts.subjects = {*key};
  write_ticket(t, r.change);
  return r;
}

Result<std::vector<TicketOffice::Reminder>> TicketOffice::reminders(const access::Policy& policy,
                                                                    std::size_t limit) const {
  const LocalDate today = local_date(parts_.clock.now());
  const Permit permit = parts_.gate.maintenance();
  std::vector<Reminder> out;
  Bytes from;
  do {
    auto page = LH_TRY(open_tickets(parts_.licences.store(), today.plus_days(kFarthestReminder),
                                    from, kPage, permit));
    for (Ticket& t : page.tickets) {
      const auto* material = material_of(t, policy, today);
      const std::uint32_t due = reminders_by(t, material, today);
      if (due <= t.reminders) continue;
      if (out.size() == limit) return out;
      t.reminders = due;
      out.push_back(reminder_of(t, card_of(t, today, yellow_before(material)), policy));
    }
    from = std::move(page.next);
  } while (!from.empty());
  return out;
}

}  // namespace lh::hub::exchange
