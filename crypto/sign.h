// Signing and verifying keys: ES256 (P-256 with SHA-256) and Ed25519. The key decides the
// algorithm, the message never does. Parsed keys are kept by the caller: parsing a P-256 key costs
// 145 µs, a verification 74. ES256 by OpenSSL, Ed25519 by libsodium (about twice as fast).
// Source: FIPS 186-5, RFC 8032, RFC 7518 3.4 (raw r‖s, 64 bytes). Threads: const functions
// anywhere.
#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/random.h"
#include "base/secret.h"

namespace lh::crypto {

enum class Algorithm : std::uint8_t { kEs256 = 1, kEd25519 = 2 };  // stored; never renumber
std::string_view jose_name(Algorithm a);                           // "ES256", "EdDSA"

class PublicKey {
 public:
  // SubjectPublicKeyInfo DER. Errors: key.weak (other curve or kind), input.malformed.
  static Result<PublicKey> from_spki(ByteView der);
  static Result<PublicKey> from_ed25519(ByteView raw32);
  static Result<PublicKey> from_p256(ByteView x32,
                                     ByteView y32);  // of a JWK; on the curve, else error
  PublicKey(PublicKey&&) noexcept;
  PublicKey& operator=(PublicKey&&) noexcept;
  PublicKey(const PublicKey&);  // shares the parsed key
  PublicKey& operator=(const PublicKey&);
  ~PublicKey();
  Algorithm algorithm() const;
  const Bytes& spki() const;   // DER
  Bytes ed25519_raw() const;   // LH_CHECK: an Ed25519 key
  Digest fingerprint() const;  // SHA-256 of the SPKI
  // Input: ES256 64-byte raw r‖s, Ed25519 64 bytes. Errors: signature.invalid.
  Status verify(ByteView message, ByteView signature) const;

 private:
  struct Impl;
  explicit PublicKey(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

class PrivateKey {
 public:
  static Result<PrivateKey> generate(Algorithm a, Random& random);
  // The stored form: PKCS#8 DER for ES256, the 32-byte seed for Ed25519; always inside sealed
  // files.
  static Result<PrivateKey> from_stored(Algorithm a, const Secret& stored);
  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;
  ~PrivateKey();
  Algorithm algorithm() const;
  PublicKey public_key() const;
  Result<Secret> stored() const;
  Bytes pkcs8() const;  // unencrypted DER, for a TLS library or a file handed to its owner
  // Output: 64 bytes, the form verify() takes. Cost: about 25 µs either kind.
  Result<Bytes> sign(ByteView message) const;

 private:
  struct Impl;
  explicit PrivateKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lh::crypto
