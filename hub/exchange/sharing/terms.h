// What an application may ask for, judged against the catalogue of the day; who provides the
// object.
#pragma once

#include "hub/access/catalogue.h"
#include "hub/exchange/sharing/application.h"

namespace lh::hub::exchange {

// How the sharing directory lists an object.
struct Listing {
  Uscc provider;
  std::string attribute;  // "unconditional", "conditional", "not_shared"
  std::string legal_basis;
};
// Errors: licence_type.unknown; application.invalid (nobody provides it).
Result<Listing> listing_of(const std::string& object, const access::Policy& policy,
                           LocalDate today);
// Named fields of the object, for matters that ask for it, in a term that is not over. Errors:
// application.invalid, licence_type.unknown, matter.unknown; the detail names the member.
Status check_terms(const SharingTerms& terms, const access::Policy& policy, LocalDate today);

}  // namespace lh::hub::exchange
