#include "hub/licences/document.h"

#include <algorithm>

#include "crypto/digest.h"
#include "crypto/jws.h"

namespace lh::hub::licences {

std::string Document::text() const {
  std::string out = jwt + "~";
  for (const auto& d : disclosures) {
    out += d.text;
    out += '~';
  }
  return out;
}

std::string Document::presentation(const std::vector<std::string>& names) const {
  std::string out = jwt + "~";
  for (const auto& d : disclosures) {
    if (std::find(names.begin(), names.end(), d.name) == names.end()) continue;
    out += d.text;
    out += '~';
  }
  return out;
}

Result<Document> make_document(const Signer& signer, schemas::SdJwtPayload payload,
                               const schemas::Fields& disclosed, Random& random) {
  Document out;
  payload.sd.clear();
  for (const auto& [name, value] : disclosed) {
    // RFC 9901 section 9.3: 128 bits of salt.
    const auto salt = random.array<16>();
    std::string text = schemas::disclosure_text(to_base64url(view(salt)), name, value);
    payload.sd.push_back(to_base64url(view(crypto::sha256(text))));
    out.disclosures.push_back({name, std::move(text)});
  }
  // Section 4.2.4.1: the order of digests must not tell the order of the claims.
  std::sort(payload.sd.begin(), payload.sd.end());
  out.jwt = LH_TRY(crypto::sign_jws(signer.header, schemas::sd_jwt_payload(payload), signer.key));
  return out;
}

Digest document_digest(const Document& d) {
  return crypto::sha256(d.jwt);
}

std::string issuer_uri(std::string_view public_url, const Uscc& organisation) {
  return std::string(public_url) + "/issuers/" + organisation.text();
}

std::string collector_uri(std::string_view public_url, const Uscc& organisation) {
  return std::string(public_url) + "/collectors/" + organisation.text();
}

}  // namespace lh::hub::licences
