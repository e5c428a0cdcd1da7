// What making and downloading a copy share. Private to hub/exchange.
#pragma once

#include "hub/access/gate.h"
#include "hub/audit/entry.h"
#include "hub/exchange/exchange.h"

namespace lh::hub::exchange {

// A terminal reads for a printed copy what a department fetches, and nothing else by that right.
access::Caller reader_of_copies(const access::Caller& caller);
// The gate; some field must be released. Errors: rule.*, role.missing.
Result<access::Admission> admit_copy(const ExchangeParts& parts, const access::Question& question,
                                     const access::Policy& policy, audit::EntryFacts& facts);

}  // namespace lh::hub::exchange
