#include "hub/exchange/plan/plan_maker.h"

#include <algorithm>

#include "hub/access/decision_memo.h"
#include "hub/access/definitions/checks.h"
#include "hub/exchange/acts/case_people.h"
#include "hub/exchange/plan/plan_memory.h"
#include "hub/exchange/rights/consent_use.h"
#include "hub/exchange/tickets/ticket.h"
#include "hub/licences/holdings.h"

namespace lh::hub::exchange {
namespace {

enum class Present : std::uint8_t { kYes, kNo };

struct Asked {
  std::string_view object;  // licence type or base-data kind; empty when the catalogue lacks it
  std::span<const schemas::FieldDefinition> fields;
};

Asked asked_of(const schemas::Material& m, const access::Policy& policy, LocalDate today) {
  if (m.source == "licence" && m.licence_type) {
    // 多证合一: a type that was merged is asked for as the one that stands for it.
    const auto* type = policy.find_type(policy.resolve_type(m.licence_type->text(), today), today);
    if (type != nullptr) return {type->code.text(), type->fields};
  }
  if (m.source == "base_data") {
    const auto* kind = policy.find_base_kind(m.base_kind);
    if (kind != nullptr) return {kind->id, kind->fields};
  }
  return {};
}

// What the hub knows about one material, and what a reference to it would stand for.
struct Looked {
  Facts facts;
  std::string licence_status, trust;
  ReferenceTarget target;
  std::optional<PlanSource> source;
  bool usable() const {
    return facts.has(Fact::kHeld) && facts.has(Fact::kValid) && facts.has(Fact::kFresh) &&
           facts.has(Fact::kTrusted);
  }
};

Result<std::optional<IdScheme>> scheme_of(const ExchangeParts& parts, const PlanQuestion& q,
                                          SubjectNo subject) {
  for (const auto& [no, scheme] : q.named) {
    if (no == subject) return std::optional<IdScheme>(scheme);
  }
  return find_scheme(parts.licences.store(), q.record.id, subject, q.permit);
}

// What the hub does not hold as it is needed may be had from the department's own system.
Status look_for_source(const ExchangeParts& parts, const PlanQuestion& q, const std::string& type,
                       SubjectNo subject, Looked& out) {
  if (parts.obtainer == nullptr || out.usable()) return ok_status();
  const auto scheme = LH_TRY(scheme_of(parts, q, subject));
  if (!scheme) return ok_status();
  const auto offer = parts.obtainer->find(type, *scheme);
  if (!offer) return ok_status();
  out.facts.set(Fact::kObtainable);
  out.target = ReferenceTarget{};
  out.target.subject = subject;
  out.target.adapter = offer->adapter;
  out.target.type = type;
  out.target.scheme = *scheme;
  out.source = PlanSource{offer->adapter, offer->organisation.text(), offer->organisation_name,
                          offer->last_answer ? time_text(*offer->last_answer) : std::string()};
  return ok_status();
}

// One material on its way to its state.
struct Step {
  const schemas::Material& material;
  access::DecisionPtr decision;
  std::optional<SubjectNo> subject;
  Facts facts;            // of the catalogue
  std::string type = {};  // of a licence to look for, after mergers
  bool values() const {
    return decision->allowed() && decision->mode == schemas::RuleMode::kValues;
  }
};

Status look_for_licence(const PlanQuestion& q, const Step& step, const licences::Holdings& holdings,
                        Looked& out) {
  const schemas::Material& m = step.material;
  const auto held = LH_TRY(holdings.find(*step.subject, step.type, q.now));
  if (!held) return ok_status();
  const auto* version = licences::find_version(held->head, held->version);
  const schemas::Trust trust = held->head.attestation == licences::Attestation::kIssuerSigned
                                   ? schemas::Trust::kIssuerSigned
                                   : schemas::Trust::kCollected;
  const LocalDate today = local_date(q.now);
  out.facts.set(Fact::kHeld);
  out.facts.set(Fact::kValid, held->status.status == schemas::LicenceStatus::kValid);
  out.facts.set(Fact::kFresh,
                !m.max_age_days || (version->valid_from &&
                                    version->valid_from->plus_days(*m.max_age_days) >= today));
  out.facts.set(Fact::kTrusted, !m.trust || trust >= *m.trust);
  out.licence_status = schemas::status_text(held->status.status);
  out.trust = schemas::trust_text(trust);
  out.target.licence = held->head.key;
  out.target.licence_version = held->version;
  out.target.document = version->document;
  return ok_status();
}

Status look_for_base_data(const ExchangeParts& parts, const PlanQuestion& q,
                          const std::string& kind, SubjectNo subject, Looked& out) {
  auto key = parts.directory.get(subject);
  if (!key.ok()) {  // registered by this very change, or erased: nothing is held
    const Reason why = key.error().reason();
    if (why == Reason::kSubjectUnknown || why == Reason::kKeyErased) return ok_status();
    return key.error();
  }
  const auto record = LH_TRY(parts.base_data.read(*key, kind, q.permit));
  const Present there = record.decide([](const std::optional<subjects::BaseRecord>& r) {
    return r ? Present::kYes : Present::kNo;
  });
  // Base data is as it is: it does not expire, and the department in charge keeps it.
  for (const Fact f : {Fact::kHeld, Fact::kValid, Fact::kFresh, Fact::kTrusted}) {
    out.facts.set(f, there == Present::kYes);
  }
  out.target.base_kind = kind;
  return ok_status();
}

Facts catalogue_facts(const schemas::Material& m, const access::Policy& policy, LocalDate today) {
  Facts out;
  const bool listed = m.proof.empty() || access::proof_state(policy, m.proof, today).standing ==
                                             access::ProofStanding::kRetained;
  out.set(Fact::kProofAbolished, !listed);
  out.set(Fact::kLegalBasis, !m.legal_basis.empty());
  out.set(Fact::kIssuedByAsker, m.issued_by_asker);
  out.set(Fact::kDocumentOnly, m.source != "licence" && m.source != "base_data");
  out.set(Fact::kYesNoSuffices, m.yes_no_suffices);
  out.set(Fact::kCommitmentOffered, m.commitment.has_value());
  out.set(Fact::kDeferralOffered, m.deferral.has_value());
  return out;
}

// Nobody looks for what is held without a right, nor for what nobody may demand.
bool may_look(const Step& step) {
  const Facts facts = step.facts;
  const bool demanded = facts.has(Fact::kLegalBasis) && !step.material.issued_by_asker &&
                        !facts.has(Fact::kProofAbolished);
  return step.decision->allowed() && step.subject && demanded;
}

Result<Looked> look(const ExchangeParts& parts, const PlanQuestion& q, const Step& step,
                    const licences::Holdings& holdings) {
  Looked out;
  const access::Decision& decision = *step.decision;
  out.facts = step.facts;
  out.facts.set(Fact::kRuleValues, step.values());
  out.facts.set(Fact::kRuleYesNo, decision.allowed() && !step.values());
  out.facts.set(Fact::kConsentWouldDo, decision.reason == Reason::kConsentMissing);
  out.facts.set(Fact::kSubjectNamed, step.subject.has_value());
  if (!may_look(step)) return out;
  out.target.subject = *step.subject;
  if (step.material.source == "licence") {
    LH_TRY(look_for_licence(q, step, holdings, out));
    if (step.values()) LH_TRY(look_for_source(parts, q, step.type, *step.subject, out));
  } else {
    LH_TRY(look_for_base_data(parts, q, step.material.base_kind, *step.subject, out));
  }
  return out;
}

// What the applicant owes already: of this material, and at all.
void take_tickets(const PlanQuestion& q, const std::vector<Ticket>& tickets, PlanItem& item) {
  const LocalDate today = local_date(q.now);
  for (const Ticket& t : tickets) {
    const bool missed = is_missed(t, today);
    if (missed) item.facts.set(Fact::kDeferralMissed);
    if (is_breach(t, today)) item.facts.set(Fact::kBreach);
    if (t.case_id != q.record.id || t.material != item.material->code || missed) continue;
    const bool open = t.state == TicketState::kOpen;
    const bool kept = t.kind == TicketKind::kCommitment && t.state == TicketState::kMet;
    if (!open && !kept) continue;
    item.facts.set(t.kind == TicketKind::kDeferral ? Fact::kDeferralOpen : Fact::kCommitmentSigned);
    item.ticket = t.id.text();
    item.due = t.due;
  }
}

void set_due(const ExchangeParts& parts, LocalDate today, PlanItem& item) {
  if (item.due) return;
  const auto& m = *item.material;
  const bool later = item.decision.state == MaterialState::kDeferrable && m.deferral;
  const bool promised = item.decision.state == MaterialState::kCommitment && m.commitment;
  if (later) item.due = schemas::end_of_term(today, m.deferral->term, *parts.special_days);
  if (promised) item.due = schemas::end_of_term(today, m.commitment->check, *parts.special_days);
}

Status add_reference(const ExchangeParts& parts, const PlanQuestion& q, ReferenceTarget target,
                     const access::Decision& decision, MadePlan& out) {
  PlanItem& item = out.plan.items.back();
  target.caller = q.caller.system;
  target.case_id = q.record.id;
  target.case_number_tag = q.record.number_tag;
  target.matter = q.record.matter;
  target.material = item.material->code;
  target.rule = decision.rule;
  target.rule_version = decision.rule_version;
  target.expires = q.now.plus_ms(parts.reference_life_ms);
  auto made = LH_TRY(parts.references.make(target, parts.random));
  item.reference = std::move(made.token);
  item.fields = decision.fields;
  out.references.push_back(std::move(made.row));
  return ok_status();
}

// Nobody asks the rules about what has no object. A consent the holder has on record counts.
Result<access::DecisionPtr> decide_access(const ExchangeParts& parts, const PlanQuestion& q,
                                          const schemas::Material& m, LocalDate today) {
  const Asked asked = asked_of(m, q.policy, today);
  if (asked.object.empty()) return std::make_shared<const access::Decision>();
  return decide_with_record(parts,
                            {access::Operation::kFetch,
                             q.caller,
                             q.record.matter,
                             asked.object,
                             asked.fields,
                             {},
                             today,
                             false},
                            subject_of(q.record, m.subject), q.policy);
}

// What every material is decided by, and whose licences of which types will be looked for.
struct Preparation {
  std::vector<Step> steps;
  std::vector<licences::WantedType> wanted;
};

Result<Preparation> prepare(const ExchangeParts& parts, const PlanQuestion& q) {
  const LocalDate today = local_date(q.now);
  Preparation out;
  out.steps.reserve(q.matter.materials.size());
  for (const auto& m : q.matter.materials) {
    Step& step = out.steps.emplace_back(Step{m, LH_TRY(decide_access(parts, q, m, today)),
                                             subject_of(q.record, m.subject),
                                             catalogue_facts(m, q.policy, today)});
    if (m.source != "licence" || !may_look(step)) continue;
    step.type = q.policy.resolve_type(m.licence_type->text(), today);
    out.wanted.emplace_back(*step.subject, step.type);
  }
  return out;
}

// What all materials of a plan are made from.
struct Making {
  const ExchangeParts& parts;
  const PlanQuestion& q;
  const licences::Holdings& holdings;
  const std::vector<Ticket>& tickets;
};

Status add_item(const Making& making, const Step& step, MadePlan& out) {
  const auto& [parts, q, holdings, tickets] = making;
  const LocalDate today = local_date(q.now);
  const schemas::Material& m = step.material;
  const access::Decision& decision = *step.decision;
  Looked looked = LH_TRY(look(parts, q, step, holdings));
  PlanItem item;
  item.material = &m;
  item.facts = looked.facts;
  if (m.commitment || m.deferral) take_tickets(q, tickets, item);
  item.decision = parts.plan_rules->decide(item.facts);
  item.would_change = parts.plan_rules->would_change(item.facts);
  const MaterialState state = item.decision.state;
  const bool by_reference = state == MaterialState::kHeld || state == MaterialState::kObtainable ||
                            state == MaterialState::kVerifiable;
  const bool of_rules = by_reference || item.decision.rule->id == "plan.no_rule" ||
                        item.decision.rule->id == "plan.consent_needed";
  if (of_rules) item.sharing_rule = decision.rule;
  if (looked.facts.has(Fact::kHeld)) {
    item.licence_status = looked.licence_status;
    item.trust = looked.trust;
  }
  item.source = looked.source;
  set_due(parts, today, item);
  out.plan.items.push_back(std::move(item));
  return by_reference ? add_reference(parts, q, std::move(looked.target), decision, out)
                      : ok_status();
}

// Only where a ticket could make a difference.
Result<std::vector<Ticket>> owed(const ExchangeParts& parts, const PlanQuestion& q) {
  const auto& materials = q.matter.materials;
  const bool asked = std::any_of(materials.begin(), materials.end(),
                                 [](const auto& m) { return m.commitment || m.deferral; });
  if (!asked) return std::vector<Ticket>();
  return tickets_of(parts.licences.store(), q.record.applicant, q.permit);
}

}  // namespace

void take_rows(MadePlan& planned, ledger::Change& change) {
  for (auto* rows : {&planned.references, &planned.memory.rows}) {
    for (auto& row : *rows) change.rows.push_back(std::move(row));
  }
  for (auto& p : planned.memory.preconditions) change.preconditions.push_back(std::move(p));
}

Result<MadePlan> make_plan(const ExchangeParts& parts, const PlanQuestion& question) {
  MadePlan out;
  out.plan.case_id = question.record.id.text();
  out.plan.matter = question.record.matter;
  out.plan.matter_version = question.matter.version;
  out.plan.rules_version = parts.plan_rules->version();
  out.plan.made = question.now;
  const auto tickets = LH_TRY(owed(parts, question));
  const auto prepared = LH_TRY(prepare(parts, question));
  const auto holdings =
      LH_TRY(licences::Holdings::look(parts.licences, prepared.wanted, question.permit));
  out.plan.items.reserve(prepared.steps.size());
  for (const Step& step : prepared.steps) {
    LH_TRY(add_item({parts, question, holdings, tickets}, step, out));
  }
  LH_TRY(remember_plan(parts.licences.store(), question.record.id, out));
  return out;
}

}  // namespace lh::hub::exchange
