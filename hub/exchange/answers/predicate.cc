// POST /v1/predicates: is it so? Yes, no or cannot tell, signed by the hub, without the value
// (docs/walks/predicate.md).
#include <algorithm>

#include "hub/exchange/acts/answers.h"
#include "hub/exchange/answers/answer_desk.h"
#include "hub/exchange/answers/finding.h"
#include "hub/exchange/answers/question_count.h"
#include "hub/exchange/answers/statement.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/exchange/rights/consent_use.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using schemas::Json;

Json question_json(const AskedQuestion& q) {
  Json j = Json::object();
  j.set("ask", ask_text(q.ask));
  if (!q.field.empty()) j.set("field", q.field);
  if (!q.value.empty()) j.set("value", q.value.reveal());
  if (!q.other_material.empty()) {
    j.set("other", Json::object().set("material", q.other_material).set("field", q.other_field));
  }
  return j;
}

// What is signed: which question by digest, the answer, and on what grounds. No value of anybody.
Json payload_of(const Inquiry& a, const Finding& f, const access::Decision& decision,
                const std::string& digest) {
  Json asked = Json::object();
  asked.set("ask", ask_text(a.question.ask));
  if (!a.question.field.empty()) asked.set("field", a.question.field);
  Json j = Json::object();
  j.set("iss", a.parts.public_url + "/predicates");
  j.set("aud", a.use.caller.organisation.text());
  j.set("iat", a.use.now.ms / 1000);
  j.set("as_of", time_text(a.use.now));
  j.set("case_id", a.material.record.id.text());
  j.set("matter", a.material.record.matter);
  j.set("material", a.material.material->code);
  j.set("object", a.material.object);
  j.set("asked", std::move(asked));
  j.set("question_digest", digest);
  j.set("answer", f.answer);
  if (!f.because.empty()) j.set("because", f.because);
  j.set("rule", Json::object().set("id", decision.rule).set("version", decision.rule_version));
  return j;
}

Result<std::string> answer_text(const Inquiry& a, const Finding& f,
                                const access::Decision& decision) {
  const auto disclosed = disclose_question(question_json(a.question), a.parts.random);
  const Json payload = payload_of(a, f, decision, disclosed.digest);
  const std::string statement = LH_TRY(state(a.parts.attester, "predicate+jwt", payload));
  Json j = Json::object();
  j.set("answer", f.answer);
  if (!f.because.empty()) j.set("because", f.because);
  for (const char* name : {"as_of", "case_id", "material", "object", "asked", "rule"}) {
    j.set(name, *payload.find(name));
  }
  if (f.verdicts) j.set("verdicts", licences::verdicts_json(*f.verdicts));
  j.set("statement", statement).set("disclosure", disclosed.text);
  return schemas::to_text(j);
}

access::Question gate_question(const MaterialUse& use, const CaseMaterial& material,
                               const std::string& field, const ConsentUse& consent) {
  access::Question q{access::Operation::kFetch, use.caller,
                     material.record.matter,    material.object,
                     *material.fields,          {},
                     local_date(use.now),       consent.covers(material.subject, material.object)};
  if (!field.empty()) q.asked = {&field, 1};
  return q;
}

Reason why_not(const access::Decision& decision, const access::Question& question,
               const access::Policy& policy) {
  if (decision.allowed()) return Reason::kRuleField;  // it may be verified, and no more
  return explained(decision, question, policy);
}

// What the question is about, and what the holder of one of them allowed.
struct Asked {
  CaseMaterial material;
  std::optional<CaseMaterial> other;  // same_person
  ConsentUse consent = {};
};

Result<Asked> find_asked(const ExchangeParts& parts, const MaterialUse& use,
                         const PredicateRequest& request, audit::EntryFacts& facts) {
  const AskedQuestion& question = request.question;
  Asked out{LH_TRY(find_material(parts, use, request.material, facts)), {}};
  LH_TRY(check_question(question, *out.material.fields));
  std::vector<Presented> candidates = {presented_for(use, out.material)};
  if (question.ask == Ask::kSamePerson) {
    out.other = LH_TRY(material_of(use, out.material.record, question.other_material));
    if (definition_of(*out.other->fields, question.other_field) == nullptr) {
      return Error(Reason::kPredicateUnknown, "question.other.field");
    }
    candidates.push_back(presented_for(use, *out.other));
  }
  out.consent =
      LH_TRY(present_consent_for_any(consent_parts(parts), use.purpose.consent, candidates, facts));
  return out;
}

