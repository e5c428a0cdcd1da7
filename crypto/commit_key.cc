#include "crypto/commit_key.h"

#include "crypto/digest.h"

namespace lh::crypto {

Digest CommitKey::commit(ByteView bytes) const {
  return hmac_sha256(view(key_), bytes);
}

}  // namespace lh::crypto
