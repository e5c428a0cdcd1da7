// The keys the ledger owns in the store (docs/formats/keys.md). Numbers are big endian: keys only
// grow, files do not overlap, and compaction moves them. Stored; never renumber.
#pragma once

#include "hub/store/store.h"

namespace lh::hub::ledger::log {

// audit: "e" ‖ index(8) → the entry; "e" ‖ index(8) ‖ "m" → the rows of its change. Side by side,
// so that all keys of the family grow and compaction never rewrites them.
inline constexpr ByteView kEntryPrefix = "e";
inline constexpr ByteView kChainPrefix = "c";  // state: "c" ‖ tag(16) → sequence(8) ‖ index(8)
inline constexpr ByteView kTreeState = "t";    // state: the right edge of the tree
inline constexpr ByteView kReleased = "k";     // state: the last checkpoint released before

Bytes entry_key(std::uint64_t index);
Bytes manifest_key(std::uint64_t index);
Bytes chain_key(const Tag& tag);
Bytes tile_key(unsigned level, std::uint64_t index);  // tile: level(1) ‖ index(8) → 8,192 bytes
// index: kind(1) ‖ tag(16) ‖ index(8) → empty. Kind 0 is the watermark: entries below it are here.
Bytes posting_prefix(std::uint8_t kind, const Tag& tag);
inline constexpr ByteView kWatermark = ByteView("\0w", 2);

// Input: any audit key. Errors: store.corrupt.
Result<std::uint64_t> index_of_key(ByteView key);
inline bool is_manifest_key(ByteView key) {
  return key.size() == 10;
}
// The entries from..from+limit, as far as they follow each other without a gap.
Result<std::vector<store::Row>> read_entries(const store::Snapshot& snapshot, std::uint64_t from,
                                             std::size_t limit);
// True for what only the ledger itself may write: a change with such a row is refused.
bool is_ledger_key(store::Family family, ByteView key);

struct ChainHead {
  std::uint64_t sequence = 0;  // 0 = no entry yet
  std::uint64_t index = 0;
  bool operator==(const ChainHead&) const = default;
};
Bytes encode_head(const ChainHead& head);
Result<ChainHead> decode_head(ByteView bytes);  // store.corrupt
// The head in the store; sequence 0 when there is none.
Result<ChainHead> stored_head(const store::Snapshot& snapshot, const Tag& tag);

struct TreeState {
  std::uint64_t size = 0;
  UtcTime last_time;
  Bytes frontier;  // crypto::Frontier
};
Bytes encode_tree_state(const TreeState& state);      // format(1) ‖ last time(8) ‖ frontier
Result<TreeState> decode_tree_state(ByteView bytes);  // store.corrupt, store.format

struct TagHash {
  std::size_t operator()(const Tag& tag) const { return read_be64(view(tag)); }
};

}  // namespace lh::hub::ledger::log
