#include "hub/exchange/tickets/ticket_office.h"

#include <algorithm>

#include "crypto/digest.h"
#include "hub/exchange/answers/case_material.h"
#include "hub/exchange/cases/own_case.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/exchange/rights/entrustments.h"
#include "hub/exchange/tickets/ticket_json.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using licences::facts_of;
using licences::make_act;
using licences::refuse;

std::string ticket_text(const Ticket& ticket, const access::Policy& policy, LocalDate today) {
  return schemas::to_text(ticket_json(ticket, policy, today));
}

const PlanItem* item_of(const MadePlan& planned, const std::string& material) {
  const auto& items = planned.plan.items;
  const auto found = std::find_if(items.begin(), items.end(), [&material](const PlanItem& item) {
    return item.material->code == material;
  });
  return found == items.end() ? nullptr : &*found;
}

// Is that way open for the material, by its plan of this moment?
Status check_way(const PlanItem& item, TicketKind kind) {
  const bool deferral = kind == TicketKind::kDeferral;
  const Fact offered = deferral ? Fact::kDeferralOffered : Fact::kCommitmentOffered;
  const Fact taken = deferral ? Fact::kDeferralOpen : Fact::kCommitmentSigned;
  if (spares(item.decision.state) || !item.facts.has(offered) || item.facts.has(taken)) {
    return Error(Reason::kMaterialState, std::string(state_text(item.decision.state)));
  }
  if (item.facts.has(Fact::kBreach)) return Reason::kCommitmentBreached;
  if (item.facts.has(Fact::kDeferralMissed)) return Reason::kDeferralMissed;
  return ok_status();
}

bool is_text_of(const schemas::Commitment& commitment, const Digest& digest) {
  return crypto::sha256(commitment.text.chinese) == digest ||
         crypto::sha256(commitment.text.english) == digest;
}

}  // namespace

struct TicketOffice::Opening {
  const CaseId& id;
  TicketKind kind;
  const std::string& material;
  const CommitmentRequest* commitment;  // of a commitment
  const schemas::Operator& officer;
  ByteView raw;
  const access::Caller& caller;
  const access::Policy& policy;
};

// The applicant, or an agent the applicant entrusted with it. Of an assertion the digest is kept,
// as of a paper; the entry names who signed, and says how.
Result<Signing> TicketOffice::sign(const Opening& o, Ticket& t, audit::EntryFacts& facts) const {
  t.document = o.commitment->document;
  facts.purpose = "paper";
  if (o.commitment->assertion.empty()) return Signing::kPaper;
  facts.purpose = "assertion";
  if (assertions_ == nullptr) return Error(Reason::kAssertionInvalid, "none is taken here");
  const auto signer = LH_TRY(assertions_->take_commitment(
      o.commitment->assertion, o.caller, {t.case_id.text(), t.material, o.commitment->text}));
  t.document = crypto::sha256(o.commitment->assertion);
  const auto known = parts_.directory.find(signer);
  if (!known.ok() && known.error().reason() != Reason::kKeyErased) return known.error();
  if (!known.ok() || !*known) return Error(Reason::kAssertionInvalid, "sub");
  if ((*known)->no == t.applicant) return Signing::kApplicant;
  const Status entrusted =
      check_entrustment(parts_.licences.store(),
                        {t.applicant, (*known)->no, t.matter, AgentAct::kSignCommitment}, t.opened);
  if (!entrusted.ok() && entrusted.error().reason() != Reason::kEntrustmentInvalid) {
    return entrusted.error();
  }
  if (!entrusted.ok()) return Error(Reason::kAssertionInvalid, "sub");
  facts.purpose = "assertion of an agent";
  name_subject(facts, parts_.directory, (*known)->no);
  return Signing::kAgent;
}

