#include "hub/exchange/acts/attestation.h"

#include <algorithm>

#include "crypto/digest.h"
#include "crypto/jws.h"
#include "schemas/sd_jwt_json.h"

namespace lh::hub::exchange {
namespace {

using schemas::Json;
using schemas::LicenceStatus;

std::string payload_of(const Attestation& what, std::vector<std::string> digests) {
  // RFC 9901 section 4.2.4.1: the order of digests must not tell the order of the claims.
  std::sort(digests.begin(), digests.end());
  Json sd = Json::array();
  for (auto& digest : digests) sd.push(Json(std::move(digest)));
  Json source = Json::object();
  source.set("adapter", what.offer.adapter).set("organisation", what.offer.organisation.text());
  if (!what.offer.issuer_name.empty()) source.set("issuer_name", what.offer.issuer_name);
  Json j = Json::object();
  j.set("iss", what.public_url + "/attestations");
  j.set("vct", "urn:licence-attestation:" + what.type);
  j.set("iat", what.now.ms / 1000);
  j.set("source", std::move(source));
  j.set("_sd_alg", "sha-256");
  j.set("_sd", std::move(sd));
  return schemas::to_text(j);
}

LicenceStatus status_of(const adapters::MappedRecord& record, LocalDate today) {
  for (int code = 0; code <= static_cast<int>(LicenceStatus::kExpired); ++code) {
    const auto status = static_cast<LicenceStatus>(code);
    if (schemas::status_text(status) != record.status) continue;
    const bool ran_out = record.valid_until && *record.valid_until < today;
    return status == LicenceStatus::kValid && ran_out ? LicenceStatus::kExpired : status;
  }
  return LicenceStatus::kNotActive;
}

}  // namespace

Result<std::string> attest(const Attestation& what, const schemas::Fields& released,
                           Random& random) {
  std::vector<std::string> digests;
  std::string disclosures;
  for (const auto& [name, value] : released) {
    const auto salt = random.array<16>();  // RFC 9901 section 9.3
    const std::string text = schemas::disclosure_text(to_base64url(view(salt)), name, value);
    digests.push_back(to_base64url(view(crypto::sha256(text))));
    disclosures += text + "~";
  }
  const std::string payload = payload_of(what, std::move(digests));
  return LH_TRY(crypto::sign_jws(what.signer.header, payload, what.signer.key)) + "~" + disclosures;
}

licences::Verdicts attested_verdicts(const Attestation& what,
                                     const adapters::MappedRecord& record) {
  const LocalDate today = local_date(what.now);
  const std::string source = "source " + what.offer.adapter;
  licences::Verdicts out;
  out.integrity = {pki::Verdict::kValid, Reason::kVerdictGood, "signed by the hub", what.now};
  out.issuer = {pki::Verdict::kIndeterminate, Reason::kIssuerAttestedByHub, source, what.now};
  out.status = licences::from_status(status_of(record, today), source, what.now);
  if (out.status.verdict == pki::Verdict::kValid && record.valid_from &&
      today < *record.valid_from) {
    out.status = {pki::Verdict::kInvalid, Reason::kStatusNotYetValid, source, what.now};
  }
  out.freshness = {pki::Verdict::kValid, Reason::kVerdictGood, "asked now", what.now};
  return out;
}

}  // namespace lh::hub::exchange
