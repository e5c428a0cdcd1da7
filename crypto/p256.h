// ECDSA on P-256 over SHA-256 digests, by OpenSSL, with the operation prepared once per key.
// Inside crypto only; crypto/sign.h is the door.
// Source: FIPS 186-5; SubjectPublicKeyInfo RFC 5480 (named curve, uncompressed point: one DER
// form); signatures as raw r‖s (RFC 7518 3.4). Threads: const functions anywhere: the prepared
// operation is only ever duplicated, never run.
#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/random.h"

struct evp_pkey_st;
struct evp_pkey_ctx_st;

namespace lh::crypto {

// DER of a P-256 point; not checked to be on the curve.
Bytes p256_spki(ByteView x32, ByteView y32);

class P256Public {
 public:
  P256Public() = default;
  // Errors: key.weak (a key of another kind or in another form), input.malformed.
  static Result<P256Public> from_spki(ByteView der);
  Status verify(const Digest& digest, ByteView raw64) const;  // signature.invalid

 private:
  std::shared_ptr<evp_pkey_ctx_st> prepared_;
};

class P256Private {
 public:
  P256Private() = default;
  static Result<P256Private> generate(Random& random);
  // Errors: key.weak, input.malformed (also when the public half does not fit).
  static Result<P256Private> from_pkcs8(ByteView der);
  Result<Bytes> pkcs8() const;
  Bytes spki() const;
  Result<Bytes> sign(const Digest& digest) const;

 private:
  static Result<P256Private> prepare(std::shared_ptr<evp_pkey_st> key);
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<evp_pkey_ctx_st> prepared_;
};

}  // namespace lh::crypto
