#include "hub/exchange/acts/plan_maker.h"

#include <algorithm>

#include "hub/exchange/acts/case_people.h"

namespace lh::hub::exchange {
namespace {

enum class Present : std::uint8_t { kYes, kNo };

std::optional<SubjectNo> subject_of(const CaseRecord& record, const std::string& role) {
  if (role == "applicant") return record.applicant;
  for (const auto& [known, no] : record.related) {
    if (known == role) return no;
  }
  return std::nullopt;
}

struct Asked {
  std::string object;  // licence type or base-data kind; empty when the catalogue lacks it
  std::vector<std::string> fields;
};

Asked asked_of(const schemas::Material& m, const access::Policy& policy, LocalDate today) {
  if (m.source == "licence" && m.licence_type) {
    const auto* type = policy.find_type(m.licence_type->text(), today);
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
  MaterialFacts facts;
  std::string licence_status;
  ReferenceTarget target;
  std::optional<PlanSource> source;
};

Result<std::optional<IdScheme>> scheme_of(const ExchangeParts& parts, const PlanQuestion& q,
                                          SubjectNo subject) {
  for (const auto& [no, scheme] : q.named) {
    if (no == subject) return std::optional<IdScheme>(scheme);
  }
  return find_scheme(parts.licences.store(), q.record.id, subject, q.permit);
}

// What the hub does not hold in force may be had from the department's own system.
Status look_for_source(const ExchangeParts& parts, const PlanQuestion& q, const std::string& type,
                       SubjectNo subject, Looked& out) {
  if (parts.obtainer == nullptr || (out.facts.held && out.facts.held_valid)) return ok_status();
  const auto scheme = LH_TRY(scheme_of(parts, q, subject));
  if (!scheme) return ok_status();
  const auto offer = parts.obtainer->find(type, *scheme);
  if (!offer) return ok_status();
  out.facts.obtainable = true;
  out.target = ReferenceTarget{};
  out.target.subject = subject;
  out.target.adapter = offer->adapter;
  out.target.type = type;
  out.target.scheme = *scheme;
  out.source = PlanSource{offer->adapter, offer->organisation.text(), offer->organisation_name,
                          offer->last_answer ? time_text(*offer->last_answer) : std::string()};
  return ok_status();
}

Status look_for_licence(const ExchangeParts& parts, const PlanQuestion& q, const std::string& type,
                        SubjectNo subject, Looked& out) {
  const auto held = LH_TRY(parts.licences.find_holding(subject, type, q.now, q.permit));
  if (!held) return ok_status();
  out.facts.held = true;
  out.facts.held_valid = held->status.status == schemas::LicenceStatus::kValid;
  out.licence_status = schemas::status_text(held->status.status);
  out.target.licence = held->head.key;
  out.target.licence_version = held->version;
  out.target.document = licences::find_version(held->head, held->version)->document;
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
  out.facts.held = there == Present::kYes;
  out.facts.held_valid = out.facts.held;  // base data is as it is; it does not expire
  out.target.base_kind = kind;
  return ok_status();
}

Result<Looked> look(const ExchangeParts& parts, const PlanQuestion& q, const schemas::Material& m,
                    const access::Decision& decision) {
  Looked out;
  out.facts.rule_allows = decision.allowed() && decision.mode == schemas::RuleMode::kValues;
  const auto subject = subject_of(q.record, m.subject);
  out.facts.subject_known = subject.has_value();
  if (!out.facts.rule_allows || !subject) return out;  // nobody looks without a right
  out.target.subject = *subject;
  if (m.source == "licence") {
    LH_TRY(look_for_licence(parts, q, m.licence_type->text(), *subject, out));
    LH_TRY(look_for_source(parts, q, m.licence_type->text(), *subject, out));
  } else {
    LH_TRY(look_for_base_data(parts, q, m.base_kind, *subject, out));
  }
  return out;
}

Status add_reference(const ExchangeParts& parts, const PlanQuestion& q, Looked looked,
                     const access::Decision& decision, MadePlan& out) {
  PlanItem& item = out.plan.items.back();
  ReferenceTarget& t = looked.target;
  t.caller = q.caller.system;
  t.case_id = q.record.id;
  t.case_number_tag = q.record.number_tag;
  t.matter = q.record.matter;
  t.material = item.material;
  t.rule = decision.rule;
  t.rule_version = decision.rule_version;
  t.expires = q.now.plus_ms(parts.reference_life_ms);
  auto made = LH_TRY(parts.references.make(t, parts.random));
  item.reference = std::move(made.token);
  item.fields = decision.fields;
  out.references.push_back(std::move(made.row));
  return ok_status();
}

Status add_item(const ExchangeParts& parts, const PlanQuestion& q, const schemas::Material& m,
                MadePlan& out) {
  PlanItem item;
  item.material = m.code;
  item.names = m.names;
  item.legal_basis = m.legal_basis;
  const LocalDate today = local_date(q.now);
  const Asked asked = asked_of(m, q.policy, today);
  access::Decision decision;
  Looked looked;
  if (!asked.object.empty()) {
    decision = access::decide({access::Operation::kFetch,
                               q.caller,
                               q.record.matter,
                               asked.object,
                               asked.fields,
                               {},
                               today,
                               false},
                              q.policy);
    looked = LH_TRY(look(parts, q, m, decision));
  }
  const MaterialDecision said = decide_material(m, looked.facts);
  item.state = said.state;
  item.because = said.because;
  const bool fetchable =
      said.state == MaterialState::kHeld || said.state == MaterialState::kObtainable;
  const bool of_rules = fetchable || said.because == "plan.no_rule";
  if (of_rules) item.rule = decision.rule;
  if (looked.facts.held) item.licence_status = looked.licence_status;
  item.source = looked.source;
  out.plan.items.push_back(std::move(item));
  if (fetchable) {
    LH_TRY(add_reference(parts, q, std::move(looked), decision, out));
  }
  return ok_status();
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
  for (const auto* rule : policy.rules()) {
    const auto& callers = rule->callers;
    const auto named = [&callers](std::string_view who) {
      return std::find(callers.begin(), callers.end(), who) != callers.end();
    };
    const bool of_caller = named("*") || named(caller.organisation.text());
    const bool of_matter = rule->matter == matter || rule->matter == "*";
    if (of_caller && of_matter && rule->effect == schemas::RuleEffect::kAllow &&
        rule->effective.covers(today)) {
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

Result<MadePlan> make_plan(const ExchangeParts& parts, const PlanQuestion& question) {
  MadePlan out;
  out.plan.case_id = question.record.id.text();
  out.plan.matter = question.record.matter;
  for (const auto& material : question.matter.materials) {
    LH_TRY(add_item(parts, question, material, out));
  }
  return out;
}

}  // namespace lh::hub::exchange
