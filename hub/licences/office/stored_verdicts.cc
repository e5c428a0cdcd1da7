// Verdicts of what is stored here: the kept verification, the bitemporal status, and how fresh both
// are. Also the QR payload and the questions after a status.
#include "crypto/digest.h"
#include "hub/licences/office/answers.h"
#include "hub/licences/office/desk.h"
#include "hub/licences/office/entry_facts.h"
#include "hub/licences/office/qr.h"

namespace lh::hub::licences {
namespace {

std::string entry_text(std::uint64_t index) {
  return "entry " + std::to_string(index);
}

Verdict status_verdict(const LicenceHead& head, int version, const StatusAnswer& answer,
                       UtcTime valid_at) {
  Verdict v = from_status(answer.status, entry_text(answer.evidence_index), valid_at);
  if (answer.knowledge == Knowledge::kNotYet) {
    return {pki::Verdict::kIndeterminate, Reason::kStatusUnknown, {}, valid_at};
  }
  const VersionEntry* entry = find_version(head, version);
  if (answer.status == schemas::LicenceStatus::kNotActive && entry->valid_from &&
      local_date(valid_at) < *entry->valid_from) {
    v.reason = Reason::kStatusNotYetValid;
  }
  return v;
}

}  // namespace

Result<Verdicts> LicenceOffice::version_verdicts(const LicenceHead& head, int version,
                                                 UtcTime valid_at, UtcTime known_at) const {
  const KeptVerdict kept = LH_TRY(desk_->verdicts.of_stored(head, version));
  const auto answer = LH_TRY(parts_.licences.status_of(head, version, valid_at, known_at));
  const UtcTime now = parts_.clock.now();
  const std::string signed_at = entry_text(find_version(head, version)->index);
  Verdicts out;
  out.integrity = {kept.integrity, kept.integrity_reason, signed_at, now};
  out.issuer = {kept.issuer, kept.issuer_reason, signed_at, now};
  out.status = status_verdict(head, version, answer, valid_at);
  out.status.checked_at = now;
  // The status comes from the very rows that status actions write: as fresh as its last entry.
  out.freshness = {pki::Verdict::kValid, Reason::kVerdictGood, entry_text(head.commit_index), now};
  return out;
}

Result<Verdicts> LicenceOffice::stored_verdicts(const LicenceHead& head, UtcTime valid_at,
                                                UtcTime known_at) const {
  return version_verdicts(head, head.version, valid_at, known_at);
}

std::string LicenceOffice::qr_payload(const LicenceHead& head) const {
  return make_qr(parts_.keys, head.licence_id);
}

std::string LicenceOffice::qr_payload(std::string_view licence_id) const {
  return make_qr(parts_.keys, licence_id);
}

Result<access::Prepared> LicenceOffice::query_status(const StatusQuery& query, ByteView raw,
                                                     const access::Caller& caller,
                                                     const access::Policy& policy) {
  audit::EntryFacts facts = facts_of(schemas::AuditEvent::kStatusQueried, caller, policy);
  auto admitted = parts_.gate.admit_role(caller, access::Operation::kVerify, policy);
  if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
    return access::Prepared(refuse(Error(refusal->decision->reason), std::move(facts)));
  }
  const auto number = LH_TRY(parts_.licences.find_number(query.licence_id));
  if (!number) {
    return access::Prepared(refuse(Error(Reason::kLicenceUnknown), std::move(facts)));
  }
  const LicenceHead head = LH_TRY(parts_.licences.head(number->key));
  name_licence(facts, parts_.directory, head);
  say_personal(facts, query.licence_id);
  const UtcTime now = parts_.clock.now();
  const UtcTime valid_at = query.valid_at.value_or(now);
  const UtcTime known_at = query.known_at.value_or(UtcTime::max());
  const auto status = LH_TRY(parts_.licences.status_of(head, number->version, valid_at, known_at));
  const Verdicts verdicts = LH_TRY(version_verdicts(head, number->version, valid_at, known_at));
  std::string answer = "{";
  append_member(answer, "licence_id", query.licence_id);
  append_member(answer, "licence_key", head.key.text());
  append_member(
      answer, "status",
      status.knowledge == Knowledge::kKnown ? schemas::status_text(status.status) : "unknown");
  append_member(answer, "valid_at", time_text(valid_at));
  append_member(answer, "known_at", time_text(query.known_at.value_or(now)));
  answer += ",\"verdicts\":";
  append_verdicts(answer, verdicts);
  answer += '}';
  const Permit& permit = std::get<access::Admission>(admitted).permit;
  return access::Prepared(
      LH_TRY(make_act({parts_.entries, parts_.random, now, raw}, std::move(facts), {},
                      Undisclosed<std::string>(permit, std::move(answer)))));
}

}  // namespace lh::hub::licences
