// The answer to "is it good?": three verdicts and freshness, never one boolean.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "pki/verify_report.h"
#include "schemas/json.h"
#include "schemas/purpose.h"

namespace lh::hub::licences {

struct Verdict {
  pki::Verdict verdict = pki::Verdict::kIndeterminate;
  Reason reason = Reason::kStatusUnknown;
  std::string evidence;  // "entry 42", "certificate 3f…", never a personal value
  UtcTime checked_at;
};
struct Verdicts {
  Verdict integrity, issuer, status, freshness;
  std::optional<Verdict> authorisation;
};
Verdict from_report(const pki::VerifyReport& report, UtcTime at);
Verdict from_status(schemas::LicenceStatus s, std::string evidence, UtcTime at);
schemas::Json verdicts_json(const Verdicts& v);
void append_verdicts(std::string& out, const Verdicts& v);  // the same text without a tree

}  // namespace lh::hub::licences
