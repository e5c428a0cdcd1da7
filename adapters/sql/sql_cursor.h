// The cursor of a pull: the values of the cursor columns in the last row given, as the driver gave
// them. CBOR: [1, digest, rows, [[type, text], …]]. The digest (FNV-1a, 64 bits) tells one query
// from another by accident, not against someone who may write cursors.
#pragma once

#include "adapters/adapter.h"
#include "adapters/sql/sql_settings.h"

namespace lh::adapters::sql {

struct SqlCursor {
  std::uint64_t rows = 0;  // given so far
  Parameters last;         // empty: the beginning
};

// Of everything that says which rows there are and in which order.
std::uint64_t query_digest(const SqlSettings& settings);

Cursor make_cursor(std::uint64_t digest, const SqlCursor& at);
// Input: a cursor of make_cursor or an empty one. Errors: cursor.invalid when it is of another
// query or of columns of other types.
Result<SqlCursor> parse_cursor(const Cursor& cursor, std::uint64_t digest,
                               const std::vector<CursorColumn>& columns);

}  // namespace lh::adapters::sql
