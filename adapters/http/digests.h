// The digests that signatures of requests need; wired with those of crypto by the hub.
#pragma once

#include "base/bytes.h"

namespace lh::adapters::http {

// Threads: any.
class MessageDigests {
 public:
  MessageDigests() = default;
  MessageDigests(const MessageDigests&) = delete;
  MessageDigests& operator=(const MessageDigests&) = delete;
  virtual ~MessageDigests() = default;
  virtual Digest sha256(ByteView data) const = 0;                     // FIPS 180-4
  virtual Digest hmac_sha256(ByteView key, ByteView data) const = 0;  // RFC 2104
};

}  // namespace lh::adapters::http
