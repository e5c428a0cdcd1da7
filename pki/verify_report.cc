#include "pki/verify_report.h"

#include <algorithm>

namespace lh::pki {
namespace {

const Finding* first_of(const std::vector<Finding>& findings, Severity severity) {
  const auto it = std::find_if(findings.begin(), findings.end(),
                               [severity](const Finding& f) { return f.severity == severity; });
  return it == findings.end() ? nullptr : &*it;
}

}  // namespace

std::string_view verdict_text(Verdict v) {
  switch (v) {
    case Verdict::kValid:
      return "valid";
    case Verdict::kInvalid:
      return "invalid";
    case Verdict::kIndeterminate:
      break;
  }
  return "indeterminate";
}

// A part that was not checked to its end keeps the whole from being valid, whatever else was found.
void VerifyReport::merge(const VerifyReport& other, std::string_view prefix) {
  for (const Finding& f : other.findings_) add(f.severity, f.reason, std::string(prefix) + f.where);
  if (!other.complete_) undecided(Reason::kVerdictNotChecked, std::string(prefix));
}

Verdict VerifyReport::verdict() const {
  if (first_of(findings_, Severity::kFailure) != nullptr) return Verdict::kInvalid;
  if (first_of(findings_, Severity::kUndecided) != nullptr) return Verdict::kIndeterminate;
  return complete_ ? Verdict::kValid : Verdict::kIndeterminate;
}

Reason VerifyReport::reason() const {
  if (const Finding* f = first_of(findings_, Severity::kFailure)) return f->reason;
  if (const Finding* f = first_of(findings_, Severity::kUndecided)) return f->reason;
  return complete_ ? Reason::kVerdictGood : Reason::kVerdictNotChecked;
}

}  // namespace lh::pki
