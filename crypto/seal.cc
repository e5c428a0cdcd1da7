#include "crypto/seal.h"

#include <sodium.h>

#include "crypto/start.h"

namespace lh::crypto {
namespace {

constexpr char kVersion = 1;  // stored; never renumber
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kSealOverhead == 1 + kNonce + kTag);
static_assert(kNonce == std::tuple_size_v<SealNonce>);
static_assert(kSealKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

unsigned char* octets(Bytes& b) {
  return reinterpret_cast<unsigned char*>(b.data());
}
const unsigned char* octets(ByteView b) {
  return reinterpret_cast<const unsigned char*>(b.data());
}

void check_key(ByteView key) {
  LH_CHECK(key.size() == kSealKeyBytes, "a sealing key has 32 bytes");
  start_sodium();
}

// Room for the plain text at `out`: body.size() - kTag bytes.
Status open_body(unsigned char* out, ByteView key, ByteView nonce, ByteView body, ByteView aad) {
  const int done = crypto_aead_xchacha20poly1305_ietf_decrypt(out, nullptr, nullptr, octets(body),
                                                              body.size(), octets(aad), aad.size(),
                                                              octets(nonce), octets(key));
  if (done != 0) return Error(Reason::kSealBroken, "authentication");
  return ok_status();
}

Status open_into(unsigned char* out, ByteView key, ByteView sealed, ByteView aad) {
  return open_body(out, key, sealed.substr(1, kNonce), sealed.substr(1 + kNonce), aad);
}

Status check_form(ByteView sealed) {
  if (sealed.size() < kSealOverhead) return Error(Reason::kSealBroken, "too short");
  if (sealed[0] != kVersion) return Error(Reason::kSealBroken, "unknown version");
  return ok_status();
}

}  // namespace

Bytes seal(ByteView key, ByteView plain, ByteView aad, Random& random) {
  check_key(key);
  Bytes out(kSealOverhead + plain.size(), kVersion);
  unsigned char* const nonce = octets(out) + 1;
  random.fill(nonce, kNonce);
  const int done = crypto_aead_xchacha20poly1305_ietf_encrypt(
      nonce + kNonce, nullptr, octets(plain), plain.size(), octets(aad), aad.size(), nullptr, nonce,
      octets(key));
  LH_CHECK(done == 0, "sealing does not fail");
  return out;
}

Bytes seal_under(ByteView key, const SealNonce& nonce, ByteView plain, ByteView aad) {
  check_key(key);
  Bytes out(plain.size() + kTag, '\0');
  const int done = crypto_aead_xchacha20poly1305_ietf_encrypt(octets(out), nullptr, octets(plain),
                                                              plain.size(), octets(aad), aad.size(),
                                                              nullptr, nonce.data(), octets(key));
  LH_CHECK(done == 0, "sealing does not fail");
  return out;
}

Result<Bytes> open_under(ByteView key, const SealNonce& nonce, ByteView sealed, ByteView aad) {
  check_key(key);
  if (sealed.size() < kTag) return Error(Reason::kSealBroken, "too short");
  Bytes out(sealed.size() - kTag, '\0');
  LH_TRY(open_body(octets(out), key, view(nonce), sealed, aad));
  return out;
}

Result<Bytes> open(ByteView key, ByteView sealed, ByteView aad) {
  check_key(key);
  LH_TRY(check_form(sealed));
  Bytes out(sealed.size() - kSealOverhead, '\0');
  LH_TRY(open_into(octets(out), key, sealed, aad));
  return out;
}

Result<Secret> open_secret(ByteView key, ByteView sealed, ByteView aad) {
  check_key(key);
  LH_TRY(check_form(sealed));
  Secret out = Secret::zeroed(sealed.size() - kSealOverhead);
  LH_TRY(open_into(out.data(), key, sealed, aad));
  return out;
}

}  // namespace lh::crypto
