#include "crypto/bucket_keys.h"

#include <sodium.h>

#include <algorithm>

#include "crypto/key_file.h"
#include "crypto/seal.h"

namespace lh::crypto {
namespace {

constexpr std::string_view kMagic = "LHB1";
constexpr std::size_t kKey = kSealKeyBytes;
constexpr std::size_t kHeader = 4 + 8;
constexpr std::size_t kFileBytes = kHeader + kSealOverhead + kBuckets * kKey;

Error damaged(std::string_view what) {
  return Error(Reason::kKeyFile, std::string(what));
}

Bytes make_header(std::uint64_t generation) {
  Bytes h(kMagic);
  append_be64(h, generation);
  return h;
}

}  // namespace

BucketKeys BucketKeys::in_memory(Random& random) {
  BucketKeys out;
  out.keys_ = Secret::zeroed(kBuckets * kKey);
  random.fill(out.keys_.data(), out.keys_.size());
  return out;
}

Result<BucketKeys> BucketKeys::create(const std::string& path, const Secret& wrapping,
                                      Random& random) {
  if (wrapping.size() != kKey) return Error(Reason::kKeyMissing, "wrapping key of 32 bytes");
  BucketKeys out = in_memory(random);
  out.wrapping_ = wrapping.clone();
  const Bytes header = make_header(out.generation_);
  const Bytes sealed = seal(wrapping.bytes(), out.keys_.bytes(), header, random);
  LH_TRY(write_key_file(path, header + sealed, Existing::kRefuse));
  out.path_ = path;
  return out;
}

Result<BucketKeys> BucketKeys::load(const std::string& path, const Secret& wrapping) {
  if (wrapping.size() != kKey) return Error(Reason::kKeyMissing, "wrapping key of 32 bytes");
  const Bytes file = LH_TRY(read_key_file(path, kFileBytes));
  const ByteView header = ByteView(file).substr(0, kHeader);
  if (file.size() != kFileBytes || !header.starts_with(kMagic)) return damaged("header");
  Result<Secret> keys = open_secret(wrapping.bytes(), ByteView(file).substr(kHeader), header);
  if (!keys.ok()) return damaged("seal");
  // Only now: while the new file does not open, the old one is all there is.
  LH_TRY(finish_shredding(path));
  BucketKeys out;
  out.path_ = path;
  out.wrapping_ = wrapping.clone();
  out.keys_ = std::move(keys).value();
  out.generation_ = read_be64(header.substr(kMagic.size()));
  return out;
}

ByteView BucketKeys::key(std::uint16_t bucket) const {
  LH_CHECK(bucket < kBuckets, "a bucket number is below 4096");
  return keys_.bytes().substr(std::size_t{bucket} * kKey, kKey);
}

// On an error the old key stays in memory; the file then holds either generation, whole.
Status BucketKeys::rekey(std::uint16_t bucket, Random& random) {
  const Secret before = Secret::copy_of(key(bucket));
  std::uint8_t* const place = keys_.data() + std::size_t{bucket} * kKey;
  random.fill(place, kKey);
  ++generation_;
  Status saved = save(random);
  if (!saved.ok()) {
    std::copy(before.data(), before.data() + before.size(), place);
    --generation_;
  }
  return saved;
}

Status BucketKeys::save(Random& random) const {
  if (path_.empty()) return ok_status();
  const Bytes header = make_header(generation_);
  const Bytes sealed = seal(wrapping_.bytes(), keys_.bytes(), header, random);
  return write_key_file(path_, header + sealed, Existing::kShred);
}

}  // namespace lh::crypto
