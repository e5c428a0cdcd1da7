// JWS compact serialisation over exact bytes. crypto does not read JSON: header and payload come
// and go as bytes; schemas/sd_jwt_json.h makes and reads them.
// Source: RFC 7515 section 3.1, 7.1; RFC 7518 3.4; RFC 8037.
#pragma once

#include "base/bytes.h"
#include "crypto/sign.h"

namespace lh::crypto {

struct Jws {
  Bytes header;               // decoded
  Bytes payload;              // decoded
  Bytes signature;            // decoded
  std::string signing_input;  // exact text that was signed
};
// Three base64url parts, canonical spelling. Errors: jws.malformed.
Result<Jws> parse_jws(std::string_view compact);
// header: the JSON text of the protected header, whose alg the caller has set to jose_name(key).
Result<std::string> sign_jws(std::string_view header, std::string_view payload,
                             const PrivateKey& key);
// alg: the value of the header's alg; must be the key's own. Errors: signature.algorithm,
// signature.invalid.
Status verify_jws(const Jws& jws, std::string_view alg, const PublicKey& key);

}  // namespace lh::crypto
