// The cursor of a file: where the next row begins, and enough of the file to know it again.
#pragma once

#include "adapters/adapter.h"
#include "adapters/file/file_bytes.h"

namespace lh::adapters::file {

// CBOR: [1, offset, rows, digest of the first min(4096, offset) bytes]. The digest (FNV-1a, 64
// bits) tells one file from another by accident, not against an adversary: whoever can forge the
// file can forge its rows as well.
struct FileCursor {
  std::uint64_t offset = 0;  // 0 = the beginning, before the header line
  std::uint64_t rows = 0;    // given so far
};

Result<Cursor> make_cursor(const FileBytes& file, FileCursor at);
// Input: a cursor of make_cursor or an empty one. Errors: cursor.invalid when it is of another
// file, or the file now ends before it, or it does not stand behind a line end (the last row has
// grown).
Result<FileCursor> parse_cursor(const FileBytes& file, const Cursor& cursor);

}  // namespace lh::adapters::file
