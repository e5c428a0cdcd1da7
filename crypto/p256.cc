#include "crypto/p256.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "base/secret.h"
#include "crypto/c_ptr.h"

namespace lh::crypto {
namespace {

using Pkey = CPtr<EVP_PKEY, EVP_PKEY_free>;
using PkeyContext = CPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Number = CPtr<BIGNUM, BN_clear_free>;
using Group = CPtr<EC_GROUP, EC_GROUP_free>;
using Point = CPtr<EC_POINT, EC_POINT_free>;
using Params = CPtr<OSSL_PARAM, OSSL_PARAM_free>;
using ParamBuild = CPtr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using EcdsaSig = CPtr<ECDSA_SIG, ECDSA_SIG_free>;
using Pkcs8 = CPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;

constexpr int kScalar = 32;
constexpr std::size_t kRaw = 64;    // r ‖ s
constexpr std::size_t kPoint = 65;  // 0x04 ‖ x ‖ y
// SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING of 65 bytes } (RFC 5480 2.1.1)
constexpr ByteView kSpkiHead(
    "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
    "\x03\x42\x00",
    26);

const unsigned char* octets(ByteView b) {
  return reinterpret_cast<const unsigned char*>(b.data());
}

// Which of the two refusals a key that is not ours gets.
Error refusal_of(ByteView der) {
  const unsigned char* p = octets(der);
  const Pkey key(d2i_PUBKEY(nullptr, &p, static_cast<long>(der.size())));
  if (key == nullptr || p != octets(der) + der.size()) {
    return openssl_error(Reason::kInputMalformed, "not a SubjectPublicKeyInfo");
  }
  return Error(Reason::kKeyWeak, "neither Ed25519 nor P-256 as a named curve, uncompressed");
}

Result<Pkey> key_of_params(OSSL_PARAM_BLD* build, int selection) {
  const Params params(OSSL_PARAM_BLD_to_param(build));
  const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* made = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, selection, params.get()) != 1) {
    return openssl_error(Reason::kInputMalformed, "not a P-256 key");
  }
  return Pkey(made);
}

Result<Pkey> public_of_point(ByteView point) {
  const ParamBuild build(OSSL_PARAM_BLD_new());
  if (build == nullptr ||
      OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return openssl_error(Reason::kCryptoFailure, "P-256 parameters");
  }
  return key_of_params(build.get(), EVP_PKEY_PUBLIC_KEY);
}

// d·G in the uncompressed form.
Result<Bytes> point_of_scalar(const EC_GROUP* group, const BIGNUM* d) {
  const Point point(EC_POINT_new(group));
  Bytes out(kPoint, '\0');
  if (point == nullptr || EC_POINT_mul(group, point.get(), d, nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_point2oct(group, point.get(), POINT_CONVERSION_UNCOMPRESSED,
                         reinterpret_cast<unsigned char*>(out.data()), out.size(),
                         nullptr) != kPoint) {
    return openssl_error(Reason::kCryptoFailure, "P-256 public point");
  }
  return out;
}

// Uniform in [1, n-1] by rejection (FIPS 186-5 A.2.2): one draw fails with probability 2^-32.
Result<Number> random_scalar(const EC_GROUP* group, Random& random) {
  Secret draw = Secret::zeroed(kScalar);
  Number d(BN_secure_new());
  if (d == nullptr) return openssl_error(Reason::kCryptoFailure, "memory for a scalar");
  do {
    random.fill(draw.data(), draw.size());
    if (BN_bin2bn(draw.data(), kScalar, d.get()) == nullptr) {
      return openssl_error(Reason::kCryptoFailure, "scalar");
    }
  } while (BN_is_zero(d.get()) || BN_cmp(d.get(), EC_GROUP_get0_order(group)) >= 0);
  BN_set_flags(d.get(), BN_FLG_CONSTTIME);
  return d;
}

Result<Pkey> private_of_scalar(const BIGNUM* d, ByteView point) {
  const ParamBuild build(OSSL_PARAM_BLD_new());
  if (build == nullptr ||
      OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1 ||
      OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_PRIV_KEY, d) != 1) {
    return openssl_error(Reason::kCryptoFailure, "P-256 parameters");
  }
  return key_of_params(build.get(), EVP_PKEY_KEYPAIR);
}

