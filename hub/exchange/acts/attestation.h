// What the hub states in its own name about an answer of a department's system: an SD-JWT of the
// released fields, signed by the hub. The issuer of the licence did not sign it, and it says so
// (docs/formats/licence.md, "Attestations"). Private to hub/exchange.
#pragma once

#include <string>

#include "hub/exchange/calls/obtain.h"
#include "hub/licences/signers.h"
#include "hub/licences/verdicts.h"
#include "schemas/fields.h"
#include "schemas/purpose.h"

namespace lh::hub::exchange {

struct Attestation {
  const licences::Signer& signer;
  const std::string& public_url;
  const Offer& offer;
  const std::string& type;
  UtcTime now;
};

// Cost: one signature (25 µs) and one SHA-256 a field. Errors: crypto.failure.
Result<std::string> attest(const Attestation& what, const schemas::Fields& released,
                           Random& random);

// Of the same: three verdicts and freshness. The issuer is always indeterminate.
licences::Verdicts attested_verdicts(const Attestation& what, const adapters::MappedRecord& record);

}  // namespace lh::hub::exchange
