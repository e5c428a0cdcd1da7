// POST /v1/fetch. The checks, in this order, each with a reason of its own and an entry: reference,
// caller, case, purpose, expiry and uses, version, digest, rule (docs/walks/fetch.md).
#include <algorithm>

#include "hub/exchange/acts/answers.h"
#include "hub/exchange/acts/fetch_checks.h"
#include "hub/exchange/cases/case_feed.h"
#include "hub/exchange/people/base_answers.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/exchange/rights/consent_use.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {

using licences::facts_of;
using licences::make_act;
using licences::refuse;

struct Exchange::Reading {
  const schemas::FetchRequest& request;
  ByteView raw;
  const access::Caller& caller;
  const access::Policy& policy;
  UtcTime now;
  audit::EntryFacts facts;
  References::Found found;
};

namespace {

enum class Present : std::uint8_t { kYes, kNo };

access::Prepared refused(Error error, audit::EntryFacts facts) {
  return refuse(std::move(error), std::move(facts));
}

void name_subject(audit::EntryFacts& facts, const subjects::SubjectDirectory& directory,
                  SubjectNo no) {
  const auto key = directory.get(no);
  if (key.ok())
    ignore(name_family(facts, directory, *key, subjects::kKnownNow), "names whom it can");
}

}  // namespace

Status check_purpose(const ExchangeParts& parts, const ReferenceUse& use,
                     std::string_view number_tag, std::string_view matter) {
  const Tag number =
      case_number_tag(parts.directory, use.caller.organisation, use.purpose.case_number);
  if (to_hex(view(number)) != number_tag) {
    return Error(Reason::kReferencePurpose, "purpose.case_number");
  }
  if (use.purpose.matter != matter) {
    const bool registered = registered_for(use.caller, use.purpose.matter, use.policy,
                                           local_date(use.now)) == Registered::kYes;
    return Error(registered ? Reason::kReferencePurpose : Reason::kPurposeNotRegistered,
                 "purpose.matter");
  }
  if (use.purpose.legal_basis.empty() && use.purpose.consent.empty()) {
    return Error(Reason::kPurposeMissing);
  }
  return check_feed(parts.licences.store(), {use.caller, number, matter});
}

Status check_reference(const ExchangeParts& parts, const ReferenceUse& use,
                       const ReferenceTarget& target, audit::EntryFacts& facts) {
  facts.case_tag = case_tag(parts.directory, target.case_id);
  name_subject(facts, parts.directory, target.subject);
  if (target.caller != use.caller.system) return Error(Reason::kReferenceCaller);
  LH_TRY(check_purpose(parts, use, target.case_number_tag, target.matter));
  if (use.now > target.expires) return Error(Reason::kReferenceExpired);
  if (target.uses_left && *target.uses_left == 0) return Error(Reason::kReferenceUsedUp);
  return ok_status();
}

// Of a purpose that names one.
Result<ConsentUse> Exchange::consent_for(const ExchangeParts& parts, Reading& reading,
                                         const std::string& object) {
  const auto& token = reading.request.purpose.consent;
  if (token.empty()) return ConsentUse();
  const ReferenceTarget& target = reading.found.target;
  return present_consent(
      consent_parts(parts), token,
      {target.subject, {reading.caller.organisation, target.matter, object}, reading.now},
      reading.facts);
}

Result<access::Prepared> Exchange::fetch_licence(Reading reading) const {
  const ReferenceTarget& target = reading.found.target;
  const auto head = LH_TRY(parts_.licences.head(target.licence));
  reading.facts.subjects.clear();
  licences::name_licence(reading.facts, parts_.directory, head);
  if (licences::version_in_force(head, reading.now) != target.licence_version) {
    return refused(Error(Reason::kReferenceStale), std::move(reading.facts));
  }
  const auto* entry = licences::find_version(head, target.licence_version);
  if (entry->document != target.document) {
    return refused(Error(Reason::kReferenceDigest), std::move(reading.facts));
  }
  const LocalDate today = local_date(reading.now);
  const auto* type = reading.policy.find_type(head.type, today);
  if (type == nullptr) return refused(Error(Reason::kTypeUnknown), std::move(reading.facts));
  auto consent = consent_for(parts_, reading, head.type);
  if (!consent.ok()) return refused(consent.error(), std::move(reading.facts));
  const access::Question question{
      access::Operation::kFetch, reading.caller, target.matter,   head.type, type->fields,
      reading.request.fields,    today,          consent->given()};
  auto admitted = parts_.gate.admit(question, reading.policy);
  if (const auto* no = std::get_if<access::Refusal>(&admitted)) {
    const Reason why = explained(*no->decision, question, reading.policy);
    take_decision(reading.facts, no->decision);
    return refused(Error(why), std::move(reading.facts));
  }
  auto& admission = std::get<access::Admission>(admitted);
  take_decision(reading.facts, admission.decision);
  auto verdicts = LH_TRY(
      parts_.office.version_verdicts(head, target.licence_version, reading.now, UtcTime::max()));
  verdicts.authorisation = licences::Verdict{pki::Verdict::kValid, Reason::kVerdictGood,
                                             rule_evidence(*admission.decision), reading.now};
  licences::say_personal(reading.facts, entry->licence_id + "\n" + reading.request.purpose.cause);
  const FetchFrame frame{withheld_json(*admission.decision), verdicts_text(verdicts),
                         issued_json({entry->licence_id, head.type, entry->version,
                                      parts_.office.qr_payload(entry->licence_id)})};
  auto shown = LH_TRY(parts_.licences.present(head, target.licence_version,
                                              admission.decision->fields, admission.permit));
  auto answer = std::move(shown).map(
      [](licences::Presented&& p, const FetchFrame& f) { return fetch_answer(p, f); }, frame);
  ledger::Change change;
  LH_TRY(parts_.references.count_use(reading.found, change));
  auto of_consent = consent->given() ? reading.facts : audit::EntryFacts();
  auto act = LH_TRY(make_act({parts_.entries, parts_.random, reading.now, reading.raw},
                             std::move(reading.facts), std::move(change), std::move(answer)));
  LH_TRY(settle_consent(consent_parts(parts_), *consent, std::move(of_consent), act.change));
  return access::Prepared(std::move(act));
}

