#include "hub/ledger/log/tree.h"

#include <algorithm>
#include <bit>
#include <mutex>

#include "hub/ledger/log/keys.h"

namespace lh::hub::ledger::log {
namespace {

constexpr std::size_t kTileBytes = kTileWidth * sizeof(Digest);
constexpr std::size_t kCachedTiles = 128;  // 16 KiB each
constexpr std::size_t kTrimStep = 1024;    // forget in large steps: moving the rest costs

std::vector<Digest> parents(const std::vector<Digest>& nodes) {
  std::vector<Digest> up;
  for (std::size_t i = 0; i + 1 < nodes.size(); i += 2) {
    up.push_back(crypto::node_hash(nodes[i], nodes[i + 1]));
  }
  return up;
}

Bytes joined(const Digest* first, std::size_t count) {
  Bytes out;
  out.reserve(count * sizeof(Digest));
  for (std::size_t i = 0; i < count; ++i) out.append(view(first[i]));
  return out;
}

}  // namespace

Status LogTree::load(std::uint64_t size) {
  {
    const std::unique_lock lock(mutex_);
    levels_.clear();
  }
  for (unsigned level = 0; level < 8 && (size >> (8 * level)) > 0; ++level) {
    const std::uint64_t count = size >> (8 * level);
    const std::uint64_t start = count & ~std::uint64_t{kTileWidth - 1};
    fill(level, start,
         level == 0 ? LH_TRY(tail_leaves(start, size)) : LH_TRY(tile_roots(level, start, count)));
  }
  return {};
}

// Puts the nodes of the last, partial tile of one tile level in place, with the levels between.
void LogTree::fill(unsigned tile_level, std::uint64_t start, std::vector<Digest> nodes) {
  const std::unique_lock lock(mutex_);
  const std::size_t first = std::size_t{8} * tile_level;
  if (levels_.size() < first + 8) levels_.resize(first + 8);
  for (unsigned up = 0; up < 8; ++up) {
    std::vector<Digest> next = parents(nodes);
    levels_[first + up] = Level{start >> up, std::move(nodes)};
    nodes = std::move(next);
  }
}

Result<std::vector<Digest>> LogTree::tail_leaves(std::uint64_t from, std::uint64_t size) const {
  const auto rows = LH_TRY(read_entries(store_.latest(), from, size - from));
  if (rows.size() < size - from) {
    return Error(Reason::kLedgerGap, "entry " + std::to_string(from + rows.size()));
  }
  std::vector<Digest> leaves;
  leaves.reserve(rows.size());
  for (const store::Row& row : rows) leaves.push_back(crypto::leaf_hash(row.value));
  return leaves;
}

Result<std::vector<Digest>> LogTree::tile_roots(unsigned level, std::uint64_t from,
                                                std::uint64_t count) const {
  std::vector<Digest> roots;
  for (std::uint64_t i = from; i < count; ++i) {
    const auto nodes = LH_TRY(tile_nodes(level - 1, i));
    roots.push_back(nodes->back());
  }
  return roots;
}

std::vector<FullTile> LogTree::append(const std::vector<Digest>& leaves) {
  std::vector<FullTile> full;
  const std::unique_lock lock(mutex_);
  for (const Digest& leaf : leaves) {
    Digest hash = leaf;
    for (unsigned level = 0;; ++level) {
      if (levels_.size() <= level) levels_.resize(level + 1);
      std::vector<Digest>& nodes = levels_[level].nodes;
      nodes.push_back(hash);
      const std::uint64_t count = levels_[level].count();
      if (level % 8 == 0 && count % kTileWidth == 0) {
        full.push_back({level / 8, count / kTileWidth - 1,
                        joined(&nodes[nodes.size() - kTileWidth], kTileWidth)});
      }
      if (count % 2 != 0) break;
      hash = crypto::node_hash(nodes[nodes.size() - 2], nodes.back());
    }
  }
  return full;
}

std::uint64_t LogTree::size() const {
  const std::shared_lock lock(mutex_);
  return levels_.empty() ? 0 : levels_[0].count();
}

void LogTree::trim(std::uint64_t released) {
  const std::unique_lock lock(mutex_);
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    const std::size_t tile_level = level - level % 8;
    const std::uint64_t tile = levels_[tile_level].count() & ~std::uint64_t{kTileWidth - 1};
    const std::uint64_t done = (released >> tile_level) & ~std::uint64_t{kTileWidth - 1};
    const std::uint64_t keep = std::min(tile, done) >> (level % 8);
    Level& at = levels_[level];
    // The last complete tile stays: proofs of the newest entries begin there.
    const std::uint64_t margin = std::uint64_t{kTileWidth} >> (level % 8);
    if (keep < at.base + margin + kTrimStep) continue;
    const auto drop = static_cast<std::ptrdiff_t>(keep - margin - at.base);
    at.nodes.erase(at.nodes.begin(), at.nodes.begin() + drop);
    at.base = keep - margin;
  }
}

