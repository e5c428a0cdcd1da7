#include "hub/exchange/plan/plan_maker.h"

#include <algorithm>

#include "hub/access/decision_memo.h"
#include "hub/access/definitions/checks.h"
#include "hub/exchange/acts/case_people.h"
#include "hub/exchange/plan/plan_memory.h"
#include "hub/exchange/rights/consent_use.h"
#include "hub/exchange/sharing/grant_rules.h"
#include "hub/exchange/tickets/ticket.h"

namespace lh::hub::exchange {
namespace {

enum class Present : std::uint8_t { kYes, kNo };

struct Asked {
  std::string object;  // licence type or base-data kind; empty when the catalogue lacks it
  std::vector<std::string> fields;
};

Asked asked_of(const schemas::Material& m, const access::Policy& policy, LocalDate today) {
  if (m.source == "licence" && m.licence_type) {
    // 多证合一: a type that was merged is asked for as the one that stands for it.
    const auto* type = policy.find_type(policy.resolve_type(m.licence_type->text(), today), today);
    if (type != nullptr) return {type->code.text(), field_names(type->fields)};
  }
  if (m.source == "base_data") {
    const auto* kind = policy.find_base_kind(m.base_kind);
    if (kind != nullptr) return {kind->id, field_names(kind->fields)};
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

struct Wanted {
  const schemas::Material& material;
  std::string type;  // after mergers
  SubjectNo subject;
};

Status look_for_licence(const ExchangeParts& parts, const PlanQuestion& q, const Wanted& wanted,
                        Looked& out) {
  const schemas::Material& m = wanted.material;
  const auto held =
      LH_TRY(parts.licences.find_holding(wanted.subject, wanted.type, q.now, q.permit));
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
Result<Looked> look(const ExchangeParts& parts, const PlanQuestion& q, const schemas::Material& m,
                    const access::Decision& decision) {
  Looked out;
  const LocalDate today = local_date(q.now);
  out.facts = catalogue_facts(m, q.policy, today);
  const bool values = decision.allowed() && decision.mode == schemas::RuleMode::kValues;
  out.facts.set(Fact::kRuleValues, values);
  out.facts.set(Fact::kRuleYesNo, decision.allowed() && !values);
  out.facts.set(Fact::kConsentWouldDo, decision.reason == Reason::kConsentMissing);
  const auto subject = subject_of(q.record, m.subject);
  out.facts.set(Fact::kSubjectNamed, subject.has_value());
  const bool demanded = out.facts.has(Fact::kLegalBasis) && !m.issued_by_asker &&
                        !out.facts.has(Fact::kProofAbolished);
  if (!decision.allowed() || !subject || !demanded) return out;
  out.target.subject = *subject;
  if (m.source == "licence") {
    const std::string type = q.policy.resolve_type(m.licence_type->text(), today);
    LH_TRY(look_for_licence(parts, q, {m, type, *subject}, out));
    if (values) LH_TRY(look_for_source(parts, q, type, *subject, out));
  } else {
    LH_TRY(look_for_base_data(parts, q, m.base_kind, *subject, out));
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
Result<access::Decision> decide_access(const ExchangeParts& parts, const PlanQuestion& q,
                                       const schemas::Material& m, LocalDate today) {
  const Asked asked = asked_of(m, q.policy, today);
  if (asked.object.empty()) return access::Decision{};
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

Status add_item(const ExchangeParts& parts, const PlanQuestion& q, const schemas::Material& m,
                const std::vector<Ticket>& tickets, MadePlan& out) {
  const LocalDate today = local_date(q.now);
  const access::Decision decision = LH_TRY(decide_access(parts, q, m, today));
  Looked looked = LH_TRY(look(parts, q, m, decision));
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

void take_decision(audit::EntryFacts& facts, const access::Decision& decision) {
  facts.rule = decision.rule;
  facts.rule_version = decision.rule_version;
  facts.legal_basis = decision.legal_basis;
  facts.policy_epoch = decision.policy_epoch;
  facts.box_a.fields = decision.fields;
}

std::vector<std::string> field_names(const std::vector<schemas::FieldDefinition>& fields) {
  std::vector<std::string> out;
  out.reserve(fields.size());
  for (const auto& f : fields) out.push_back(f.name);
  return out;
}

Registered registered_for(const access::Caller& caller, std::string_view matter,
                          const access::Policy& policy, LocalDate today) {
  const auto rules = policy.rules();  // by id and version
  const auto replaced = [&rules, today](std::size_t i) {
    for (std::size_t j = i + 1; j < rules.size() && rules[j]->id == rules[i]->id; ++j) {
      if (rules[j]->effective.covers(today)) return true;
    }
    return false;
  };
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto* rule = rules[i];
    const auto& callers = rule->callers;
    const auto named = [&callers](std::string_view who) {
      return std::find(callers.begin(), callers.end(), who) != callers.end();
    };
    const bool of_caller = named("*") || named(caller.organisation.text());
    const bool of_matter = rule->matter == matter || rule->matter == "*";
    if (of_caller && of_matter && rule->effect == schemas::RuleEffect::kAllow &&
        rule->effective.covers(today) && !replaced(i)) {
      return Registered::kYes;
    }
  }
  return Registered::kNo;
}

Reason explained(const access::Decision& decision, const access::Caller& caller,
                 std::string_view matter, const access::Policy& policy, LocalDate today) {
  if (decision.reason != Reason::kRuleNone) return decision.reason;
  return registered_for(caller, matter, policy, today) == Registered::kNo
             ? Reason::kPurposeNotRegistered
             : Reason::kRuleNone;
}

Reason explained(const access::Decision& decision, const access::Question& question,
                 const access::Policy& policy) {
  if (grant_ended(decision, question, policy) == GrantEnded::kYes) return Reason::kGrantEnded;
  return explained(decision, question.caller, question.matter, policy, question.at);
}

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
  out.plan.items.reserve(question.matter.materials.size());
  for (const auto& material : question.matter.materials) {
    LH_TRY(add_item(parts, question, material, tickets, out));
  }
  LH_TRY(remember_plan(parts.licences.store(), question.record.id, out));
  return out;
}

}  // namespace lh::hub::exchange
