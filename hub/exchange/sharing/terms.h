// What an application may ask for, judged against the catalogue of the day; who provides the
// object.
#pragma once

#include "hub/access/catalogue.h"
#include "hub/exchange/sharing/application.h"

namespace lh::hub::exchange {

// By the directory entry in force that day, else by the licence type itself. Of several entries,
// and of an entry and a type that changed since, the strictest counts; the provider is the entry's.
// Errors: licence_type.unknown; sharing.not_listed (base data without an entry: nobody provides
// it); sharing.not_shared with the legal basis the directory names.
Result<Listing> listing_of(const std::string& object, const access::Policy& policy,
                           LocalDate today);
// Named fields of the object, for matters that ask for it, in a term that is not over. Errors:
// application.invalid, licence_type.unknown, matter.unknown; the detail names the member.
Status check_terms(const SharingTerms& terms, const access::Policy& policy, LocalDate today);

}  // namespace lh::hub::exchange
