// The rows of the registry as stored: deterministic CBOR arrays. Private to hub/access.
#pragma once

#include "hub/access/registry.h"

namespace lh::hub::access {

inline constexpr char kOrganisationPrefix = 'O';
inline constexpr char kSystemPrefix = 'Y';
inline constexpr char kCertificatePrefix = 'F';

enum class CertificateState : std::uint8_t { kInUse = 1, kRevoked = 2 };  // stored
struct CertificateRow {
  CertificateState state = CertificateState::kInUse;
  SystemId system;  // zero: revoked before it was ever put into use
};

Bytes organisation_row(const Uscc& uscc);
Bytes system_row(const SystemId& id);
Bytes certificate_row(const Digest& fingerprint);

Bytes encode_organisation(const Organisation& o);
Bytes encode_system(const System& s);
Bytes encode_certificate(const CertificateRow& c);
// Errors: cbor.malformed, store.corrupt.
Result<Organisation> decode_organisation(ByteView bytes);
Result<System> decode_system(ByteView bytes);
Result<CertificateRow> decode_certificate(ByteView bytes);

}  // namespace lh::hub::access
