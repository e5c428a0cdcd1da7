#include "hub/ledger/log/keys.h"

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
  return numbered(kManifestPrefix, index);
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
  if (key.size() != 9) return Error(Reason::kStoreCorrupt, "a key of the log is not 9 bytes long");
  return read_be64(key.substr(1));
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
