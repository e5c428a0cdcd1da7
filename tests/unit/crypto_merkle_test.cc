#include "crypto/merkle.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "crypto/digest.h"
#include "tests/kits/seeded_random.h"

namespace lh::crypto {
namespace {

Digest digest_of(std::string_view hex) {
  return to_array<32>(parse_hex(hex).value()).value();
}

// A tree in memory, by the recursive definition of RFC 6962 2.1: slow, obvious, and not the code
// under test.
class PlainTree {
 public:
  explicit PlainTree(std::vector<Digest> leaves) : leaves_(std::move(leaves)) {}
  Digest root(std::uint64_t begin, std::uint64_t n) const {
    if (n == 1) return leaves_[begin];
    std::uint64_t k = 1;
    while (k * 2 < n) k *= 2;
    return node_hash(root(begin, k), root(begin + k, n - k));
  }
  NodeReader reader() const {
    return [this](unsigned level, std::uint64_t index) -> Result<Digest> {
      const std::uint64_t width = std::uint64_t{1} << level;
      if ((index + 1) * width > leaves_.size()) return Error(Reason::kStoreCorrupt, "no such node");
      return root(index * width, width);
    };
  }
  const std::vector<Digest>& leaves() const { return leaves_; }

 private:
  std::vector<Digest> leaves_;
};

PlainTree tree_of(std::size_t n) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < n; ++i) leaves.push_back(leaf_hash("leaf " + std::to_string(i)));
  return PlainTree(std::move(leaves));
}

// The reference tree of Certificate Transparency (google/certificate-transparency,
// merkletree/merkle_tree_test.cc).
constexpr const char* kCtLeaves[] = {"",
                                     "00",
                                     "10",
                                     "2021",
                                     "3031",
                                     "40414243",
                                     "5051525354555657",
                                     "606162636465666768696a6b6c6d6e6f"};
constexpr const char* kCtRoots[] = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

std::vector<Digest> ct_leaves() {
  std::vector<Digest> out;
  for (const char* hex : kCtLeaves) out.push_back(leaf_hash(parse_hex(hex).value()));
  return out;
}

