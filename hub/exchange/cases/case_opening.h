// A case as a request names it: taken up anew, or found again by its number. Private to
// hub/exchange.
#pragma once

#include <utility>
#include <vector>

#include "hub/exchange/acts/case_record.h"
#include "hub/exchange/exchange.h"

namespace lh::hub::exchange {

struct Opened {
  bool fresh = false;  // no case of that number before
  CaseRecord record;
  ledger::Change change;                     // rows of the case and of new subjects
  std::vector<subjects::SubjectKey> people;  // applicant first
  std::vector<std::pair<SubjectNo, IdScheme>> named;
};

// The same number with the same applicant and matter is the same case; with others it is a mistake
// or an attempt to use one case for several people. Where the organisation has a case feed, the
// case is open there; a person related as "agent" is entrusted by the applicant to open it. Errors:
// case.conflict, case.not_in_feed, case.closed, entrustment.invalid.
Result<Opened> take_case(const ExchangeParts& parts, const schemas::CaseRequest& request,
                         const access::Caller& caller, UtcTime now);

}  // namespace lh::hub::exchange
