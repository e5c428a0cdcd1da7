// One value of the current row, whole, whatever its size, or said to be not good.
#pragma once

#include <memory>

#include "adapters/file/encoding.h"
#include "adapters/sql/odbc/odbc_handle.h"
#include "adapters/sql/session/row_cells.h"

namespace lh::adapters::sql {

// How a column is asked for.
enum class Fetch : std::uint8_t { kText, kWide, kBinary };

class ValueReader {
 public:
  ValueReader(TextForm form, std::size_t max_value_bytes, std::optional<file::Decoder> decoder);
  // Appends the value of a column (counted from 1) of the row the statement stands on. room: bytes
  // the row may still take; a longer value is row.too_long. Errors: those of Session.
  Status read(SQLHANDLE statement, SQLUSMALLINT column, Fetch how, std::size_t room,
              RowWriter& out);

 private:
  enum class End : std::uint8_t { kWhole, kNull, kCut, kTooLong };
  Result<End> collect(SQLHANDLE statement, SQLUSMALLINT column, Fetch how, std::size_t limit);
  std::size_t take_part(Fetch how, SQLLEN left, std::size_t room);
  void write_text(Fetch how, RowWriter& out);

  TextForm form_;
  std::size_t max_value_bytes_;
  std::optional<file::Decoder> decoder_;  // of GB18030
  std::string part_;                      // one answer of the driver
  std::string value_;                     // kept for its storage
  std::string text_;
};

// UTF-16 in the byte order of this machine; false: not well formed.
[[nodiscard]] bool utf16_to_utf8(ByteView in, std::string& out);
// Input: UTF-8.
Bytes utf8_to_utf16(std::string_view in);

}  // namespace lh::adapters::sql
