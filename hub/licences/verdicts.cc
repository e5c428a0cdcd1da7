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

void append_verdict(std::string& out, std::string_view name, const Verdict& v) {
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
  out += time_text(v.checked_at);
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
  out += '{';
  append_verdict(out, "integrity", v.integrity);
  out += ',';
  append_verdict(out, "issuer", v.issuer);
  out += ',';
  append_verdict(out, "status", v.status);
  out += ',';
  if (v.authorisation) {
    append_verdict(out, "authorisation", *v.authorisation);
    out += ',';
  }
  append_verdict(out, "freshness", v.freshness);
  out += '}';
}

}  // namespace lh::hub::licences
