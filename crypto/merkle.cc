#include "crypto/merkle.h"

#include <bit>

#include "crypto/digest.h"

namespace lh::crypto {
namespace {

constexpr std::size_t kDigest = 32;

// Largest power of two smaller than n (RFC 6962 2.1). Precondition: n >= 2.
std::uint64_t split_of(std::uint64_t n) {
  return std::bit_floor(n - 1);
}

unsigned level_of(std::uint64_t power) {
  return static_cast<unsigned>(std::countr_zero(power));
}

// MTH of the leaves [begin, begin + n): begin is a multiple of the largest complete subtree, so
// every piece is one complete subtree, read from left to right and joined from the right.
Result<Digest> subtree_root(std::uint64_t begin, std::uint64_t n, const NodeReader& node) {
  std::vector<Digest> parts;
  while (n > 0) {
    const std::uint64_t width = std::bit_floor(n);
    parts.push_back(LH_TRY(node(level_of(width), begin / width)));
    begin += width;
    n -= width;
  }
  Digest root = parts.back();
  for (std::size_t i = parts.size() - 1; i > 0; --i) root = node_hash(parts[i - 1], root);
  return root;
}

}  // namespace

Digest leaf_hash(ByteView entry) {
  return sha256(ByteView("\0", 1), entry);
}

Digest node_hash(const Digest& left, const Digest& right) {
  return sha256(ByteView("\1", 1), view(left), view(right));
}

Digest empty_root() {
  return sha256(ByteView());
}

Result<Digest> root_of(std::uint64_t size, const NodeReader& node) {
  if (size == 0) return empty_root();
  return subtree_root(0, size, node);
}

// RFC 6962 2.1.1 PATH(m, D[n]), walked from the root and reversed.
Result<std::vector<Digest>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                            const NodeReader& node) {
  if (index >= size) return Error(Reason::kProofMalformed, "index beyond the tree");
  std::vector<Digest> path;
  std::uint64_t begin = 0;
  while (size > 1) {
    const std::uint64_t k = split_of(size);
    if (index - begin < k) {
      path.push_back(LH_TRY(subtree_root(begin + k, size - k, node)));
      size = k;
    } else {
      path.push_back(LH_TRY(subtree_root(begin, k, node)));
      begin += k;
      size -= k;
    }
  }
  return std::vector<Digest>(path.rbegin(), path.rend());
}

// RFC 6962 2.1.2 SUBPROOF(m, D[n], b), walked from the root and reversed.
Result<std::vector<Digest>> consistency_proof(std::uint64_t first, std::uint64_t second,
                                              const NodeReader& node) {
  if (first > second) return Error(Reason::kProofMalformed, "the older tree is larger");
  std::vector<Digest> path;
  if (first == 0 || first == second) return path;
  std::uint64_t begin = 0;
  std::uint64_t m = first;
  std::uint64_t n = second;
  while (m != n) {
    const std::uint64_t k = split_of(n);
    if (m <= k) {
      path.push_back(LH_TRY(subtree_root(begin + k, n - k, node)));
      n = k;
    } else {
      path.push_back(LH_TRY(subtree_root(begin, k, node)));
      begin += k;
      m -= k;
      n -= k;
    }
  }
  // b is false as soon as the walk left the left edge: the verifier does not know this subtree.
  if (begin != 0) path.push_back(LH_TRY(subtree_root(begin, n, node)));
  return std::vector<Digest>(path.rbegin(), path.rend());
}

