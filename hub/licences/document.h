// The licence document: an SD-JWT (typ dc+sd-jwt), x5c in the header, every surface field a
// disclosure, status.status_list set. Format: docs/formats/licence.md. Made once, then only
// exact bytes: presenting selects disclosures, it never re-serialises.
#pragma once

#include <map>
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

// payload.sd is made here; the rest of the payload is the caller's. Cost: one signature (25 µs) and
// one SHA-256 a field.
Result<Document> make_document(const Signer& signer, schemas::SdJwtPayload payload,
                               const schemas::Fields& disclosed, Random& random);
// Of the issuer-signed part, which commits to every disclosure: the same for all presentations.
Digest document_digest(const Document& d);

// iss of what an issuer signs itself, and of what a department collected from stock data: the plain
// claim says which, so no presentation can leave it out.
std::string issuer_uri(std::string_view public_url, const Uscc& organisation);
std::string collector_uri(std::string_view public_url, const Uscc& organisation);

// A document or presentation from outside, after all checks but status.
struct CheckedDocument {
  pki::VerifyReport integrity;  // form, digests, signature
  pki::VerifyReport issuer;     // chain to the trust store, iss against the certificate
  pki::VerifyReport time;       // nbf and exp at the time asked for
  std::string unsupported;      // not empty: well formed, but outside the profile, and where
  std::string typ, iss, vct, licence_id;
  int version = 0;
  std::optional<std::int64_t> iat, nbf, exp;  // seconds
  std::string status_uri;
  std::optional<std::uint64_t> status_index;
  Digest digest{};  // of the issuer-signed part
  schemas::Json claims =
      schemas::Json::object();  // what was disclosed; empty unless integrity is valid
};

// kProven: the log shows that it was signed at iat, so certificates are judged at iat; else at the
// time asked for, and one that has merely expired since makes the issuer indeterminate.
enum class SigningTime : std::uint8_t { kUnproven, kProven };
using KeysById = std::map<std::string, crypto::PublicKey, std::less<>>;
struct DocumentCheck {
  const pki::TrustStore& trust;
  UtcTime at;
  SigningTime signing_time = SigningTime::kUnproven;
  const KeysById* keys = nullptr;  // by kid, for documents without x5c; null = none
};
// Generic SD-JWT processing (nested _sd, arrays "...", recursive) for what others send; our own
// documents are the flat case. Never fails: what is wrong is a finding.
CheckedDocument check_document(std::string_view sd_jwt, const DocumentCheck& check);
// at: time for certificate validity (the signing time iat counts too).
CheckedDocument check_document(std::string_view sd_jwt, const pki::TrustStore& trust, UtcTime at);

}  // namespace lh::hub::licences