std::optional<Digest> LogTree::held(unsigned level, std::uint64_t index) const {
  const std::shared_lock lock(mutex_);
  if (level >= levels_.size() || index < levels_[level].base) return std::nullopt;
  const std::uint64_t at = index - levels_[level].base;
  if (at >= levels_[level].nodes.size()) return std::nullopt;
  return levels_[level].nodes[at];
}

Result<Digest> LogTree::node(unsigned level, std::uint64_t index) const {
  if (const auto hash = held(level, index)) return *hash;
  const unsigned up = level % 8;
  const std::uint64_t first = index << up;  // of the tile's own hashes
  const auto nodes = LH_TRY(tile_nodes(level / 8, first / kTileWidth));
  std::size_t offset = 0;
  for (unsigned i = 0; i < up; ++i) offset += kTileWidth >> i;
  return (*nodes)[offset + ((first % kTileWidth) >> up)];
}

Result<std::shared_ptr<const LogTree::TileNodes>> LogTree::tile_nodes(unsigned level,
                                                                      std::uint64_t index) const {
  const std::uint64_t id = (std::uint64_t{level} << 56U) | index;
  {
    const std::lock_guard lock(cache_mutex_);
    if (const auto it = cache_.find(id); it != cache_.end()) return it->second;
  }
  const auto bytes =
      LH_TRY(store_.latest().find(store::OpenKey{store::Family::kTile, tile_key(level, index)}));
  const std::string name = "tile " + std::to_string(level) + "/" + std::to_string(index);
  if (!bytes) return Error(Reason::kLedgerGap, name);
  if (bytes->size() != kTileBytes) return Error(Reason::kStoreCorrupt, name);
  std::vector<Digest> row(kTileWidth);
  for (std::size_t i = 0; i < kTileWidth; ++i) {
    row[i] = LH_TRY(to_array<32>(ByteView(*bytes).substr(i * sizeof(Digest), sizeof(Digest))));
  }
  auto nodes = std::make_shared<TileNodes>();
  for (; !row.empty(); row = parents(row)) nodes->insert(nodes->end(), row.begin(), row.end());
  const std::lock_guard lock(cache_mutex_);
  if (cache_.size() >= kCachedTiles) cache_.clear();
  cache_[id] = nodes;
  return std::shared_ptr<const TileNodes>(nodes);
}

Result<TreeEdge> LogTree::edge(std::uint64_t size) const {
  TreeEdge edge;
  edge.size = size;
  std::uint64_t begin = 0;
  while (begin < size) {
    const auto level = static_cast<unsigned>(std::bit_width(size - begin) - 1);
    const Digest hash = LH_TRY(node(level, begin >> level));
    edge.peaks.push_back({begin, level, hash, hash});
    begin += std::uint64_t{1} << level;
  }
  for (std::size_t i = edge.peaks.size(); i > 1; --i) {
    edge.peaks[i - 2].rest = crypto::node_hash(edge.peaks[i - 2].hash, edge.peaks[i - 1].rest);
  }
  return edge;
}

Digest LogTree::root(const TreeEdge& edge) {
  return edge.peaks.empty() ? crypto::empty_root() : edge.peaks.front().rest;
}

Bytes LogTree::frontier(const TreeEdge& edge) {
  Bytes out;
  append_be64(out, edge.size);
  for (const TreeEdge::Peak& peak : edge.peaks) out.append(view(peak.hash));
  return out;
}

// RFC 6962 2.1.1 read from the leaf: siblings inside the leaf's peak, then everything to the right
// as one hash, then the peaks to the left from near to far.
Result<std::vector<Digest>> LogTree::inclusion(std::uint64_t index, const TreeEdge& edge) const {
  if (index >= edge.size) return Error(Reason::kAuditIndex, std::to_string(index));
  std::size_t home = edge.peaks.size() - 1;
  while (edge.peaks[home].begin > index) --home;
  std::vector<Digest> path;
  path.reserve(edge.peaks[home].level + edge.peaks.size());
  for (unsigned level = 0; level < edge.peaks[home].level; ++level) {
    path.push_back(LH_TRY(node(level, (index >> level) ^ 1U)));
  }
  if (home + 1 < edge.peaks.size()) path.push_back(edge.peaks[home + 1].rest);
  for (std::size_t i = home; i > 0; --i) path.push_back(edge.peaks[i - 1].hash);
  return path;
}

Result<std::vector<Digest>> LogTree::consistency(std::uint64_t first, std::uint64_t second) const {
  return crypto::consistency_proof(
      first, second, [this](unsigned level, std::uint64_t index) { return node(level, index); });
}

Result<Bytes> LogTree::tile(unsigned level, std::uint64_t index, unsigned width,
                            std::uint64_t size) const {
  const Error unknown(Reason::kAuditIndex,
                      "tile " + std::to_string(level) + "/" + std::to_string(index));
  if (level > 7 || width == 0 || width > kTileWidth) return unknown;
  const std::uint64_t count = size >> (8 * level);
  if (index > count / kTileWidth || index * kTileWidth + width > count) return unknown;
  Bytes out;
  for (unsigned i = 0; i < width; ++i) {
    const Digest hash = LH_TRY(node(8 * level, index * kTileWidth + i));
    out.append(view(hash));
  }
  return out;
}

}  // namespace lh::hub::ledger::log
