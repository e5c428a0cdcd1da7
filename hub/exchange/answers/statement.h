// What the hub states in its own name: a JWS by its attester key, without any value (docs/formats/
// statement.md). Private to hub/exchange.
#pragma once

#include <string>

#include "hub/licences/signers.h"
#include "schemas/json.h"

namespace lh::hub::exchange {

// typ: "predicate+jwt", "copy+jwt". Cost: one signature (25 µs). Errors: key.missing (no attester),
// crypto.failure.
Result<std::string> state(const licences::Signer* attester, std::string_view typ,
                          const schemas::Json& payload);

// The question as a disclosure (RFC 9901 section 4.2.1): the statement holds only its digest, and
// who has the salted text can show what was asked.
struct QuestionDisclosure {
  std::string text;    // base64url of ["<salt>","question",{…}]
  std::string digest;  // base64url of its SHA-256
};
QuestionDisclosure disclose_question(const schemas::Json& question, Random& random);

}  // namespace lh::hub::exchange
