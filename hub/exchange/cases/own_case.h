// A case of the caller's own organisation, opened for an act: role, case, matter, people. Somebody
// else's case is answered like none at all. Private to hub/exchange.
#pragma once

#include "hub/exchange/acts/case_record.h"
#include "hub/exchange/exchange.h"

namespace lh::hub::exchange {

struct OwnCase {
  CaseRecord record;
  const schemas::Matter* matter = nullptr;  // of the policy
  Permit permit;
};

// Who acts on which case of whose: what facts are, and stay when the act is refused. For what is
// done after a case, too. Errors: role.missing, case.unknown, matter.unknown: refusals of the
// caller.
Result<OwnCase> case_of_caller(const ExchangeParts& parts, const CaseId& id,
                               const access::Caller& caller, const access::Policy& policy,
                               audit::EntryFacts& facts);
// The same of a case that is under way. Errors also: case.not_in_feed, case.closed.
Result<OwnCase> open_own_case(const ExchangeParts& parts, const CaseId& id,
                              const access::Caller& caller, const access::Policy& policy,
                              audit::EntryFacts& facts);

}  // namespace lh::hub::exchange
