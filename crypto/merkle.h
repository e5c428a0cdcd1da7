// RFC 6962 Merkle tree hashing (leaf 0x00, node 0x01, SHA-256), inclusion and consistency proofs,
// and their verification after RFC 9162 2.1.3.2 and 2.1.4.2.
// Threads: values. Cost: a proof over n leaves touches at most log2(n) nodes.
#pragma once

#include <functional>
#include <vector>

#include "base/bytes.h"

namespace lh::crypto {

Digest leaf_hash(ByteView entry);
Digest node_hash(const Digest& left, const Digest& right);
Digest empty_root();

// Hash of the complete subtree of 2^level leaves that begins at leaf (index << level).
using NodeReader = std::function<Result<Digest>(unsigned level, std::uint64_t index)>;

Result<Digest> root_of(std::uint64_t size, const NodeReader& node);
Result<std::vector<Digest>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                            const NodeReader& node);
Result<std::vector<Digest>> consistency_proof(std::uint64_t first, std::uint64_t second,
                                              const NodeReader& node);
// Errors: proof.malformed (wrong length), proof.invalid (wrong root).
Status verify_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                        const std::vector<Digest>& proof, const Digest& root);
Status verify_consistency(std::uint64_t first, std::uint64_t second,
                          const std::vector<Digest>& proof, const Digest& first_root,
                          const Digest& second_root);

// The right edge of a tree: enough to append and to know the root. At most 64 hashes.
class Frontier {
 public:
  std::uint64_t size() const { return size_; }
  void append(const Digest& leaf);
  Digest root() const;
  Bytes encode() const;                        // size(8) ‖ hashes
  static Result<Frontier> decode(ByteView b);  // input.malformed

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> edge_;  // one a set bit of size_, largest subtree first
};

// Root of a list of leaf hashes (bulk entries commit to their rows with it).
Digest root_of_leaves(const std::vector<Digest>& leaves);

}  // namespace lh::crypto
