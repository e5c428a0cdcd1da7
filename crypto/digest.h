// Digests and keyed digests. SHA-256 by OpenSSL's own functions (libsodium's has no SHA-NI, and EVP
// allocates for every digest).
// Source: FIPS 180-4, RFC 2104; BLAKE2b keyed: RFC 7693. Threads: any.
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

namespace lh::crypto {

Digest sha256(ByteView data);
// Of the concatenation a ‖ b ‖ c without copying.
Digest sha256(ByteView a, ByteView b, ByteView c = {});

// Streaming; one object digests one message.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void update(ByteView data);
  Digest finish();

 private:
  struct State;
  State* state_;
};

Digest hmac_sha256(ByteView key, ByteView data);

// The same for a key that is used again and again: its two blocks are digested once, which is half
// the work on short data. Threads: any.
class HmacKey {
 public:
  HmacKey() = default;  // of nothing: may only be assigned to
  explicit HmacKey(ByteView key);
  Digest of(ByteView data) const;

 private:
  Secret states_;  // after the inner and after the outer block
};

// 16-byte keyed BLAKE2b: cached verdicts beside records. Cost: about 1 µs at 1 KiB.
Tag blake2b_mac(const Secret& key, ByteView data);

}  // namespace lh::crypto
