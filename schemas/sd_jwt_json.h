// The JSON parts of an SD-JWT: header, payload, disclosures. Exact bytes are made here and signed
// elsewhere; nothing is re-serialised. Source: IETF SD-JWT (RFC 9901), profile
// docs/formats/licence.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "schemas/json.h"

namespace lh::schemas {

std::string sd_jwt_header(std::string_view alg, std::string_view typ,
                          const std::vector<std::string>& x5c);
// ["<salt>","<name>",<value>] -> base64url text of it.
std::string disclosure_text(std::string_view salt, std::string_view name, const Json& value);

struct SdJwtPayload {
  std::string iss;
  std::string vct;
  std::int64_t iat = 0;  // seconds
  std::int64_t nbf = 0;
  std::string licence_id;
  int version = 1;
  std::string status_uri;
  std::uint64_t status_index = 0;
  std::vector<std::string> sd;  // digests, base64url, sorted
};
std::string sd_jwt_payload(const SdJwtPayload& p);

struct JoseHeader {
  std::string alg;
  std::string typ;
  std::string kid;
  std::vector<std::string> x5c;
};
// Refuses crit, b64, zip, enc and jku/jwk/x5u (a key the message brings along or points to), and
// as signature.algorithm "none" and the MACs. Errors: jws.header, signature.algorithm.
Result<JoseHeader> parse_jose_header(std::string_view json);

}  // namespace lh::schemas
