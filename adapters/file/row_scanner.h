// Where a row of CSV ends and which values it has (RFC 4180). Pure: bytes in, positions out.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace lh::adapters::file {

enum class AtEnd : std::uint8_t { kMoreToCome, kEndOfFile };

struct RowScan {
  enum class Kind : std::uint8_t {
    kRow,      // a whole row
    kMore,     // the window ends too early to tell
    kQuoting,  // the quoting is broken: the first line of the row alone is the bad row
    kTooLong   // more than max_bytes without a line end: skip to the next line end
  };
  Kind kind = Kind::kMore;
  std::size_t row_bytes = 0;  // without the line end
  std::size_t consumed = 0;   // with it
};

// Input: window begins at a row; not empty. Output: consumed > 0 unless kMore. kMore is never given
// for a window of more than max_bytes + 2 bytes, nor at the end of the file.
// A quoted value may hold line ends; a quote inside an unquoted value, text after a closing quote,
// a lone CR outside quotes or a quote that is never closed are broken quoting. Recovery is bounded:
// one bad quote costs one line of the file, or a scan of max_bytes.
RowScan scan_row(ByteView window, char delimiter, std::size_t max_bytes, AtEnd at_end);

// Values of a row that scan_row called kRow, as UTF-8. Input: the row's text, decoded.
void split_row(std::string_view row, char delimiter, std::vector<std::string>& values);

}  // namespace lh::adapters::file