Result<access::Prepared> Exchange::fetch_base_data(Reading reading) const {
  const ReferenceTarget& target = reading.found.target;
  reading.facts.object = target.base_kind;
  const LocalDate today = local_date(reading.now);
  const auto* kind = reading.policy.find_base_kind(target.base_kind);
  if (kind == nullptr) return refused(Error(Reason::kTypeUnknown), std::move(reading.facts));
  auto consent = consent_for(parts_, reading, kind->id);
  if (!consent.ok()) return refused(consent.error(), std::move(reading.facts));
  const access::Question question{
      access::Operation::kFetch, reading.caller, target.matter,   kind->id, kind->fields,
      reading.request.fields,    today,          consent->given()};
  auto admitted = parts_.gate.admit(question, reading.policy);
  if (const auto* no = std::get_if<access::Refusal>(&admitted)) {
    const Reason why = explained(*no->decision, question, reading.policy);
    take_decision(reading.facts, no->decision);
    return refused(Error(why), std::move(reading.facts));
  }
  auto& admission = std::get<access::Admission>(admitted);
  take_decision(reading.facts, admission.decision);
  const auto subject = parts_.directory.get(target.subject);
  if (!subject.ok()) return refused(subject.error(), std::move(reading.facts));
  auto record = LH_TRY(parts_.base_data.read(*subject, kind->id, admission.permit));
  const Present there = record.decide([](const std::optional<subjects::BaseRecord>& r) {
    return r ? Present::kYes : Present::kNo;
  });
  if (there == Present::kNo) {
    return refused(Error(Reason::kSubjectUnknown), std::move(reading.facts));
  }
  licences::say_personal(reading.facts, kind->id + "\n" + reading.request.purpose.cause);
  const BaseFrame frame{admission.decision->fields, withheld_json(*admission.decision), kind->id};
  auto answer =
      LH_TRY(show_base({parts_.base_data, *subject, {today, subjects::kKnownNow}, admission.permit},
                       std::move(record), frame));
  ledger::Change change;
  LH_TRY(parts_.references.count_use(reading.found, change));
  auto of_consent = consent->given() ? reading.facts : audit::EntryFacts();
  auto act = LH_TRY(make_act({parts_.entries, parts_.random, reading.now, reading.raw},
                             std::move(reading.facts), std::move(change), std::move(answer)));
  LH_TRY(settle_consent(consent_parts(parts_), *consent, std::move(of_consent), act.change));
  return access::Prepared(std::move(act));
}

Result<access::Prepared> Exchange::fetch(const schemas::FetchRequest& request, ByteView raw,
                                         const access::Caller& caller,
                                         const access::Policy& policy) {
  const UtcTime now = parts_.clock.now();
  Reading reading{request, raw, caller,
                  policy,  now, facts_of(schemas::AuditEvent::kFetched, caller, policy),
                  {}};
  licences::name_officer(reading.facts, parts_.directory, request.purpose.officer);
  reading.facts.matter = request.purpose.matter;
  // The cause is free text and may name somebody: it goes into box B, the channel stays outside.
  reading.facts.purpose = request.purpose.channel;
  reading.facts.box_a.case_number = request.purpose.case_number;
  auto found = parts_.references.find(request.reference);
  if (!found.ok()) return refused(found.error(), std::move(reading.facts));
  reading.found = std::move(*found);
  const Status good = check_reference(parts_, {request.purpose, caller, policy, now},
                                      reading.found.target, reading.facts);
  if (!good.ok()) {
    return refused(good.error(), std::move(reading.facts));
  }
  if (!reading.found.target.adapter.empty()) {
    return obtain(request, raw, caller, policy,
                  {std::move(reading.facts), std::move(reading.found)});
  }
  return reading.found.target.base_kind.empty() ? fetch_licence(std::move(reading))
                                                : fetch_base_data(std::move(reading));
}

}  // namespace lh::hub::exchange
