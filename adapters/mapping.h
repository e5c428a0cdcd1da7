// Mapping file (TOML): source, key, fields with converters and checks, outputs, limits, as data.
// Format: docs/formats/mapping.md. Errors carry the line: "mapping.invalid: line 12: …".
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/adapter.h"

namespace lh::adapters {

enum class SourceKind : std::uint8_t { kFile, kMemory };
enum class Encoding : std::uint8_t { kUtf8, kGb18030 };

struct FileSourceSettings {
  Encoding encoding = Encoding::kUtf8;
  char delimiter = ',';
  std::vector<std::string> header;  // expected names; a missing one is mapping.column_missing
  std::string header_guard;         // a row whose value in this column equals a header-like value …
};

// A field: where its value comes from and what happens to it, in order.
struct FieldRule {
  std::string name;                     // output field
  std::string column;                   // source column, empty with a constant
  std::string constant;
  std::vector<std::string> converters;  // "trim", "half_width", "upper", "date:%Y-%m-%d", "capital", …
  std::vector<std::string> checks;      // "uscc", "resident_id", "max:200", "one_of:…"
  std::vector<std::string> empty_values;  // spellings of "nothing" ("N/A")
  bool required = false;
  int line = 0;
};

struct OutputRule {
  RecordKind kind = RecordKind::kBaseData;
  std::string object;
  std::vector<std::string> key;     // output fields whose values make the key
  IdScheme holder_scheme = IdScheme::kUscc;
  std::string holder_id;            // output field
  std::string holder_name;
  std::string local_source;
  std::string status;               // output field or constant
  std::string valid_from;
  std::string valid_until;
  std::string division;
  std::vector<FieldRule> fields;
};

struct Mapping {
  std::string name;
  int version = 1;
  std::string issuer_name;          // of collected licences
  SourceKind source = SourceKind::kFile;
  FileSourceSettings file;
  std::map<std::string, std::map<std::string, std::string>> tables;  // code tables by name
  std::vector<OutputRule> outputs;
  std::size_t max_row_bytes = 1U << 20U;
};

Result<Mapping> parse_mapping(std::string_view toml);

// A mapping bound to the columns of an open source; apply() is pure. Threads: const functions any.
class Mapper {
 public:
  // Errors: mapping.column_missing naming the column and the fields it starves.
  static Result<Mapper> bind(const Mapping& mapping, const std::vector<std::string>& columns);
  Mapper(Mapper&&) noexcept;
  Mapper& operator=(Mapper&&) noexcept;
  ~Mapper();
  struct Outcome {
    std::vector<MappedRecord> records;  // empty when errors is not
    std::vector<RowError> errors;
  };
  Outcome apply(const RawRow& row) const;

 private:
  struct Impl;
  explicit Mapper(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lh::adapters
