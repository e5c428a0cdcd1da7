// The cursor of a file: where the next row begins, and enough of the file to know it again.
#pragma once

#include "adapters/adapter.h"
#include "adapters/file/file_bytes.h"

namespace lh::adapters::file {

// CBOR: [1, offset, rows, digest of the first min(4096, offset) bytes], of rows that end in a line
// end; [2, offset, rows, digest, cut] of rows with an end of their own. The digest (FNV-1a, 64
// bits) tells one file from another by accident, not against an adversary: whoever can forge the
// file can forge its rows as well.
struct FileCursor {
  std::uint64_t offset = 0;  // 0 = the beginning, before the header line
  std::uint64_t rows = 0;    // given so far
  std::uint64_t cut = 0;     // 1: the last row given ended where the file ended, not by itself
};

// What the format knows of its files.
struct CursorRules {
  enum class RowEnd : std::uint8_t { kLineEnd, kOwn };
  RowEnd row_end = RowEnd::kLineEnd;
  std::size_t loose_from = 0;  // bytes loose_from..loose_to of the head change when a file grows
  std::size_t loose_to = 0;
};

Result<Cursor> make_cursor(const FileBytes& file, FileCursor at, CursorRules rules = {});
// Input: a cursor of make_cursor or an empty one. Errors: cursor.invalid when it is of another
// file, or the file now ends before it, or it does not stand behind a whole row (the last row has
// grown).
Result<FileCursor> parse_cursor(const FileBytes& file, const Cursor& cursor,
                                CursorRules rules = {});

}  // namespace lh::adapters::file
