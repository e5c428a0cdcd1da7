// What every use of a reference is checked for before the material itself is looked at
// (docs/walks/fetch.md). Private to hub/exchange.
#pragma once

#include "hub/exchange/exchange.h"

namespace lh::hub::exchange {

struct ReferenceUse {
  const schemas::Purpose& purpose;
  const access::Caller& caller;
  const access::Policy& policy;
  UtcTime now;
};
// The purpose is the one of the case: its number, its matter, and a basis or a consent; and the
// case is open in the feed of an organisation that has one. Errors: reference.purpose,
// purpose.not_registered, purpose.missing, case.not_in_feed, case.closed.
Status check_purpose(const ExchangeParts& parts, const ReferenceUse& use,
                     std::string_view number_tag, std::string_view matter);
// Names case and subject in the facts. Errors, in this order: reference.caller, reference.purpose,
// purpose.not_registered, purpose.missing, case.not_in_feed, case.closed, reference.expired,
// reference.used_up.
Status check_reference(const ExchangeParts& parts, const ReferenceUse& use,
                       const ReferenceTarget& target, audit::EntryFacts& facts);

}  // namespace lh::hub::exchange
