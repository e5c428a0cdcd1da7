#include "crypto/digest.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <initializer_list>

#include "crypto/c_ptr.h"
#include "crypto/start.h"

namespace lh::crypto {
namespace {

using MdContext = CPtr<EVP_MD_CTX, EVP_MD_CTX_free>;

// Fetched once for the life of the process: an implicit fetch costs more than the digest.
const EVP_MD* sha256_md() {
  static const EVP_MD* const kMd = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  LH_CHECK(kMd != nullptr, "SHA-256 is available");
  return kMd;
}

EVP_MD_CTX* thread_context() {
  thread_local const MdContext kContext(EVP_MD_CTX_new());
  LH_CHECK(kContext != nullptr, "memory for a digest context");
  return kContext.get();
}

void start(EVP_MD_CTX* context) {
  LH_CHECK(EVP_DigestInit_ex2(context, sha256_md(), nullptr) == 1, "SHA-256 starts");
}

void add(EVP_MD_CTX* context, ByteView data) {
  LH_CHECK(EVP_DigestUpdate(context, data.data(), data.size()) == 1, "SHA-256 takes data");
}

Digest end(EVP_MD_CTX* context) {
  Digest out{};
  LH_CHECK(EVP_DigestFinal_ex(context, out.data(), nullptr) == 1, "SHA-256 ends");
  return out;
}

constexpr std::size_t kBlock = 64;  // of SHA-256
using Block = std::array<std::uint8_t, kBlock>;

Digest keyed_pass(Block& padded, std::uint8_t flip, ByteView data) {
  for (auto& b : padded) b = static_cast<std::uint8_t>(b ^ flip);
  EVP_MD_CTX* const context = thread_context();
  start(context);
  add(context, view(padded));
  add(context, data);
  return end(context);
}

}  // namespace

Digest sha256(ByteView data) {
  EVP_MD_CTX* const context = thread_context();
  start(context);
  add(context, data);
  return end(context);
}

Digest sha256(ByteView a, ByteView b, ByteView c) {
  EVP_MD_CTX* const context = thread_context();
  start(context);
  for (const ByteView part : {a, b, c}) add(context, part);
  return end(context);
}

struct Sha256Stream::State {
  MdContext context{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : state_(new State) {
  LH_CHECK(state_->context != nullptr, "memory for a digest context");
  start(state_->context.get());
}
Sha256Stream::~Sha256Stream() {
  delete state_;
}
void Sha256Stream::update(ByteView data) {
  add(state_->context.get(), data);
}
Digest Sha256Stream::finish() {
  return end(state_->context.get());
}

// RFC 2104: H(K ^ opad ‖ H(K ^ ipad ‖ text)), written out over the one context of this thread:
// EVP_MAC would allocate a context and fetch its parameters on every call.
Digest hmac_sha256(ByteView key, ByteView data) {
  constexpr std::uint8_t kInner = 0x36;
  constexpr std::uint8_t kOuter = 0x5c;
  Digest short_key{};
  if (key.size() > kBlock) {
    short_key = sha256(key);
    key = view(short_key);
  }
  Block padded{};
  for (std::size_t i = 0; i < key.size(); ++i) padded[i] = static_cast<std::uint8_t>(key[i]);
  const Digest inner = keyed_pass(padded, kInner, data);
  const Digest out = keyed_pass(padded, kInner ^ kOuter, view(inner));
  sodium_memzero(padded.data(), padded.size());
  sodium_memzero(short_key.data(), short_key.size());
  return out;
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
