// A bare digest of a personal value is a dictionary: commitments are keyed.
// expect: commitments are keyed
#include "base/permit.h"

namespace lh::crypto {
class CommitKey {
 public:
  Digest commit(ByteView) const { return {}; }
};
}  // namespace lh::crypto
struct BareDigest {
  lh::Digest commit(lh::ByteView) const { return {}; }
};

lh::Digest leak(const lh::Undisclosed<lh::Bytes>& answer) {
#ifdef CONTROL
  return answer.commitment(lh::crypto::CommitKey(), [](const lh::Bytes& b) { return b; });
#else
  return answer.commitment(BareDigest(), [](const lh::Bytes& b) { return b; });
#endif
}
