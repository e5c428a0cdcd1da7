#include "crypto/seal.h"

#include <sodium.h>

#include "crypto/start.h"

namespace lh::crypto {
namespace {

constexpr char kVersion = 1;  // stored; never renumber
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kSealOverhead == 1 + kNonce + kTag);
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

// Room for the plain text at `out`: sealed.size() - kSealOverhead bytes.
Status open_into(unsigned char* out, ByteView key, ByteView sealed, ByteView aad) {
  const ByteView nonce = sealed.substr(1, kNonce);
  const ByteView body = sealed.substr(1 + kNonce);
  const int done = crypto_aead_xchacha20poly1305_ietf_decrypt(out, nullptr, nullptr, octets(body),
                                                              body.size(), octets(aad), aad.size(),
                                                              octets(nonce), octets(key));
  if (done != 0) return Error(Reason::kSealBroken, "authentication");
  return ok_status();
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
