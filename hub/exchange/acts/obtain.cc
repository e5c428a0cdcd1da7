// POST /v1/fetch of a material the hub does not hold: gate, intent, call, gate again, outcome. The
// answer is stated by the hub, and nothing of the licence is stored (docs/walks/obtain.md).
#include <algorithm>

#include "hub/exchange/acts/answers.h"
#include "hub/exchange/acts/attestation.h"
#include "hub/exchange/acts/case_people.h"
#include "hub/exchange/calls/open_calls.h"
#include "hub/exchange/plan/plan_maker.h"
#include "hub/exchange/rights/consent_use.h"
#include "hub/licences/office/entry_facts.h"

namespace lh::hub::exchange {
namespace {

using adapters::MappedRecord;
using licences::make_act;
using licences::refuse;

enum class Present : std::uint8_t { kYes, kNo };

// What the two halves of a call share. Nothing of the licence is in it.
struct Obtaining {
  const ExchangeParts& parts;
  ReferenceTarget target;
  std::vector<std::string> asked;  // fields
  Offer offer;
  std::string raw;  // the request as it came
  audit::EntryFacts facts;
  Tag correlation{};
  std::shared_ptr<Line> line;
  bool has_consent = false;
};
using Shared = std::shared_ptr<Obtaining>;

struct Admitted {
  access::Admission admission;
  const schemas::LicenceType& type;
};

// The gate for this type now. The refusal names what it knows in the facts.
Result<Admitted> admit(const Obtaining& o, const access::Caller& caller,
                       const access::Policy& policy, audit::EntryFacts& facts) {
  const LocalDate today = local_date(o.parts.clock.now());
  const auto* type = policy.find_type(o.target.type, today);
  if (type == nullptr) return Error(Reason::kTypeUnknown);
  const access::Question question{access::Operation::kFetch,
                                  caller,
                                  o.target.matter,
                                  o.target.type,
                                  type->fields,
                                  o.asked,
                                  today,
                                  o.has_consent};
  auto admitted = o.parts.gate.admit(question, policy);
  if (const auto* no = std::get_if<access::Refusal>(&admitted)) {
    take_decision(facts, no->decision);
    return Error(explained(*no->decision, question, policy));
  }
  auto& admission = std::get<access::Admission>(admitted);
  take_decision(facts, admission.decision);
  return Admitted{std::move(admission), *type};
}

// A call that was announced has an outcome, whatever became of it.
access::Refused ended(const Obtaining& o, Error error, audit::Decision decision,
                      std::uint64_t intent) {
  access::Refused out{std::move(error), o.facts};
  out.facts.event = schemas::AuditEvent::kSourceOutcome;
  out.facts.decision = decision;
  out.facts.reason = out.error.reason();
  close_call(o.correlation, intent, out.rows, out.preconditions);
  return out;
}

// What the asker is told when the fault lies in the source: one of the source's reasons.
Error told(const Error& error) {
  const bool of_asker = info(error.reason()).http_status < 500;
  return of_asker ? Error(Reason::kSourceAnswer, std::string(error.id())) : error;
}

bool is_of(const MappedRecord& record, const SubjectId& holder) {
  if (record.holder.scheme != holder.scheme) return false;
  const auto id = parse_subject_id(record.holder.scheme, record.holder.id.reveal());
  return id.ok() && id->value.reveal() == holder.value.reveal();
}

// Of several the valid one, then the newest. A record of somebody else: the source answered another
// question, and nothing of it is used.
Result<MappedRecord> choose(std::vector<MappedRecord> found, const SubjectId& holder) {
  if (found.empty()) return Error(Reason::kSourceNotFound);
  for (const auto& record : found) {
    if (!is_of(record, holder)) return Error(Reason::kSourceAnswer, "another holder");
  }
  const auto worse = [](const MappedRecord& a, const MappedRecord& b) {
    const bool a_valid = a.status == "valid";
    const bool b_valid = b.status == "valid";
    return a_valid != b_valid ? b_valid : a.valid_from < b.valid_from;
  };
  return std::move(*std::max_element(found.begin(), found.end(), worse));
}

std::string obtained_json(const Obtaining& o, UtcTime now, std::uint64_t intent) {
  schemas::Json j = schemas::Json::object();
  j.set("adapter", o.offer.adapter).set("organisation", o.offer.organisation.text());
  if (!o.offer.organisation_name.empty()) j.set("organisation_name", o.offer.organisation_name);
  if (!o.offer.issuer_name.empty()) j.set("issuer_name", o.offer.issuer_name);
  j.set("type", o.target.type).set("at", time_text(now)).set("intent", intent);
  return schemas::to_text(j);
}

std::string fields_json(const schemas::Fields& fields) {
  std::string out = "{";
  for (const auto& [name, value] : fields) {
    if (out.size() > 1) out += ',';
    schemas::append_json_string(out, name);
    out += ':';
    schemas::append_json_string(out, value);
  }
  return out += '}';
}

Result<std::string> answer_text(const Obtaining& o, const MappedRecord& record,
                                const Admitted& admitted, std::uint64_t intent) {
  const access::Decision& decision = *admitted.admission.decision;
  auto checked = schemas::check_fields(admitted.type.fields, record.fields);
  if (!checked.ok()) return Error(Reason::kSourceAnswer, checked.error().detail());
  schemas::Fields released;
  for (auto& [name, value] : *checked) {
    const auto& allowed = decision.fields;
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) continue;
    released.emplace_back(std::move(name), std::move(value));
  }
  const UtcTime now = o.parts.clock.now();
  const Attestation what{*o.parts.attester, o.parts.public_url, o.offer, o.target.type, now};
  auto verdicts = attested_verdicts(what, record);
  verdicts.authorisation =
      licences::Verdict{pki::Verdict::kValid, Reason::kVerdictGood, rule_evidence(decision), now};
  std::string out = "{\"fields\":" + fields_json(released);
  out += ",\"withheld\":" + withheld_json(decision);
  out += ",\"presentation\":\"" + LH_TRY(attest(what, released, o.parts.random));
  out += "\",\"verdicts\":" + verdicts_text(verdicts);
  return out += ",\"obtained\":" + obtained_json(o, now, intent) + "}";
}

Result<access::Act> make_outcome(const Obtaining& o, audit::EntryFacts facts, std::string text,
                                 const Permit& permit, std::uint64_t intent) {
  facts.event = schemas::AuditEvent::kSourceOutcome;
  ledger::Change change;
  close_call(o.correlation, intent, change.rows, change.preconditions);
  return make_act({o.parts.entries, o.parts.random, o.parts.clock.now(), o.raw}, std::move(facts),
                  std::move(change), Undisclosed<std::string>(permit, std::move(text)));
}

// A call that was made: about whom, and the index of its intent.
struct Called {
  SubjectId holder;
  std::uint64_t intent = 0;
};

access::Settled conclude(const Obtaining& o, const Called& called, Line::Found found,
                         const access::Caller& caller, const access::Policy& policy) {
  const std::uint64_t intent = called.intent;
  const auto no = [&o, intent](Error error, audit::Decision decision) {
    return access::Settled(ended(o, std::move(error), decision, intent));
  };
  if (!found.ok()) return no(told(found.error()), audit::Decision::kError);
  auto record = choose(std::move(*found), called.holder);
  if (!record.ok()) {
    const bool unknown = record.error().reason() == Reason::kSourceNotFound;
    return no(record.error(), unknown ? audit::Decision::kDeny : audit::Decision::kError);
  }
  audit::EntryFacts facts = o.facts;
  auto admitted = admit(o, caller, policy, facts);
  if (!admitted.ok()) return no(admitted.error(), audit::Decision::kDeny);
  auto text = answer_text(o, *record, *admitted, intent);
  if (!text.ok()) return no(text.error(), audit::Decision::kError);
  auto act =
      make_outcome(o, std::move(facts), std::move(*text), admitted->admission.permit, intent);
  if (!act.ok()) return no(act.error(), audit::Decision::kError);
  return access::Settled(std::move(*act));
}

Result<ledger::Change> announce(const Obtaining& o, const References& references,
                                References::Found& found, const Permit& permit) {
  audit::EntryFacts facts = o.facts;
  facts.event = schemas::AuditEvent::kSourceIntent;
  facts.purpose = o.offer.adapter;
  const crypto::CommitKey k(o.parts.random);
  facts.request = k.commit(o.raw);
  ledger::Change change;
  change.access = permit.access_id();
  change.entries.push_back(LH_TRY(o.parts.entries.make(facts, k, o.parts.clock.now())));
  change.rows.push_back(
      open_call_row({o.correlation, CallKind::kObtain, o.offer.adapter, o.target.subject, 0}));
  LH_TRY(references.count_use(found, change));
  return change;
}

}  // namespace

