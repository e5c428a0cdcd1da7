// CommitKey: the random key k of one audit entry. Request, answer and values are committed as
// HMAC(k, bytes), never as bare digests (model.md, "Audit entry"): a digest of a request that holds
// an id would be a dictionary of 10^10.
#pragma once

#include "base/bytes.h"
#include "base/random.h"

namespace lh::crypto {

class CommitKey {
 public:
  explicit CommitKey(Random& random) : key_(random.array<32>()) {}
  explicit CommitKey(const Digest& key) : key_(key) {}
  Digest commit(ByteView bytes) const;
  ByteView bytes() const { return view(key_); }  // for box B of the entry only

 private:
  Digest key_;
};

}  // namespace lh::crypto