Result<Bytes> spki_of(const EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int n = i2d_PUBKEY(key, &der);
  if (n <= 0) return openssl_error(Reason::kCryptoFailure, "public key encoding");
  Bytes out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(n));
  OPENSSL_free(der);
  return out;
}

bool is_our_spki(ByteView der) {
  return der.size() == kSpkiHead.size() + kPoint && der.starts_with(kSpkiHead) &&
         der[kSpkiHead.size()] == 4;
}

// PKCS#8 of RFC 5915 with the public point and without parameters: our stored form (138 bytes).
constexpr ByteView kPkcs8Head(
    "\x30\x81\x87\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce"
    "\x3d\x03\x01\x07\x04\x6d\x30\x6b\x02\x01\x01\x04\x20",
    36);
constexpr ByteView kPkcs8Middle("\xa1\x44\x03\x42\x00", 5);

bool is_our_pkcs8(ByteView der) {
  return der.size() == kPkcs8Head.size() + kScalar + kPkcs8Middle.size() + kPoint &&
         der.starts_with(kPkcs8Head) &&
         der.substr(kPkcs8Head.size() + kScalar).starts_with(kPkcs8Middle);
}

// The point is computed anew and compared: cheaper by a factor of ten than decoding and the
// library's own pairwise check.
Result<Pkey> private_of_our_pkcs8(ByteView der) {
  const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const Number d(BN_secure_new());
  if (group == nullptr || d == nullptr ||
      BN_bin2bn(octets(der.substr(kPkcs8Head.size())), kScalar, d.get()) == nullptr) {
    return openssl_error(Reason::kCryptoFailure, "P-256");
  }
  if (BN_is_zero(d.get()) || BN_cmp(d.get(), EC_GROUP_get0_order(group.get())) >= 0) {
    return Error(Reason::kInputMalformed, "scalar beyond the order");
  }
  BN_set_flags(d.get(), BN_FLG_CONSTTIME);
  const Bytes point = LH_TRY(point_of_scalar(group.get(), d.get()));
  if (point != der.substr(der.size() - kPoint)) {
    return Error(Reason::kInputMalformed, "the halves of the key do not fit");
  }
  return private_of_scalar(d.get(), point);
}

enum class Operation : std::uint8_t { kSign, kVerify };

Result<std::shared_ptr<EVP_PKEY_CTX>> prepare_operation(EVP_PKEY* key, Operation operation) {
  PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (context == nullptr) return openssl_error(Reason::kCryptoFailure, "ECDSA context");
  const int ready = operation == Operation::kSign ? EVP_PKEY_sign_init(context.get())
                                                  : EVP_PKEY_verify_init(context.get());
  if (ready != 1) return openssl_error(Reason::kCryptoFailure, "ECDSA start");
  return std::shared_ptr<EVP_PKEY_CTX>(std::move(context));
}

Result<Bytes> raw_of_der(ByteView der) {
  const unsigned char* p = octets(der);
  const EcdsaSig sig(d2i_ECDSA_SIG(nullptr, &p, static_cast<long>(der.size())));
  Bytes out(kRaw, '\0');
  unsigned char* const raw = reinterpret_cast<unsigned char*>(out.data());
  if (sig == nullptr || BN_bn2binpad(ECDSA_SIG_get0_r(sig.get()), raw, kScalar) != kScalar ||
      BN_bn2binpad(ECDSA_SIG_get0_s(sig.get()), raw + kScalar, kScalar) != kScalar) {
    return openssl_error(Reason::kCryptoFailure, "ECDSA signature form");
  }
  return out;
}

Result<Bytes> der_of_raw(ByteView raw64) {
  const EcdsaSig sig(ECDSA_SIG_new());
  Number r(BN_bin2bn(octets(raw64), kScalar, nullptr));
  Number s(BN_bin2bn(octets(raw64.substr(kScalar)), kScalar, nullptr));
  if (sig == nullptr || r == nullptr || s == nullptr ||
      ECDSA_SIG_set0(sig.get(), r.get(), s.get()) != 1) {
    return openssl_error(Reason::kCryptoFailure, "ECDSA signature form");
  }
  static_cast<void>(r.release());  // owned by sig since set0
  static_cast<void>(s.release());
  Bytes out(80, '\0');  // 72 is the longest form
  unsigned char* p = reinterpret_cast<unsigned char*>(out.data());
  const int n = i2d_ECDSA_SIG(sig.get(), &p);
  if (n <= 0) return openssl_error(Reason::kCryptoFailure, "ECDSA signature form");
  out.resize(static_cast<std::size_t>(n));
  return out;
}

}  // namespace