TEST(Merkle, HasTheRootsOfTheCtReferenceTree) {
  const PlainTree tree(ct_leaves());
  for (std::uint64_t n = 1; n <= 8; ++n) {
    EXPECT_EQ(root_of(n, tree.reader()).value(), digest_of(kCtRoots[n - 1])) << n;
  }
  EXPECT_EQ(to_hex(view(root_of(0, tree.reader()).value())),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Merkle, HasTheProofsOfTheCtReferenceTree) {
  const PlainTree tree(ct_leaves());
  const std::vector<Digest> inclusion = {
      digest_of("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
      digest_of("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
      digest_of("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")};
  EXPECT_EQ(inclusion_proof(5, 8, tree.reader()).value(), inclusion);
  const std::vector<Digest> consistency = {
      digest_of("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
      digest_of("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
      digest_of("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")};
  EXPECT_EQ(consistency_proof(6, 8, tree.reader()).value(), consistency);
}

std::vector<Digest> rest_of(std::istream& line) {
  std::vector<Digest> out;
  for (std::string hex; line >> hex;) out.push_back(digest_of(hex));
  return out;
}

// tests/vectors/tlog: made with golang.org/x/mod/sumdb/tlog.
TEST(Merkle, AgreesWithGoOnRootsAndProofs) {
  std::ifstream in(LH_SOURCE_DIR "/tests/vectors/tlog/go_tlog.txt");
  ASSERT_TRUE(in);
  const PlainTree tree = tree_of(100);
  int checked = 0;
  for (std::string text; std::getline(in, text);) {
    if (text.empty() || text[0] == '#') continue;
    std::istringstream line(text);
    std::string kind;
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    line >> kind >> a;
    if (kind != "root") line >> b;
    const std::vector<Digest> hashes = rest_of(line);
    SCOPED_TRACE(text.substr(0, 40));
    if (kind == "root") {
      EXPECT_EQ(root_of(a, tree.reader()).value(), hashes.at(0));
    }
    if (kind == "inclusion") {
      EXPECT_EQ(inclusion_proof(a, b, tree.reader()).value(), hashes);
    }
    if (kind == "consistency") {
      EXPECT_EQ(consistency_proof(a, b, tree.reader()).value(), hashes);
    }
    ++checked;
  }
  EXPECT_GT(checked, 100);
}

// Subtree roots are computed once: the property tests below ask for every proof.
class CachedTree {
 public:
  explicit CachedTree(std::size_t n) {
    levels_.push_back(tree_of(n).leaves());
    while (levels_.back().size() > 1) {
      std::vector<Digest> up;
      for (std::size_t i = 0; i + 1 < levels_.back().size(); i += 2) {
        up.push_back(node_hash(levels_.back()[i], levels_.back()[i + 1]));
      }
      levels_.push_back(std::move(up));
    }
  }
  NodeReader reader() const {
    return [this](unsigned level, std::uint64_t i) -> Result<Digest> {
      return levels_.at(level).at(i);
    };
  }
  const Digest& leaf(std::uint64_t i) const { return levels_[0][i]; }

 private:
  std::vector<std::vector<Digest>> levels_;
};

TEST(Merkle, EveryInclusionProofVerifiesUpTo300Leaves) {
  const CachedTree tree(300);
  for (std::uint64_t n = 1; n <= 300; ++n) {
    const Digest root = root_of(n, tree.reader()).value();
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto proof = inclusion_proof(i, n, tree.reader()).value();
      ASSERT_TRUE(verify_inclusion(i, n, tree.leaf(i), proof, root).ok()) << i << " of " << n;
    }
  }
}

// RFC 6962 proofs say nothing about the size itself: a neighbouring size may have the same path
// with the same turns. Its root is another one, so a proof is held against the root of that size.
TEST(Merkle, NoInclusionProofVerifiesForAnotherLeafPlaceOrTree) {
  const CachedTree tree(130);
  for (std::uint64_t n = 2; n <= 130; n += 3) {
    const Digest root = root_of(n, tree.reader()).value();
    const Digest next_root = root_of(n - 1, tree.reader()).value();
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto proof = inclusion_proof(i, n, tree.reader()).value();
      const std::uint64_t other = (i + 1) % n;
      ASSERT_FALSE(verify_inclusion(other, n, tree.leaf(i), proof, root).ok()) << i << " " << n;
      ASSERT_FALSE(verify_inclusion(i, n, tree.leaf(other), proof, root).ok());
      ASSERT_FALSE(verify_inclusion(i, n - 1, tree.leaf(i), proof, next_root).ok());
      ASSERT_FALSE(verify_inclusion(i + n, n, tree.leaf(i), proof, root).ok());
    }
  }
}

TEST(Merkle, NoInclusionProofSurvivesAFlippedByte) {
  const CachedTree tree(37);
  const Digest root = root_of(37, tree.reader()).value();
  for (std::uint64_t i = 0; i < 37; ++i) {
    const auto proof = inclusion_proof(i, 37, tree.reader()).value();
    for (std::size_t h = 0; h < proof.size(); ++h) {
      for (std::size_t b = 0; b < 32; ++b) {
        auto bad = proof;
        bad[h][b] ^= 1U;
        const Status s = verify_inclusion(i, 37, tree.leaf(i), bad, root);
        ASSERT_FALSE(s.ok());
        EXPECT_EQ(s.error().reason(), Reason::kProofInvalid);
      }
    }
  }
}

TEST(Merkle, RefusesInclusionProofsOfTheWrongLength) {
  const CachedTree tree(37);
  const Digest root = root_of(37, tree.reader()).value();
  for (std::uint64_t i = 0; i < 37; ++i) {
    auto proof = inclusion_proof(i, 37, tree.reader()).value();
    proof.push_back(root);
    EXPECT_EQ(verify_inclusion(i, 37, tree.leaf(i), proof, root).error().reason(),
              Reason::kProofMalformed);
    proof.resize(proof.size() - 2);
    EXPECT_EQ(verify_inclusion(i, 37, tree.leaf(i), proof, root).error().reason(),
              Reason::kProofMalformed);
  }
  EXPECT_FALSE(verify_inclusion(0, 0, root, {}, root).ok());
  EXPECT_FALSE(inclusion_proof(37, 37, tree.reader()).ok());
}

TEST(Merkle, EveryConsistencyProofVerifiesUpTo130Leaves) {
  const CachedTree tree(130);
  std::vector<Digest> roots{empty_root()};
  for (std::uint64_t n = 1; n <= 130; ++n) roots.push_back(root_of(n, tree.reader()).value());
  for (std::uint64_t n = 0; n <= 130; ++n) {
    for (std::uint64_t m = 0; m <= n; ++m) {
      const auto proof = consistency_proof(m, n, tree.reader()).value();
      ASSERT_TRUE(verify_consistency(m, n, proof, roots[m], roots[n]).ok()) << m << " in " << n;
      Digest bad = roots[m];
      bad[31] ^= 1U;
      ASSERT_FALSE(verify_consistency(m, n, proof, bad, roots[n]).ok()) << m << " in " << n;
      bad = roots[n];
      bad[0] ^= 0x80U;
      if (m == 0) continue;  // the empty tree is a prefix of any tree
      ASSERT_FALSE(verify_consistency(m, n, proof, roots[m], bad).ok()) << m << " in " << n;
    }
  }
}

TEST(Merkle, NoConsistencyProofSurvivesAFlippedByteOrAnotherLength) {
  const CachedTree tree(21);
  const Digest newer = root_of(21, tree.reader()).value();
  for (std::uint64_t m = 1; m < 21; ++m) {
    const Digest older = root_of(m, tree.reader()).value();
    const auto proof = consistency_proof(m, 21, tree.reader()).value();
    for (std::size_t i = 0; i < proof.size() * 32; ++i) {
      auto bad = proof;
      bad[i / 32][i % 32] ^= 4U;
      ASSERT_FALSE(verify_consistency(m, 21, bad, older, newer).ok()) << m << " " << i;
    }
    auto longer = proof;
    longer.push_back(newer);
    EXPECT_FALSE(verify_consistency(m, 21, longer, older, newer).ok());
    auto shorter = proof;
    shorter.pop_back();
    EXPECT_FALSE(verify_consistency(m, 21, shorter, older, newer).ok());
  }
}

TEST(Merkle, RefusesConsistencyBackwardsAndTwoRootsOfOneSize) {
  const CachedTree tree(8);
  const Digest a = root_of(7, tree.reader()).value();
  const Digest b = root_of(8, tree.reader()).value();
  EXPECT_FALSE(consistency_proof(8, 7, tree.reader()).ok());
  EXPECT_FALSE(verify_consistency(8, 7, {}, b, a).ok());
  EXPECT_FALSE(verify_consistency(8, 8, {}, a, b).ok());
  EXPECT_FALSE(verify_consistency(0, 8, {}, a, b).ok());  // the empty tree has one root
  EXPECT_FALSE(verify_consistency(0, 8, {a}, empty_root(), b).ok());
}

TEST(Merkle, PassesOnTheErrorOfTheNodeReader) {
  const NodeReader broken = [](unsigned, std::uint64_t) -> Result<Digest> {
    return Error(Reason::kStoreCorrupt, "tile");
  };
  EXPECT_EQ(root_of(5, broken).error().reason(), Reason::kStoreCorrupt);
  EXPECT_EQ(inclusion_proof(2, 5, broken).error().reason(), Reason::kStoreCorrupt);
  EXPECT_EQ(consistency_proof(2, 5, broken).error().reason(), Reason::kStoreCorrupt);
}

TEST(Frontier, HasTheRootOfTheTreeAtEverySizeAndSurvivesItsEncoding) {
  const CachedTree tree(300);
  Frontier f;
  for (std::uint64_t n = 0; n < 300; ++n) {
    EXPECT_EQ(f.size(), n);
    ASSERT_EQ(f.root(), root_of(n, tree.reader()).value()) << n;
    f = Frontier::decode(f.encode()).value();
    f.append(tree.leaf(n));
  }
}

TEST(Frontier, RefusesAnEncodingOfAnotherLength) {
  Frontier f;
  for (int i = 0; i < 11; ++i) f.append(leaf_hash("x"));
  const Bytes good = f.encode();
  EXPECT_EQ(good.size(), 8U + 3 * 32);
  for (std::size_t n = 0; n < good.size(); ++n) {
    EXPECT_FALSE(Frontier::decode(ByteView(good).substr(0, n)).ok()) << n;
  }
  EXPECT_FALSE(Frontier::decode(good + '\0').ok());
  EXPECT_FALSE(Frontier::decode(kits::flipped(good, 7, 2)).ok());  // 15 leaves have four hashes
}

TEST(Merkle, RootOfLeavesIsTheRootOfTheTree) {
  const PlainTree tree = tree_of(77);
  EXPECT_EQ(root_of_leaves(tree.leaves()), root_of(77, tree.reader()).value());
  EXPECT_EQ(root_of_leaves({}), empty_root());
}

}  // namespace
}  // namespace lh::crypto
