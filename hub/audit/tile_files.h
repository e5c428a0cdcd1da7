// Files of an exported log: small, whole, checked. Private to hub/audit.
#pragma once

#include <string>

#include "base/bytes.h"

namespace lh::hub::audit {

inline constexpr unsigned kTileWidth = 256;  // tlog-tiles: tiles have height 8

// Makes the folders above it. Errors: file.unwritable.
Status write_file(const std::string& dir, const std::string& name, ByteView bytes);
// Errors: file.unreadable, input.too_large.
Result<Bytes> read_file(const std::string& dir, const std::string& name, std::size_t max_bytes);

// Tiles a level has in a tree of this size, and the width of one of them.
inline std::uint64_t tiles_at(unsigned level, std::uint64_t size) {
  const std::uint64_t hashes = level * 8 < 64 ? size >> (level * 8) : 0;
  return hashes / kTileWidth + (hashes % kTileWidth == 0 ? 0 : 1);
}
inline unsigned tile_width(unsigned level, std::uint64_t index, std::uint64_t size) {
  const std::uint64_t left = (size >> (level * 8)) - index * kTileWidth;
  return left < kTileWidth ? static_cast<unsigned>(left) : kTileWidth;
}

}  // namespace lh::hub::audit
