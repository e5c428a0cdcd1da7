// Generic SD-JWT processing: from the parts between the tildes to the disclosed claims.
// Source: RFC 9901 section 7.1 (verification), 4.2 (disclosures), 4.2.7 (recursive disclosures).
// Knows nothing of keys: the signature over the first part is checked elsewhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemas/json.h"

namespace lh::hub::licences::sd_jwt {

struct Parts {
  std::string_view jwt;                       // the issuer-signed part
  std::vector<std::string_view> disclosures;  // base64url texts
  std::string_view key_binding;               // after the last tilde; empty = none
};
// <jwt>~<disclosure>~…~[<key binding jwt>]. At most limits::kSdJwtDisclosures disclosures.
// Errors: sdjwt.malformed, input.too_large.
Result<Parts> split(std::string_view text);

// Which claims may not be disclosures at the top level. kGeneral: those of the format only;
// kLicence: also the registered claims that a verifier acts on (SD-JWT VC, section 3.2.2.2) and our
// plain ones.
enum class Reserved : std::uint8_t { kGeneral, kLicence };

struct Processed {
  schemas::Json claims;     // without _sd, _sd_alg and "..."
  std::string unsupported;  // names what is outside the profile ("_sd_alg"); then claims are empty
};
// Errors: sdjwt.malformed, sdjwt.claim (reserved name, or a name that is there already),
// sdjwt.digest_repeated, sdjwt.disclosure_unreferenced, json.*.
// Cost: one SHA-256 and one JSON parse a disclosure.
Result<Processed> process(const schemas::Json& payload,
                          const std::vector<std::string_view>& disclosures, Reserved reserved);

}  // namespace lh::hub::licences::sd_jwt
