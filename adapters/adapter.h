// The adapter contract: a source gives raw rows in order with a cursor; a mapping turns a raw row
// into a record of ours or says what is wrong with it. Nothing here knows where records go.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "schemas/fields.h"

namespace lh::adapters {

// One row as the source gave it. Kept whole, so that a quarantined row loses nothing.
struct RawRow {
  std::uint64_t number = 0;         // 1 = first data row (the header line is 0)
  Bytes bytes;                      // exactly as read, without the line end
  std::vector<std::string> values;  // UTF-8, in the order of columns(); empty when malformed is set
  std::optional<Error> malformed;   // row.encoding, row.width, row.quoting, row.too_long
};

// A position in a source; opaque, stored with the data it covers (moves only with it).
struct Cursor {
  Bytes value;  // empty = the beginning
};

class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;
  virtual const std::vector<std::string>& columns() const = 0;
  // What the source itself calls the type of each column, in the order of columns(): compared with
  // what it was when the adapter was enabled. Empty: the source has no types (text files).
  virtual std::vector<std::string> column_types() const { return {}; }
  // Next row, or nullopt at the end. Errors: source.unavailable (the run stops; the cursor stays).
  // A bad row is a RawRow with malformed set, never an Error.
  virtual Result<std::optional<RawRow>> next() = 0;
  virtual Cursor cursor() const = 0;                            // after the last row given
  virtual std::optional<std::uint64_t> size_bytes() const = 0;  // for progress; absent = unknown
  virtual std::uint64_t position_bytes() const = 0;
};

// What a mapped row is to become.
enum class RecordKind : std::uint8_t { kBaseData, kLicence };

struct MappedHolder {
  IdScheme scheme = IdScheme::kUscc;
  std::string local_source;  // of scheme kLocal
  Personal<std::string> id;
  Personal<std::string> name;
};

// One output record of one row. A row may give several (base data and a licence).
struct MappedRecord {
  RecordKind kind = RecordKind::kBaseData;
  std::string object;  // licence type code or base-data kind
  std::string key;     // stable key of the record inside the source
  MappedHolder holder;
  schemas::Fields fields;
  std::string status;  // licence: "valid", "expired", "cancelled", …
  std::optional<LocalDate> valid_from;
  std::optional<LocalDate> valid_until;
  std::string division;
};

struct RowError {
  Reason reason = Reason::kRowCheck;
  std::string field;   // output field, empty when the whole row
  std::string column;  // source column
};

}  // namespace lh::adapters