// RFC 9162 2.1.3.2
Status verify_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                        const std::vector<Digest>& proof, const Digest& root) {
  if (index >= size) return Error(Reason::kProofMalformed, "index beyond the tree");
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Digest r = leaf;
  for (const Digest& p : proof) {
    if (sn == 0) return Error(Reason::kProofMalformed, "proof too long");
    if ((fn & 1U) == 1 || fn == sn) {
      r = node_hash(p, r);
      while ((fn & 1U) == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      r = node_hash(r, p);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  if (sn != 0) return Error(Reason::kProofMalformed, "proof too short");
  if (r != root) return Error(Reason::kProofInvalid, "inclusion");
  return ok_status();
}

namespace {

// The two roots a consistency proof rebuilds (RFC 9162 2.1.4.2, steps 2 to 6).
struct Roots {
  Digest first;
  Digest second;
};

Result<Roots> rebuild(std::uint64_t first, std::uint64_t second, const std::vector<Digest>& proof,
                      const Digest& first_root) {
  std::uint64_t fn = first - 1;
  std::uint64_t sn = second - 1;
  while ((fn & 1U) == 1) {
    fn >>= 1U;
    sn >>= 1U;
  }
  // A first tree of a power of two leaves is itself the first node of the path (step 2).
  const bool whole = std::has_single_bit(first);
  if (!whole && proof.empty()) return Error(Reason::kProofMalformed, "proof too short");
  Roots r{whole ? first_root : proof.front(), whole ? first_root : proof.front()};
  for (std::size_t i = whole ? 0 : 1; i < proof.size(); ++i) {
    if (sn == 0) return Error(Reason::kProofMalformed, "proof too long");
    if ((fn & 1U) == 1 || fn == sn) {
      r.first = node_hash(proof[i], r.first);
      r.second = node_hash(proof[i], r.second);
      while ((fn & 1U) == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      r.second = node_hash(r.second, proof[i]);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  if (sn != 0) return Error(Reason::kProofMalformed, "proof too short");
  return r;
}

}  // namespace

Status verify_consistency(std::uint64_t first, std::uint64_t second,
                          const std::vector<Digest>& proof, const Digest& first_root,
                          const Digest& second_root) {
  if (first > second) return Error(Reason::kProofMalformed, "the older tree is larger");
  if (first == 0 || first == second) {
    if (!proof.empty()) return Error(Reason::kProofMalformed, "proof too long");
    if (first == 0 && first_root != empty_root()) return Error(Reason::kProofInvalid, "empty tree");
    if (first == second && first_root != second_root) {
      return Error(Reason::kProofInvalid, "two roots of one size");
    }
    return ok_status();
  }
  if (proof.empty()) return Error(Reason::kProofMalformed, "proof too short");
  const Roots roots = LH_TRY(rebuild(first, second, proof, first_root));
  if (roots.first != first_root) return Error(Reason::kProofInvalid, "older root");
  if (roots.second != second_root) return Error(Reason::kProofInvalid, "newer root");
  return ok_status();
}

void Frontier::append(const Digest& leaf) {
  Digest h = leaf;
  // Adding one carries over every trailing set bit of the size: each joins an equal subtree.
  for (std::uint64_t carry = size_; (carry & 1U) == 1; carry >>= 1U) {
    h = node_hash(edge_.back(), h);
    edge_.pop_back();
  }
  edge_.push_back(h);
  ++size_;
}

Digest Frontier::root() const {
  if (edge_.empty()) return empty_root();
  Digest root = edge_.back();
  for (std::size_t i = edge_.size() - 1; i > 0; --i) root = node_hash(edge_[i - 1], root);
  return root;
}

Bytes Frontier::encode() const {
  Bytes out;
  out.reserve(8 + edge_.size() * kDigest);
  append_be64(out, size_);
  for (const Digest& h : edge_) out.append(view(h));
  return out;
}

Result<Frontier> Frontier::decode(ByteView b) {
  if (b.size() < 8) return Error(Reason::kInputMalformed, "frontier length");
  Frontier f;
  f.size_ = read_be64(b);
  b.remove_prefix(8);
  const auto hashes = static_cast<std::size_t>(std::popcount(f.size_));
  if (b.size() != hashes * kDigest) return Error(Reason::kInputMalformed, "frontier length");
  for (; !b.empty(); b.remove_prefix(kDigest)) {
    f.edge_.push_back(LH_TRY(to_array<kDigest>(b.substr(0, kDigest))));
  }
  return f;
}

Digest root_of_leaves(const std::vector<Digest>& leaves) {
  Frontier f;
  for (const Digest& leaf : leaves) f.append(leaf);
  return f.root();
}

}  // namespace lh::crypto
