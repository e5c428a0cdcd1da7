#include "hub/licences/verdicts.h"

namespace lh::hub::licences {
namespace {

struct StatusMeaning {
  schemas::LicenceStatus status;
  pki::Verdict verdict;
  Reason reason;
};
// Suspension can end and the beginning of validity comes: still, at this moment the licence may not
// be relied on, so both are invalid and not indeterminate.
constexpr StatusMeaning kMeanings[] = {
    {schemas::LicenceStatus::kValid, pki::Verdict::kValid, Reason::kVerdictGood},
    {schemas::LicenceStatus::kRevoked, pki::Verdict::kInvalid, Reason::kStatusRevoked},
    {schemas::LicenceStatus::kSuspended, pki::Verdict::kInvalid, Reason::kStatusSuspended},
    {schemas::LicenceStatus::kNotActive, pki::Verdict::kInvalid, Reason::kStatusNotActive},
    {schemas::LicenceStatus::kCancelled, pki::Verdict::kInvalid, Reason::kStatusCancelled},
    {schemas::LicenceStatus::kForfeited, pki::Verdict::kInvalid, Reason::kStatusForfeited},
    {schemas::LicenceStatus::kTransferred, pki::Verdict::kInvalid, Reason::kStatusTransferred},
    {schemas::LicenceStatus::kSuperseded, pki::Verdict::kInvalid, Reason::kStatusSuperseded},
    {schemas::LicenceStatus::kExpired, pki::Verdict::kInvalid, Reason::kStatusExpired},
};

schemas::Json verdict_json(const Verdict& v) {
  schemas::Json j = schemas::Json::object();
  j.set("verdict", pki::verdict_text(v.verdict)).set("reason", reason_id(v.reason));
  if (!v.evidence.empty()) j.set("evidence", v.evidence);
  j.set("checked_at", time_text(v.checked_at));
  return j;
}

// The verdicts of one answer are nearly always of one moment: its text is made once.
struct Moment {
  UtcTime time;
  std::string text;
};

void append_verdict(std::string& out, std::string_view name, const Verdict& v, Moment& moment) {
  out += '"';
  out += name;
  out += "\":{\"verdict\":\"";
  out += pki::verdict_text(v.verdict);
  out += "\",\"reason\":\"";
  out += reason_id(v.reason);
  if (!v.evidence.empty()) {
    out += "\",\"evidence\":";
    schemas::append_json_string(out, v.evidence);
    out += ",\"checked_at\":\"";
  } else {
    out += "\",\"checked_at\":\"";
  }
  if (v.checked_at != moment.time) moment = {v.checked_at, time_text(v.checked_at)};
  out += moment.text;
  out += "\"}";
}

}  // namespace

Verdict from_report(const pki::VerifyReport& report, UtcTime at) {
  Verdict v{report.verdict(), report.reason(), {}, at};
  for (const auto& finding : report.findings()) {
    if (finding.reason == v.reason && finding.severity != pki::Severity::kNote) {
      v.evidence = finding.where;
      break;
    }
  }
  return v;
}

Verdict from_status(schemas::LicenceStatus s, std::string evidence, UtcTime at) {
  for (const auto& m : kMeanings) {
    if (m.status == s) return {m.verdict, m.reason, std::move(evidence), at};
  }
  return {pki::Verdict::kIndeterminate, Reason::kStatusUnknown, std::move(evidence), at};
}

schemas::Json verdicts_json(const Verdicts& v) {
  schemas::Json j = schemas::Json::object();
  j.set("integrity", verdict_json(v.integrity));
  j.set("issuer", verdict_json(v.issuer));
  j.set("status", verdict_json(v.status));
  if (v.authorisation) j.set("authorisation", verdict_json(*v.authorisation));
  j.set("freshness", verdict_json(v.freshness));
  return j;
}

void append_verdicts(std::string& out, const Verdicts& v) {
  Moment moment{v.integrity.checked_at, time_text(v.integrity.checked_at)};
  out += '{';
  append_verdict(out, "integrity", v.integrity, moment);
  out += ',';
  append_verdict(out, "issuer", v.issuer, moment);
  out += ',';
  append_verdict(out, "status", v.status, moment);
  out += ',';
  if (v.authorisation) {
    append_verdict(out, "authorisation", *v.authorisation, moment);
    out += ',';
  }
  append_verdict(out, "freshness", v.freshness, moment);
  out += '}';
}

}  // namespace lh::hub::licences
