// The Merkle tree of the log: its newest nodes in memory, full tiles in the store.
// Tiles after c2sp.org/tlog-tiles: tile (level, n) holds 256 hashes of complete subtrees of
// 2^(8*level) leaves. Full tiles are stored once; partial ones are what memory holds.
// Threads: any number of readers beside one writer. Cost: a proof for a recent entry is look-ups
// only; for an old one at most four tile reads.
#pragma once

#include <memory>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "crypto/merkle.h"
#include "hub/store/store.h"

namespace lh::hub::ledger::log {

inline constexpr unsigned kTileWidth = 256;

struct FullTile {
  unsigned level = 0;
  std::uint64_t index = 0;
  Bytes hashes;
};

// The right edge of the tree at one size, made once for all proofs of a batch.
struct TreeEdge {
  std::uint64_t size = 0;
  struct Peak {
    std::uint64_t begin = 0;  // first leaf
    unsigned level = 0;
    Digest hash{};
    Digest rest{};  // root of this peak and all to its right
  };
  std::vector<Peak> peaks;  // largest first
};

class LogTree {
 public:
  explicit LogTree(const store::Store& store) : store_(store) {}

  // Rebuilds the edge for `size` leaves from full tiles and the entries behind the last of them.
  // Errors: ledger.gap (names the first missing index), store.corrupt.
  Status load(std::uint64_t size);
  // Gives the tiles that became full.
  std::vector<FullTile> append(const std::vector<Digest>& leaves);
  std::uint64_t size() const;
  // Everything below `released` may be forgotten except what appending needs: its tiles are stored.
  void trim(std::uint64_t released);

  Result<TreeEdge> edge(std::uint64_t size) const;
  static Digest root(const TreeEdge& edge);
  static Bytes frontier(const TreeEdge& edge);  // as crypto::Frontier::encode
  // The inclusion proof, by look-ups. Precondition: index < edge.size.
  Result<std::vector<Digest>> inclusion(std::uint64_t index, const TreeEdge& edge) const;
  Result<std::vector<Digest>> consistency(std::uint64_t first, std::uint64_t second) const;
  // Concatenated hashes of a tile that lies within `size` leaves. Errors: audit.index_unknown.
  Result<Bytes> tile(unsigned level, std::uint64_t index, unsigned width, std::uint64_t size) const;

 private:
  // Complete nodes of one level from number `base` on.
  struct Level {
    std::uint64_t base = 0;
    std::vector<Digest> nodes;
    std::uint64_t count() const { return base + nodes.size(); }
  };
  using TileNodes = std::vector<Digest>;  // 256 + 128 + … + 1, the levels of one full tile

  Result<Digest> node(unsigned level, std::uint64_t index) const;
  std::optional<Digest> held(unsigned level, std::uint64_t index) const;
  Result<std::shared_ptr<const TileNodes>> tile_nodes(unsigned level, std::uint64_t index) const;
  Result<std::vector<Digest>> tail_leaves(std::uint64_t from, std::uint64_t size) const;
  Result<std::vector<Digest>> tile_roots(unsigned level, std::uint64_t from,
                                         std::uint64_t count) const;
  void fill(unsigned tile_level, std::uint64_t start, std::vector<Digest> nodes);

  const store::Store& store_;
  mutable std::shared_mutex mutex_;
  std::vector<Level> levels_;
  mutable std::mutex cache_mutex_;
  mutable std::unordered_map<std::uint64_t, std::shared_ptr<const TileNodes>> cache_;
};

}  // namespace lh::hub::ledger::log
