// What a check found: a list of findings, from which verdicts are derived. Nothing
// security-relevant is a bool or a default.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace lh::pki {

enum class Verdict : std::uint8_t { kValid = 1, kInvalid = 2, kIndeterminate = 3 };  // stored
std::string_view verdict_text(Verdict v);

enum class Severity : std::uint8_t { kNote, kUndecided, kFailure };

struct Finding {
  Severity severity = Severity::kNote;
  Reason reason = Reason::kVerdictGood;
  std::string where;  // "certificate[1]", "payload.iss": never a personal value
};

// kFailure anywhere => invalid; else kUndecided anywhere => indeterminate; else valid, but only
// when checks_done says that the whole list of checks ran: an empty report is indeterminate.
class VerifyReport {
 public:
  void fail(Reason reason, std::string where) { add(Severity::kFailure, reason, std::move(where)); }
  void undecided(Reason reason, std::string where) {
    add(Severity::kUndecided, reason, std::move(where));
  }
  void note(Reason reason, std::string where) { add(Severity::kNote, reason, std::move(where)); }
  void complete() { complete_ = true; }
  void merge(const VerifyReport& other, std::string_view prefix);
  Verdict verdict() const;
  Reason reason() const;  // of the first decisive finding; verdict.good when valid
  const std::vector<Finding>& findings() const { return findings_; }

 private:
  void add(Severity severity, Reason reason, std::string where) {
    findings_.push_back({severity, reason, std::move(where)});
  }
  std::vector<Finding> findings_;
  bool complete_ = false;
};

}  // namespace lh::pki