// The gate for the one field in question. Only a rule that shares values or answers will do.
Result<access::Admission> admit(const ExchangeParts& parts, const MaterialUse& use,
                                const Asked& asked, const AskedQuestion& question,
                                audit::EntryFacts& facts) {
  const auto q = gate_question(use, asked.material, question.field, asked.consent);
  auto admitted = parts.gate.admit(q, use.policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    take_decision(facts, refusal->decision);
    return Error(why_not(*refusal->decision, q, use.policy));
  }
  auto& admission = std::get<access::Admission>(admitted);
  take_decision(facts, admission.decision);
  // No field leaves: what was asked, and about which one.
  facts.box_a.fields = std::vector{std::string(ask_text(question.ask)) + " " + question.field};
  if (admission.decision->mode == schemas::RuleMode::kVerifyOnly) return Error(Reason::kRuleField);
  return std::move(admission);
}

// The other side of same_person passes a gate of its own.
Status admit_other(const ExchangeParts& parts, const MaterialUse& use, const Asked& asked,
                   const AskedQuestion& question, audit::EntryFacts& facts) {
  if (!asked.other) return ok_status();
  const auto q = gate_question(use, *asked.other, question.other_field, asked.consent);
  const auto decision = use.policy.memo().decide(q, use.policy);
  if (!decision->allowed() || decision->mode == schemas::RuleMode::kVerifyOnly) {
    take_decision(facts, decision);
    return Error(why_not(*decision, q, use.policy));
  }
  if (asked.other->subject) name_subject(facts, parts.directory, *asked.other->subject);
  return ok_status();
}

}  // namespace

Result<PredicateRequest> predicate_from_json(const schemas::Json& j) {
  auto r = LH_TRY(schemas::ObjectReader::open(j, "predicate"));
  PredicateRequest out;
  out.material = LH_TRY(read_material_name(r));
  out.purpose = LH_TRY(schemas::purpose_from_json(*LH_TRY(r.object("purpose")), r.path("purpose")));
  out.question = LH_TRY(question_from_json(*LH_TRY(r.object("question")), r.path("question")));
  LH_TRY(r.finish());
  return out;
}

Result<access::Act> AnswerDesk::answer_predicate(const PredicateRequest& request, ByteView raw,
                                                 const MaterialUse& use,
                                                 audit::EntryFacts& facts) const {
  const AskedQuestion& question = request.question;
  if (use.caller.roles.contains(access::Role::kTerminal)) return Error(Reason::kTerminalOnly);
  Asked asked = LH_TRY(find_asked(parts_, use, request, facts));
  CaseMaterial& material = asked.material;
  auto admission = LH_TRY(admit(parts_, use, asked, question, facts));
  LH_TRY(admit_other(parts_, use, asked, question, facts));
  ledger::Change change;
  if (!question.field.empty()) {
    LH_TRY(count_question(parts_, {material.record.id, material.material->code}, question, change));
  }
  const Inquiry asking{parts_, question, use, material, asked.other, admission.permit};
  Finding found = LH_TRY(find_out(asking));
  if (found.verdicts) {
    found.verdicts->authorisation = licences::Verdict{pki::Verdict::kValid, Reason::kVerdictGood,
                                                      rule_evidence(*admission.decision), use.now};
  }
  auto text = LH_TRY(answer_text(asking, found, *admission.decision));
  licences::say_personal(facts, request.purpose.cause);
  if (material.reference) LH_TRY(parts_.references.count_use(*material.reference, change));
  auto act = LH_TRY(
      licences::make_act({parts_.entries, parts_.random, use.now, raw}, facts, std::move(change),
                         Undisclosed<std::string>(admission.permit, std::move(text))));
  LH_TRY(settle_consent(consent_parts(parts_), asked.consent, facts, act.change));
  return act;
}

Result<access::Prepared> AnswerDesk::predicate(const PredicateRequest& request, ByteView raw,
                                               const access::Caller& caller,
                                               const access::Policy& policy) const {
  const MaterialUse use{caller, policy, request.purpose, parts_.clock.now()};
  auto facts = facts_of_use(parts_, schemas::AuditEvent::kPredicateAnswered, use);
  auto act = answer_predicate(request, raw, use, facts);
  if (!act.ok()) return access::Prepared(licences::refuse(act.error(), std::move(facts)));
  return access::Prepared(std::move(*act));
}

}  // namespace lh::hub::exchange