Bytes p256_spki(ByteView x32, ByteView y32) {
  Bytes out(kSpkiHead);
  out.push_back('\x04');
  out.append(x32).append(y32);
  return out;
}

Result<P256Public> P256Public::from_spki(ByteView der) {
  if (!is_our_spki(der)) return refusal_of(der);
  const Pkey key = LH_TRY(public_of_point(der.substr(kSpkiHead.size())));
  P256Public out;
  out.prepared_ = LH_TRY(prepare_operation(key.get(), Operation::kVerify));
  return out;
}

Status P256Public::verify(const Digest& digest, ByteView raw64) const {
  const Bytes der = LH_TRY(der_of_raw(raw64));
  const PkeyContext context(EVP_PKEY_CTX_dup(prepared_.get()));
  if (context == nullptr) return openssl_error(Reason::kCryptoFailure, "ECDSA context");
  const int good =
      EVP_PKEY_verify(context.get(), octets(der), der.size(), digest.data(), digest.size());
  if (good != 1) return openssl_error(Reason::kSignatureInvalid, "ECDSA");
  return ok_status();
}

Result<P256Private> P256Private::prepare(std::shared_ptr<evp_pkey_st> key) {
  P256Private out;
  out.prepared_ = LH_TRY(prepare_operation(key.get(), Operation::kSign));
  out.key_ = std::move(key);
  return out;
}

Result<P256Private> P256Private::generate(Random& random) {
  const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  if (group == nullptr) return openssl_error(Reason::kCryptoFailure, "P-256");
  const Number d = LH_TRY(random_scalar(group.get(), random));
  const Bytes point = LH_TRY(point_of_scalar(group.get(), d.get()));
  return prepare(LH_TRY(private_of_scalar(d.get(), point)));
}

Result<P256Private> P256Private::from_pkcs8(ByteView der) {
  if (is_our_pkcs8(der)) return prepare(LH_TRY(private_of_our_pkcs8(der)));
  const unsigned char* p = octets(der);
  const Pkcs8 info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &p, static_cast<long>(der.size())));
  if (info == nullptr || p != octets(der) + der.size()) {
    return openssl_error(Reason::kInputMalformed, "not a PKCS#8 key");
  }
  Pkey key(EVP_PKCS82PKEY(info.get()));
  if (key == nullptr) return openssl_error(Reason::kInputMalformed, "not a PKCS#8 key");
  const Bytes spki = LH_TRY(spki_of(key.get()));
  if (!is_our_spki(spki)) return Error(Reason::kKeyWeak, "not a P-256 key");
  const PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (context == nullptr || EVP_PKEY_pairwise_check(context.get()) != 1) {
    return openssl_error(Reason::kInputMalformed, "the halves of the key do not fit");
  }
  return prepare(std::move(key));
}

Result<Bytes> P256Private::pkcs8() const {
  const Pkcs8 info(EVP_PKEY2PKCS8(key_.get()));
  if (info == nullptr) return openssl_error(Reason::kCryptoFailure, "PKCS#8 form");
  unsigned char* der = nullptr;
  const int n = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  if (n <= 0) return openssl_error(Reason::kCryptoFailure, "PKCS#8 form");
  Bytes out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(n));
  OPENSSL_clear_free(der, static_cast<std::size_t>(n));
  return out;
}

Bytes P256Private::spki() const {
  return spki_of(key_.get()).value();
}

Result<Bytes> P256Private::sign(const Digest& digest) const {
  const PkeyContext context(EVP_PKEY_CTX_dup(prepared_.get()));
  if (context == nullptr) return openssl_error(Reason::kCryptoFailure, "ECDSA context");
  std::array<unsigned char, 80> der{};
  std::size_t n = der.size();
  if (EVP_PKEY_sign(context.get(), der.data(), &n, digest.data(), digest.size()) != 1) {
    return openssl_error(Reason::kCryptoFailure, "ECDSA signature");
  }
  return raw_of_der({reinterpret_cast<const char*>(der.data()), n});
}

}  // namespace lh::crypto
