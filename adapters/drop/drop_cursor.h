// The cursor of a drop folder: which files were read, which one is being read and how far.
#pragma once

#include <deque>

#include "adapters/adapter.h"
#include "adapters/drop/folder.h"
#include "adapters/file/file_bytes.h"

namespace lh::adapters::drop {

// FNV-1a, 64 bits: tells files apart by accident, not against an adversary
// (docs/formats/mapping.md, "The cursor").
class Fingerprint {
 public:
  void add(ByteView bytes) {
    for (const char c : bytes) {
      hash_ = (hash_ ^ static_cast<std::uint8_t>(c)) * 0x100000001B3U;
    }
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325U;
};

// Of name, size and time: the file is known again without being read.
std::uint64_t key_of(const Entry& entry);
// Of its content. Errors: source.unavailable.
Result<std::uint64_t> content_of(const std::string& path);

struct DoneFile {
  std::uint64_t key = 0;
  std::uint64_t content = 0;
};

// CBOR: [1, name, content, inner, rows before the file, rows of it, [key, content, …]].
struct DropCursor {
  static constexpr std::size_t kRemembered = 1024;  // files that were read, the latest last
  std::string name;                                 // being read; empty: none
  std::uint64_t content = 0;
  Cursor inner;
  std::uint64_t rows_before = 0;
  std::uint64_t rows = 0;
  std::deque<DoneFile> done;

  bool knows_key(std::uint64_t key) const;
  bool knows_content(std::uint64_t content) const;
  void remember(DoneFile file);
};

Cursor make_cursor(const DropCursor& at);
Result<DropCursor> parse_cursor(const Cursor& cursor);  // cursor.invalid; empty: the beginning

}  // namespace lh::adapters::drop
