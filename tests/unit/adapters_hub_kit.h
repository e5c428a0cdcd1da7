// What a kind needs around it, standing still: a clock, a secret and digests.
#pragma once

#include "adapters/http/digests.h"
#include "adapters/kind.h"
#include "base/time.h"
#include "crypto/digest.h"

namespace lh::adapters::hub {

class FixedClock final : public Clock {
 public:
  UtcTime now() const override { return UtcTime{1'800'000'000'000}; }
  std::int64_t monotonic_us() const override { return 0; }
};
class OneSecret final : public Secrets {
 public:
  Result<Secret> find(std::string_view) const override { return Secret::copy_of("key"); }
};
class Digests final : public http::MessageDigests {
 public:
  Digest sha256(ByteView data) const override { return crypto::sha256(data); }
  Digest hmac_sha256(ByteView key, ByteView data) const override {
    return crypto::hmac_sha256(key, data);
  }
};

}  // namespace lh::adapters::hub
