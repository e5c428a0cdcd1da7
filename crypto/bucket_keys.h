// The 4,096 bucket keys: one sealed file outside the database. A subject's data key is wrapped by
// the bucket key of its number; re-keying a bucket and destroying the old file is what makes an
// erased subject unreadable in every copy (model.md, Keys). File "LHB1" ‖ generation(8) ‖ sealed.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/secret.h"

namespace lh::crypto {

inline constexpr std::size_t kBuckets = 4096;

class BucketKeys {
 public:
  static Result<BucketKeys> create(const std::string& path, const Secret& wrapping, Random& random);
  static Result<BucketKeys> load(const std::string& path, const Secret& wrapping);
  static BucketKeys in_memory(Random& random);
  static std::uint16_t bucket_of(std::uint64_t subject_no) {
    return static_cast<std::uint16_t>(subject_no >> 52U);
  }
  ByteView key(std::uint16_t bucket) const;  // 32 bytes
  std::uint64_t generation() const { return generation_; }
  // Replaces one key; the new file is durable and the old one overwritten and removed on return.
  Status rekey(std::uint16_t bucket, Random& random);

 private:
  BucketKeys() = default;
  Status save(Random& random) const;
  std::string path_;
  Secret wrapping_;
  Secret keys_;
  std::uint64_t generation_ = 1;
};

}  // namespace lh::crypto
