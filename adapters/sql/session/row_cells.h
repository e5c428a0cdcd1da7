// One row on its way from a driver: a CBOR array with an item for each column. It is what a RawRow
// keeps as its bytes, so that a quarantined row loses nothing.
//   null | text (UTF-8) | bytes (a binary value) | [why, bytes] (a value that is not good)
#pragma once

#include <optional>
#include <vector>

#include "adapters/adapter.h"
#include "adapters/sql/session/session.h"
#include "base/cbor.h"

namespace lh::adapters::sql {

// Stored in quarantine; never renumber.
enum class BadValue : std::uint8_t {
  kCut = 1,       // row.cut: less or more came than was announced
  kEncoding = 2,  // row.encoding: no text in the declared encoding, or U+0000
  kTooLong = 3    // row.too_long: its beginning
};
Reason reason_of(BadValue bad);

enum class CellKind : std::uint8_t { kNull, kText, kBytes, kBad };
struct Cell {
  CellKind kind = CellKind::kNull;
  BadValue bad = BadValue::kCut;
  ByteView bytes;
};

class RowWriter {
 public:
  explicit RowWriter(std::size_t columns) { out_.array(columns); }
  void null() { out_.null(); }
  // Not UTF-8, or with U+0000: becomes a bad value.
  void text(std::string_view value);
  void binary(ByteView value) { out_.bytes(value); }
  void bad(BadValue why, ByteView beginning);
  std::size_t size() const { return out_.out().size(); }
  Bytes take() { return out_.take(); }

 private:
  CborWriter out_;
};

// Views into row. Errors: source.answer (another number of columns, another form).
Status read_cells(ByteView row, std::size_t columns, std::vector<Cell>& out);

// The value as the mapper gets it: UTF-8, the same for the same content whatever the driver.
//   NULL: empty · date 2024-01-05 · timestamp 2024-01-05T12:00:00.5+08:00 (no zeros at the end of
//   the fraction; the zone where the source has one) · decimal as it is, with a digit before the
//   point · bit 0 or 1 · binary "base64:" and RFC 4648 section 4.
// A value that does not look like its type is given as it is.
std::string render(ColumnType type, const Cell& cell);

// The values rendered, or malformed with the first bad value and its column. Input: as many cells
// as columns. The caller adds number and bytes.
RawRow make_row(const std::vector<Cell>& cells, const std::vector<Column>& columns);

// "timestamp datetime2": what becomes of the values, and the source's own name of the type.
std::string type_text(const Column& column);
// Columns of a row that was kept. Errors: adapter.unsupported (a type that is not one of ours).
Result<std::vector<Column>> columns_of(const std::vector<std::string>& names,
                                       const std::vector<std::string>& types);

}  // namespace lh::adapters::sql
