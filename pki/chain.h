// Chain validation to the trust store, with our own profile on top of OpenSSL's signature checks
// (openssl verify -x509_strict accepted 45 of 144 chains that must be refused).
// Source: RFC 5280 section 6; profile: docs/formats/certificates.md.
#pragma once

#include <vector>

#include "pki/certificate.h"
#include "pki/trust_store.h"
#include "pki/verify_report.h"

namespace lh::pki {

enum class Usage : std::uint8_t { kTlsClient, kTlsServer, kSignDocument, kAny };

// chain: leaf first, in order, without (or with) the anchor. No anchor known for the last
// certificate => indeterminate trust.missing; everything else wrong => invalid with its finding.
// Cost: one signature verification a certificate (74 µs P-256); keep the result by
// fingerprint+epoch.
VerifyReport check_chain(const std::vector<Certificate>& chain, const TrustStore& trust, UtcTime at,
                         Usage usage);

}  // namespace lh::pki
