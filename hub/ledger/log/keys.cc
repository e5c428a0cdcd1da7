#include "hub/ledger/log/keys.h"

#include <algorithm>

namespace lh::hub::ledger::log {
namespace {

constexpr char kTreeStateFormat = 0x01;  // stored; never renumber

Bytes numbered(ByteView prefix, std::uint64_t number) {
  Bytes key(prefix);
  append_be64(key, number);
  return key;
}

}  // namespace

Bytes entry_key(std::uint64_t index) {
  return numbered(kEntryPrefix, index);
}
Bytes manifest_key(std::uint64_t index) {
  return entry_key(index) + "m";
}
Bytes chain_key(const Tag& tag) {
  return Bytes(kChainPrefix).append(view(tag));
}
Bytes tile_key(unsigned level, std::uint64_t index) {
  return numbered(Bytes(1, static_cast<char>(level)), index);
}
Bytes posting_prefix(std::uint8_t kind, const Tag& tag) {
  return Bytes(1, static_cast<char>(kind)).append(view(tag));
}

Result<std::uint64_t> index_of_key(ByteView key) {
  const bool entry = key.size() == 9;
  const bool manifest = key.size() == 10 && key.back() == 'm';
  if (!entry && !manifest) return Error(Reason::kStoreCorrupt, "a key of the log: " + to_hex(key));
  return read_be64(key.substr(1));
}

Result<std::vector<store::Row>> read_entries(const store::Snapshot& snapshot, std::uint64_t from,
                                             std::size_t limit) {
  constexpr std::size_t kPiece = 512;
  std::vector<store::Row> entries;
  Bytes next = entry_key(from);
  while (entries.size() < limit) {
    const std::size_t piece = std::min(kPiece, 2 * (limit - entries.size()));
    auto rows = LH_TRY(snapshot.scan(store::Family::kAudit, kEntryPrefix, next, piece));
    if (rows.empty()) break;
    next = rows.back().key + '\0';
    for (store::Row& row : rows) {
      const std::uint64_t index = LH_TRY(index_of_key(row.key));
      if (is_manifest_key(row.key)) continue;
      if (entries.size() == limit || index != from + entries.size()) return entries;
      entries.push_back(std::move(row));
    }
  }
  return entries;
}

bool is_ledger_key(store::Family family, ByteView key) {
  switch (family) {
    case store::Family::kData:
    case store::Family::kKey:
      return false;
    case store::Family::kState:
      return key.starts_with(kChainPrefix) || key.starts_with(kTreeState) ||
             key.starts_with(kReleased);
    case store::Family::kAudit:
    case store::Family::kTile:
    case store::Family::kIndex:
      break;
  }
  return true;
}

Bytes encode_head(const ChainHead& head) {
  Bytes out;
  append_be64(out, head.sequence);
  append_be64(out, head.index);
  return out;
}

Result<ChainHead> decode_head(ByteView bytes) {
  if (bytes.size() != 16) return Error(Reason::kStoreCorrupt, "head of a chain");
  return ChainHead{read_be64(bytes), read_be64(bytes.substr(8))};
}

Result<ChainHead> stored_head(const store::Snapshot& snapshot, const Tag& tag) {
  const auto bytes = LH_TRY(snapshot.find(store::OpenKey{store::Family::kState, chain_key(tag)}));
  if (!bytes) return ChainHead{};
  return decode_head(*bytes);
}

Bytes encode_tree_state(const TreeState& state) {
  Bytes out(1, kTreeStateFormat);
  append_be64(out, static_cast<std::uint64_t>(state.last_time.ms));
  return out.append(state.frontier);
}

Result<TreeState> decode_tree_state(ByteView bytes) {
  if (bytes.size() < 17) return Error(Reason::kStoreCorrupt, "tree state");
  if (bytes.front() != kTreeStateFormat) return Error(Reason::kStoreFormat, "tree state");
  TreeState state;
  state.last_time = UtcTime{static_cast<std::int64_t>(read_be64(bytes.substr(1)))};
  state.frontier = Bytes(bytes.substr(9));
  state.size = read_be64(state.frontier);
  return state;
}

}  // namespace lh::hub::ledger::log
