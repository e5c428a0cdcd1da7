// OpenSSL's own SHA-256 functions, not EVP: since 3.0 every EVP digest allocates a provider
// context, which on the short inputs of tags and tree nodes costs more than the digest
// (crypto_bench).
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/digest.h"

#include <openssl/sha.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "crypto/start.h"

namespace lh::crypto {
namespace {

void start(SHA256_CTX& context) {
  LH_CHECK(SHA256_Init(&context) == 1, "SHA-256 starts");
}

void add(SHA256_CTX& context, ByteView data) {
  LH_CHECK(SHA256_Update(&context, data.data(), data.size()) == 1, "SHA-256 takes data");
}

Digest end(SHA256_CTX& context) {
  Digest out{};
  LH_CHECK(SHA256_Final(out.data(), &context) == 1, "SHA-256 ends");  // wipes its block
  return out;
}

constexpr std::size_t kBlock = 64;  // of SHA-256
using Block = std::array<std::uint8_t, kBlock>;

Digest keyed_pass(Block& padded, std::uint8_t flip, ByteView data) {
  for (auto& b : padded) b = static_cast<std::uint8_t>(b ^ flip);
  SHA256_CTX context;
  start(context);
  add(context, view(padded));
  add(context, data);
  return end(context);
}

// RFC 2104 section 4: what only the key decides, kept.
void keep_pass(Block& padded, std::uint8_t flip, std::uint8_t* kept) {
  for (auto& b : padded) b = static_cast<std::uint8_t>(b ^ flip);
  SHA256_CTX context;
  start(context);
  add(context, view(padded));
  std::memcpy(kept, &context, sizeof context);
  sodium_memzero(&context, sizeof context);
}

Digest kept_pass(const std::uint8_t* kept, ByteView data) {
  SHA256_CTX context;
  std::memcpy(&context, kept, sizeof context);
  add(context, data);
  return end(context);
}

constexpr std::uint8_t kInner = 0x36;  // RFC 2104 section 2
constexpr std::uint8_t kOuter = 0x5c;

// At most a block, filled up with zeros.
Block padded_key(ByteView key) {
  Digest short_key{};
  if (key.size() > kBlock) {
    short_key = sha256(key);
    key = view(short_key);
  }
  Block padded{};
  std::copy(key.begin(), key.end(), padded.begin());
  sodium_memzero(short_key.data(), short_key.size());
  return padded;
}

}  // namespace

Digest sha256(ByteView data) {
  SHA256_CTX context;
  start(context);
  add(context, data);
  return end(context);
}

Digest sha256(ByteView a, ByteView b, ByteView c) {
  SHA256_CTX context;
  start(context);
  for (const ByteView part : {a, b, c}) add(context, part);
  return end(context);
}

struct Sha256Stream::State {
  SHA256_CTX context;
};

Sha256Stream::Sha256Stream() : state_(new State) {
  start(state_->context);
}
Sha256Stream::~Sha256Stream() {
  delete state_;
}
void Sha256Stream::update(ByteView data) {
  add(state_->context, data);
}
Digest Sha256Stream::finish() {
  return end(state_->context);
}

// RFC 2104: H(K ^ opad ‖ H(K ^ ipad ‖ text)), written out: EVP_MAC would allocate a context and
// fetch its parameters on every call.
Digest hmac_sha256(ByteView key, ByteView data) {
  Block padded = padded_key(key);
  const Digest inner = keyed_pass(padded, kInner, data);
  const Digest out = keyed_pass(padded, kInner ^ kOuter, view(inner));
  sodium_memzero(padded.data(), padded.size());
  return out;
}

HmacKey::HmacKey(ByteView key) : states_(Secret::zeroed(2 * sizeof(SHA256_CTX))) {
  Block padded = padded_key(key);
  keep_pass(padded, kInner, states_.data());
  keep_pass(padded, kInner ^ kOuter, states_.data() + sizeof(SHA256_CTX));
  sodium_memzero(padded.data(), padded.size());
}

Digest HmacKey::of(ByteView data) const {
  LH_CHECK(!states_.empty(), "a digest under no key");
  const Digest inner = kept_pass(states_.data(), data);
  return kept_pass(states_.data() + sizeof(SHA256_CTX), view(inner));
}

Tag blake2b_mac(const Secret& key, ByteView data) {
  start_sodium();
  Tag out{};
  const int done = crypto_generichash(out.data(), out.size(),
                                      reinterpret_cast<const unsigned char*>(data.data()),
                                      data.size(), key.data(), key.size());
  LH_CHECK(done == 0, "a BLAKE2b key has at most 64 bytes");
  return out;
}

}  // namespace lh::crypto