Result<access::Prepared> TicketOffice::open(Opening o) const {
  const UtcTime now = parts_.clock.now();
  const LocalDate today = local_date(now);
  const bool deferral = o.kind == TicketKind::kDeferral;
  audit::EntryFacts facts = facts_of(
      deferral ? schemas::AuditEvent::kDeferralOpened : schemas::AuditEvent::kCommitmentSigned,
      o.caller, o.policy);
  licences::name_officer(facts, parts_.directory, o.officer);
  const auto no = [&facts](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(facts)));
  };
  auto own = open_own_case(parts_, o.id, o.caller, o.policy, facts);
  if (!own.ok()) return no(own.error());
  const auto planned =
      LH_TRY(make_plan(parts_, {o.caller, o.policy, *own->matter, own->record, own->permit, now}));
  const PlanItem* item = item_of(planned, o.material);
  if (item == nullptr) return no(Error(Reason::kMaterialUnknown));
  facts.object = item->material->code;
  if (const Status way = check_way(*item, o.kind); !way.ok()) return no(way.error());
  if (!deferral && !is_text_of(*item->material->commitment, o.commitment->text)) {
    return no(Error(Reason::kCommitmentText));
  }
  const auto& m = *item->material;
  facts.legal_basis = deferral ? m.deferral->legal_basis : m.commitment->legal_basis;
  Ticket t;
  t.id = TicketId{parts_.random.array<16>()};
  t.kind = o.kind;
  t.case_id = own->record.id;
  t.organisation = o.caller.organisation;
  t.matter = own->record.matter;
  t.matter_version = own->matter->version;
  t.material = m.code;
  t.applicant = own->record.applicant;
  t.opened = now;
  t.due = schemas::end_of_term(today, deferral ? m.deferral->term : m.commitment->check,
                               *parts_.special_days);
  if (!deferral) {
    const auto signing = sign(o, t, facts);
    if (!signing.ok()) return no(signing.error());
    t.signing = *signing;
  }
  ledger::Change change;
  write_ticket(t, change);
  auto act = LH_TRY(
      make_act({parts_.entries, parts_.random, now, o.raw}, std::move(facts), std::move(change),
               Undisclosed<std::string>(own->permit, ticket_text(t, o.policy, today))));
  act.http_status = 201;
  act.recipe = "T" + Bytes(view(t.id.value));
  return access::Prepared(std::move(act));
}

Result<access::Prepared> TicketOffice::defer(const CaseId& id, const DeferralRequest& request,
                                             ByteView raw, const access::Caller& caller,
                                             const access::Policy& policy) const {
  return open(
      {id, TicketKind::kDeferral, request.material, nullptr, request.officer, raw, caller, policy});
}

Result<access::Prepared> TicketOffice::commit(const CaseId& id, const CommitmentRequest& request,
                                              ByteView raw, const access::Caller& caller,
                                              const access::Policy& policy) const {
  return open({id, TicketKind::kCommitment, request.material, &request, request.officer, raw,
               caller, policy});
}

Result<access::Prepared> TicketOffice::list(const TicketQuery& query, ByteView raw,
                                            const access::Caller& caller,
                                            const access::Policy& policy) const {
  const UtcTime now = parts_.clock.now();
  const LocalDate today = local_date(now);
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kTicketsRead, caller, policy);
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kPlan, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return access::Prepared(refuse(Error(refusal->decision->reason), std::move(facts)));
  }
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  const auto page = LH_TRY(
      tickets_of(parts_.licences.store(), caller.organisation, query.from, query.limit, permit));
  schemas::Json list = schemas::Json::array();
  for (const Ticket& t : page.tickets) {
    const Card card = card_of(t, today, yellow_before(material_of(t, policy, today)));
    const bool wanted = (!query.state || *query.state == t.state) &&
                        (!query.kind || *query.kind == t.kind) &&
                        (!query.card || *query.card == card);
    if (wanted) list.push(ticket_json(t, policy, today));
  }
  facts.count = page.tickets.size();
  schemas::Json j = schemas::Json::object();
  j.set("tickets", std::move(list));
  if (!page.next.empty()) j.set("next_cursor", to_hex(page.next));
  return access::Prepared(
      LH_TRY(make_act({parts_.entries, parts_.random, now, raw}, std::move(facts), {},
                      Undisclosed<std::string>(permit, schemas::to_text(j)))));
}

Result<access::Prepared> TicketOffice::replay(ByteView recipe, const access::Caller& caller,
                                              const access::Policy& policy) const {
  const UtcTime now = parts_.clock.now();
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kTicketsRead, caller, policy);
  facts.purpose = "replay";
  const auto no = [&facts](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(facts)));
  };
  if (recipe.size() != 17) return Error(Reason::kStoreCorrupt, "recipe");
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kPlan, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return no(Error(refusal->decision->reason));
  }
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  const TicketId id{LH_TRY(to_array<16>(recipe.substr(1)))};
  const auto ticket = LH_TRY(find_ticket(parts_.licences.store(), id, permit));
  if (!ticket || ticket->organisation != caller.organisation) {
    return no(Error(Reason::kDeferralUnknown));
  }
  return access::Prepared(LH_TRY(
      make_act({parts_.entries, parts_.random, now, recipe}, std::move(facts), {},
               Undisclosed<std::string>(permit, ticket_text(*ticket, policy, local_date(now))))));
}

}  // namespace lh::hub::exchange
