// The licence document: an SD-JWT (typ dc+sd-jwt), x5c in the header, every surface field a
// disclosure, status.status_list set. Format: docs/formats/licence.md. Made once, then only
// exact bytes: presenting selects disclosures, it never re-serialises.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "crypto/sign.h"
#include "hub/licences/signers.h"
#include "pki/chain.h"
#include "pki/verify_report.h"
#include "schemas/fields.h"
#include "schemas/json.h"
#include "schemas/sd_jwt_json.h"

namespace lh::hub::licences {

struct Disclosure {
  std::string name;
  std::string text;  // base64url text as it stands between the tildes
};
struct Document {
  std::string jwt;                      // issuer-signed part
  std::vector<Disclosure> disclosures;  // in the order of the fields
  std::string text() const;             // <jwt>~<d1>~…~
  std::string presentation(const std::vector<std::string>& names) const;  // only these
};

Result<Document> make_document(const Signer& signer, schemas::SdJwtPayload payload,
                               const schemas::Fields& disclosed, Random& random);
Digest document_digest(const Document& d);

// A document or presentation from outside, after all checks but status.
struct CheckedDocument {
  pki::VerifyReport integrity;       // form, digests, signature
  pki::VerifyReport issuer;          // chain to the trust store, iss against the certificate
  std::string iss, vct, licence_id;
  int version = 0;
  std::string status_uri;
  std::optional<std::uint64_t> status_index;
  schemas::Json claims;              // what was disclosed, processed
};
// Generic SD-JWT processing (nested _sd, arrays "...", recursive) for what others send; our own
// documents are the flat case. at: time for certificate validity (the signing time iat counts too).
CheckedDocument check_document(std::string_view sd_jwt, const pki::TrustStore& trust, UtcTime at);

}  // namespace lh::hub::licences
