// The header of a DBF file: dBASE III and IV, FoxPro, Visual FoxPro (the layout all of them share).
#pragma once

#include <string>
#include <vector>

#include "adapters/file/byte_window.h"
#include "adapters/file/encoding.h"

namespace lh::adapters::file::formats {

enum class DbfMemo : std::uint8_t { kNone, kDbase3, kDbase4, kFoxPro };

struct DbfField {
  std::string name;
  char type = 'C';         // C N F D L M
  std::size_t offset = 0;  // in the record; byte 0 is the deletion mark
  std::size_t length = 0;
};

struct DbfHeader {
  std::uint64_t records = 0;  // as it says; the file may hold fewer or more
  std::size_t header_bytes = 0;
  std::size_t record_bytes = 0;
  DbfMemo memo = DbfMemo::kNone;  // how memo fields are kept, when there are any
  std::vector<DbfField> fields;
};

// The window stands at the beginning of the file, and behind the header afterwards.
// Errors: source.answer (what it says of itself cannot be: lengths, counts, two fields of one
// name), adapter.unsupported (another version, an encrypted file, a field type that is not known),
// row.encoding (a field name that is no text of the encoding).
Result<DbfHeader> read_dbf_header(ByteWindow& window, Decoder& decoder);

}  // namespace lh::adapters::file::formats
