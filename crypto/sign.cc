#include "crypto/sign.h"

#include <sodium.h>

#include "crypto/digest.h"
#include "crypto/p256.h"

namespace lh::crypto {
namespace {

constexpr std::size_t kSeed = 32;
constexpr std::size_t kSignature = 64;

// RFC 8410: SubjectPublicKeyInfo and PKCS#8 of Ed25519 have one DER form each.
constexpr ByteView kEdSpki("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
constexpr ByteView kEdPkcs8("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);

const unsigned char* octets(ByteView b) {
  return reinterpret_cast<const unsigned char*>(b.data());
}

}  // namespace

std::string_view jose_name(Algorithm a) {
  return a == Algorithm::kEs256 ? "ES256" : "EdDSA";
}

struct PublicKey::Impl {
  Algorithm algorithm = Algorithm::kEd25519;
  Bytes spki;
  P256Public p256;  // empty for Ed25519
  ByteView ed25519() const { return ByteView(spki).substr(kEdSpki.size()); }
};

PublicKey::PublicKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
PublicKey::PublicKey(PublicKey&&) noexcept = default;
PublicKey& PublicKey::operator=(PublicKey&&) noexcept = default;
PublicKey::PublicKey(const PublicKey&) = default;
PublicKey& PublicKey::operator=(const PublicKey&) = default;
PublicKey::~PublicKey() = default;

Result<PublicKey> PublicKey::from_spki(ByteView der) {
  if (der.size() == kEdSpki.size() + kSeed && der.starts_with(kEdSpki)) {
    return from_ed25519(der.substr(kEdSpki.size()));
  }
  auto impl = std::make_shared<Impl>();
  impl->p256 = LH_TRY(P256Public::from_spki(der));
  impl->algorithm = Algorithm::kEs256;
  impl->spki = Bytes(der);
  return PublicKey(std::move(impl));
}

Result<PublicKey> PublicKey::from_ed25519(ByteView raw32) {
  if (raw32.size() != kSeed) return Error(Reason::kInputMalformed, "Ed25519 key length");
  // Refuses encodings that are no point and points of small order (a key that signs anything).
  if (crypto_core_ed25519_is_valid_point(octets(raw32)) != 1) {
    return Error(Reason::kKeyWeak, "not a point of the prime-order group");
  }
  auto impl = std::make_shared<Impl>();
  impl->spki = Bytes(kEdSpki).append(raw32);
  return PublicKey(std::move(impl));
}

Result<PublicKey> PublicKey::from_p256(ByteView x32, ByteView y32) {
  if (x32.size() != 32 || y32.size() != 32)
    return Error(Reason::kInputMalformed, "P-256 key length");
  return from_spki(p256_spki(x32, y32));
}

Algorithm PublicKey::algorithm() const {
  return impl_->algorithm;
}
const Bytes& PublicKey::spki() const {
  return impl_->spki;
}
Digest PublicKey::fingerprint() const {
  return sha256(impl_->spki);
}

Bytes PublicKey::ed25519_raw() const {
  LH_CHECK(impl_->algorithm == Algorithm::kEd25519, "an Ed25519 key");
  return Bytes(impl_->ed25519());
}

Status PublicKey::verify(ByteView message, ByteView signature) const {
  if (signature.size() != kSignature) return Error(Reason::kSignatureInvalid, "length");
  if (impl_->algorithm == Algorithm::kEs256) return impl_->p256.verify(sha256(message), signature);
  const int good = crypto_sign_verify_detached(octets(signature), octets(message), message.size(),
                                               octets(impl_->ed25519()));
  if (good != 0) return Error(Reason::kSignatureInvalid);
  return ok_status();
}

struct PrivateKey::Impl {
  Algorithm algorithm = Algorithm::kEd25519;
  Secret ed25519;    // seed ‖ public key (libsodium's form); empty for ES256
  P256Private p256;  // empty for Ed25519
};

PrivateKey::PrivateKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

Result<PrivateKey> PrivateKey::generate(Algorithm a, Random& random) {
  if (a == Algorithm::kEd25519) {
    Secret seed = Secret::zeroed(kSeed);
    random.fill(seed.data(), seed.size());
    return from_stored(a, seed);
  }
  auto impl = std::make_unique<Impl>();
  impl->algorithm = a;
  impl->p256 = LH_TRY(P256Private::generate(random));
  return PrivateKey(std::move(impl));
}

Result<PrivateKey> PrivateKey::from_stored(Algorithm a, const Secret& stored) {
  auto impl = std::make_unique<Impl>();
  impl->algorithm = a;
  if (a == Algorithm::kEs256) {
    impl->p256 = LH_TRY(P256Private::from_pkcs8(stored.bytes()));
    return PrivateKey(std::move(impl));
  }
  if (stored.size() != kSeed) return Error(Reason::kInputMalformed, "Ed25519 seed length");
  impl->ed25519 = Secret::zeroed(crypto_sign_SECRETKEYBYTES);
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> ignored{};
  const int done = crypto_sign_seed_keypair(ignored.data(), impl->ed25519.data(), stored.data());
  LH_CHECK(done == 0, "an Ed25519 key comes of any seed");
  return PrivateKey(std::move(impl));
}

Algorithm PrivateKey::algorithm() const {
  return impl_->algorithm;
}

PublicKey PrivateKey::public_key() const {
  Result<PublicKey> key = impl_->algorithm == Algorithm::kEs256
                              ? PublicKey::from_spki(impl_->p256.spki())
                              : PublicKey::from_ed25519(impl_->ed25519.bytes().substr(kSeed));
  return std::move(key).value();
}

Result<Secret> PrivateKey::stored() const {
  if (impl_->algorithm == Algorithm::kEd25519) {
    return Secret::copy_of(impl_->ed25519.bytes().substr(0, kSeed));
  }
  Bytes der = LH_TRY(impl_->p256.pkcs8());
  Secret out = Secret::copy_of(der);
  wipe(der);
  return out;
}

Bytes PrivateKey::pkcs8() const {
  if (impl_->algorithm == Algorithm::kEd25519) {
    return Bytes(kEdPkcs8).append(impl_->ed25519.bytes().substr(0, kSeed));
  }
  return impl_->p256.pkcs8().value();
}

Result<Bytes> PrivateKey::sign(ByteView message) const {
  if (impl_->algorithm == Algorithm::kEs256) return impl_->p256.sign(sha256(message));
  Bytes out(kSignature, '\0');
  const int done = crypto_sign_detached(reinterpret_cast<unsigned char*>(out.data()), nullptr,
                                        octets(message), message.size(), impl_->ed25519.data());
  if (done != 0) return Error(Reason::kCryptoFailure, "Ed25519");
  return out;
}

}  // namespace lh::crypto
