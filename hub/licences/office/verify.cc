// Verification by document, presentation, QR payload, or number with holder. Verdicts only: no
// field leaves that the asker did not bring along. An unknown number, a wrong holder and a QR
// payload of somebody else answer and are recorded alike, so that numbers cannot be tried out.
#include <algorithm>

#include "base/limits.h"
#include "hub/licences/office/answers.h"
#include "hub/licences/office/desk.h"
#include "hub/licences/office/entry_facts.h"
#include "hub/licences/office/qr.h"

namespace lh::hub::licences {
namespace {

struct Verified {
  std::string licence_id;           // empty when the document names none
  std::optional<LicenceHead> head;  // when the hub holds it
  Verdicts verdicts;
};

Verdict undecided(Reason reason, UtcTime now) {
  return {pki::Verdict::kIndeterminate, reason, {}, now};
}

Verdicts unknown_licence(UtcTime now) {
  return {undecided(Reason::kStatusUnknown, now),
          undecided(Reason::kIssuerUnknown, now),
          undecided(Reason::kStatusUnknown, now),
          undecided(Reason::kFreshnessUnknown, now),
          {}};
}

// By whichever identifier: the holder may have been merged with whoever is named.
Result<bool> is_holder(const LicenceHead& head, int version, const OfficeParts& parts,
                       const std::optional<subjects::SubjectKey>& who) {
  const VersionEntry* entry = find_version(head, version);
  if (!who || entry == nullptr) return false;
  const auto& holders = entry->holders;
  const auto holds = [&holders](const subjects::SubjectKey& k) {
    return std::find(holders.begin(), holders.end(), k.no) != holders.end();
  };
  if (!who->has(subjects::SubjectMark::kTies)) return holds(*who);
  const auto family = LH_TRY(parts.directory.family(*who));
  return std::any_of(family.begin(), family.end(), holds);
}

// For a document of which nothing is stored here: its own dates are all there is.
Verdict status_by_dates(const CheckedDocument& c, UtcTime now) {
  if (c.time.verdict() == pki::Verdict::kInvalid) return from_report(c.time, now);
  return undecided(Reason::kStatusUnknown, now);
}

Status exactly_one(const VerifyRequest& r) {
  const int ways =
      (r.document.empty() ? 0 : 1) + (r.qr.empty() ? 0 : 1) + (r.licence_id.empty() ? 0 : 1);
  if (ways == 1 && r.licence_id.empty() != r.holder.has_value()) return ok_status();
  return Error(Reason::kJsonMissingMember, "verify: document, qr, or licence_id with holder");
}

Result<Verified> by_number(const LicenceOffice& office, const OfficeParts& parts,
                           const std::string& licence_id, UtcTime at) {
  Verified out{licence_id, {}, unknown_licence(parts.clock.now())};
  const auto number = LH_TRY(parts.licences.find_number(licence_id));
  if (!number) return out;
  out.head = LH_TRY(parts.licences.head(number->key));
  out.verdicts = LH_TRY(office.version_verdicts(*out.head, number->version, at, UtcTime::max()));
  return out;
}

// Both look-ups are always made; a number that exists costs one row more than one that does not.
Result<Verified> by_holder(const LicenceOffice& office, const OfficeParts& parts,
                           const VerifyRequest& request, UtcTime at) {
  const auto who = LH_TRY(parts.directory.find(*request.holder));
  const auto number = LH_TRY(parts.licences.find_number(request.licence_id));
  if (number) {
    const LicenceHead head = LH_TRY(parts.licences.head(number->key));
    if (LH_TRY(is_holder(head, number->version, parts, who))) {
      return by_number(office, parts, request.licence_id, at);
    }
  }
  return Verified{request.licence_id, {}, unknown_licence(parts.clock.now())};
}

Result<Verified> by_qr(const LicenceOffice& office, const OfficeParts& parts,
                       const std::string& payload, UtcTime at) {
  const auto licence_id = read_qr(parts.keys, payload);
  if (!licence_id) return Verified{{}, {}, unknown_licence(parts.clock.now())};
  return by_number(office, parts, *licence_id, at);
}

Result<Verified> by_document(const LicenceOffice& office, const OfficeParts& parts,
                             const std::string& document, UtcTime at) {
  const UtcTime now = parts.clock.now();
  const auto trust = parts.trust();
  CheckedDocument checked = check_document(document, *trust, now);
  Verified stored;
  if (!checked.licence_id.empty()) {
    stored = LH_TRY(by_number(office, parts, checked.licence_id, at));
  }
  const VersionEntry* entry = stored.head ? find_version(*stored.head, checked.version) : nullptr;
  const bool same = entry != nullptr && entry->document == checked.digest;
  if (same) {  // the log shows when it was signed
    checked = check_document(document, {*trust, now, SigningTime::kProven, nullptr});
  } else if (stored.head) {
    // Another document under the number of one that is held here: one of the two is wrong.
    checked.integrity.undecided(Reason::kContentChanged, "document");
  }
  if (checked.licence_id.empty()) checked.issuer.undecided(Reason::kIssuerUnknown, "payload");
  Verified out{checked.licence_id, same ? std::move(stored.head) : std::nullopt, {}};
  out.verdicts = {from_report(checked.integrity, now),
                  from_report(checked.issuer, now),
                  same ? stored.verdicts.status : status_by_dates(checked, now),
                  same ? stored.verdicts.freshness : undecided(Reason::kFreshnessUnknown, now),
                  {}};
  return out;
}

Result<Verified> verify_by(const LicenceOffice& office, const OfficeParts& parts,
                           const VerifyRequest& request) {
  const UtcTime at = request.at.value_or(parts.clock.now());
  if (!request.document.empty()) return by_document(office, parts, request.document, at);
  if (!request.qr.empty()) return by_qr(office, parts, request.qr, at);
  return by_holder(office, parts, request, at);
}

std::string verify_answer(const Verified& v) {
  std::string out = "{";
  if (!v.licence_id.empty()) append_member(out, "licence_id", v.licence_id);
  if (out.size() > 1) out += ',';
  out += "\"verdicts\":";
  append_verdicts(out, v.verdicts);
  return out += '}';
}

}  // namespace

Result<VerifyRequest> verify_request_from_json(const schemas::Json& j) {
  auto reader = LH_TRY(schemas::ObjectReader::open(j, "verify"));
  VerifyRequest out;
  out.document = LH_TRY(reader.optional_string("document", limits::kJsonBodyBytes)).value_or("");
  out.qr = LH_TRY(reader.optional_string("qr", 512)).value_or("");
  out.licence_id = LH_TRY(reader.optional_string("licence_id", 128)).value_or("");
  if (const schemas::Json* holder = reader.optional("holder")) {
    auto inner = LH_TRY(schemas::ObjectReader::open(*holder, "verify.holder"));
    const auto scheme = parse_scheme(LH_TRY(inner.string("scheme", 32)));
    if (!scheme.ok()) return Error(scheme.error().reason(), inner.path("scheme"));
    auto id = parse_subject_id(*scheme, LH_TRY(inner.string("id", 256)));
    if (!id.ok()) return Error(id.error().reason(), inner.path("id"));
    LH_TRY(inner.finish());
    out.holder = std::move(*id);
  }
  if (const auto at = LH_TRY(reader.optional_string("at", 64))) {
    const auto time = parse_time(*at);
    if (!time.ok()) return Error(time.error().reason(), reader.path("at"));
    out.at = *time;
  }
  LH_TRY(reader.finish());
  LH_TRY(exactly_one(out));
  return out;
}

Result<access::Prepared> LicenceOffice::verify(const VerifyRequest& request, ByteView raw,
                                               const std::optional<access::Caller>& caller,
                                               const access::Policy& policy) {
  const access::Caller nobody{};
  audit::EntryFacts facts =
      facts_of(schemas::AuditEvent::kLicenceVerified, caller ? *caller : nobody, policy);
  LH_TRY(exactly_one(request));
  std::optional<Permit> permit;
  if (caller) {
    auto admitted = parts_.gate.admit_role(*caller, access::Operation::kVerify, policy);
    if (const auto* refusal = std::get_if<access::Refusal>(&admitted)) {
      return access::Prepared(refuse(Error(refusal->decision->reason), std::move(facts)));
    }
    permit = std::move(std::get<access::Admission>(admitted).permit);
  } else {
    permit = parts_.gate.anonymous_verification();
  }
  const Verified verified = LH_TRY(verify_by(*this, parts_, request));
  if (verified.head) {
    name_licence(facts, parts_.directory, *verified.head);
    say_personal(facts, verified.licence_id);
  }
  std::string answer = verify_answer(verified);
  return access::Prepared(
      LH_TRY(make_act({parts_.entries, parts_.random, parts_.clock.now(), raw}, std::move(facts),
                      {}, Undisclosed<std::string>(*permit, std::move(answer)))));
}

}  // namespace lh::hub::licences