Result<access::Prepared> Exchange::obtain(const schemas::FetchRequest& request, ByteView raw,
                                          const access::Caller& caller,
                                          const access::Policy& policy,
                                          CheckedFetch checked) const {
  const ReferenceTarget& target = checked.found.target;
  checked.facts.object = target.type;
  const auto no = [&checked](Error error) {
    return access::Prepared(refuse(std::move(error), std::move(checked.facts)));
  };
  const auto offer =
      parts_.obtainer == nullptr ? std::nullopt : parts_.obtainer->find(target.type, target.scheme);
  if (!offer || offer->adapter != target.adapter || parts_.attester == nullptr) {
    return no(Error(Reason::kReferenceStale));
  }
  const Shared o = std::make_shared<Obtaining>(
      Obtaining{parts_, target, request.fields, *offer, std::string(raw), {}, {}, nullptr, false});
  auto consent = present_consent(
      consent_parts(parts_), request.purpose.consent,
      {target.subject, {caller.organisation, target.matter, target.type}, parts_.clock.now()},
      checked.facts);
  if (!consent.ok()) return no(consent.error());
  o->has_consent = consent->given();
  auto admitted = admit(*o, caller, policy, checked.facts);
  if (!admitted.ok()) return no(admitted.error());
  const Permit& permit = admitted->admission.permit;
  const auto subject = parts_.directory.get(target.subject);
  if (!subject.ok()) return no(subject.error());
  auto person = LH_TRY(find_person(parts_.licences.store(), target.case_id, *subject, permit));
  const Present there = person.decide(
      [](const std::optional<SubjectId>& id) { return id ? Present::kYes : Present::kNo; });
  if (there == Present::kNo) return no(Error(Reason::kReferenceStale));
  auto line = parts_.obtainer->reserve(target.adapter, target.type, target.scheme);
  if (!line.ok()) return no(line.error());
  o->line = std::move(*line);
  o->correlation = parts_.random.array<16>();
  licences::say_personal(checked.facts, target.type + "\n" + request.purpose.cause);
  o->facts = std::move(checked.facts);
  o->facts.correlation = to_hex(view(o->correlation));
  access::CallOut out;
  out.intent = LH_TRY(announce(*o, parts_.references, checked.found, permit));
  LH_TRY(settle_consent(consent_parts(parts_), *consent, o->facts, out.intent));
  // The identifier opens with the intent only: nobody is asked about anybody before it is on
  // record.
  const auto holder = std::make_shared<Undisclosed<std::optional<SubjectId>>>(std::move(person));
  out.call = [o, holder](const Recorded& intent, std::function<void(access::Conclude)> done) {
    const Called called{*std::move(*holder).open(intent), intent.index()};
    const auto answered = [o, called, done = std::move(done)](Line::Found found) {
      const auto shared = std::make_shared<Line::Found>(std::move(found));
      done([o, called, shared](const access::Caller& who, const access::Policy& now) {
        return conclude(*o, called, std::move(*shared), who, now);
      });
    };
    o->line->ask({o->target.type, called.holder}, answered);
  };
  out.lost = [o](Error error, std::uint64_t intent) {
    return ended(*o, std::move(error), audit::Decision::kError, intent);
  };
  return access::Prepared(std::move(out));
}

}  // namespace lh::hub::exchange
