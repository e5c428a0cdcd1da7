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
#include "adapters/settings.h"

namespace lh::adapters {

// A field: where its value comes from and what happens to it, in order. A name that begins with '_'
// is for the use of key, holder, status, … only and is not in the record's fields.
struct FieldRule {
  std::string name;                  // output field
  std::string column;                // source column, empty with a constant or with columns
  std::vector<std::string> columns;  // several columns, trimmed, the empty ones left out, …
  std::string join;                  // … with this text between them
  std::string constant;
  std::vector<std::string>
      converters;  // "trim", "half_width", "upper", "date:%Y-%m-%d", "capital", …
  std::vector<std::string> checks;        // "uscc", "resident_id", "max:200", "one_of:…"
  std::vector<std::string> empty_values;  // spellings of "nothing" ("N/A")
  bool required = false;
  int line = 0;
};

struct OutputRule {
  RecordKind kind = RecordKind::kBaseData;
  std::string object;
  // Output fields whose values make the key, joined by U+001F; each of them is required.
  std::vector<std::string> key;
  IdScheme holder_scheme = IdScheme::kUscc;
  std::string holder_id;  // output field
  std::string holder_name;
  std::string local_source;
  std::string status;       // output field or constant
  std::string valid_from;   // output field with dates
  std::string valid_until;  // output field with dates; absent or empty = 长期
  std::string division;     // output field or constant
  std::vector<std::pair<std::string, std::string>> date_order;  // first ≤ second where both are set
  std::vector<FieldRule> fields;
  // The key of one record at request time: column and text with the place {holder.id}. Empty: the
  // source is not asked at request time.
  std::vector<std::pair<std::string, std::string>> lookup;
  int line = 0;
};

// What is given back to the source when a licence of this hub is issued or changes its status, or
// when base data changes here.
struct PushRule {
  RecordKind about = RecordKind::kLicence;
  std::string object;           // licence type code, or kind of base data
  std::vector<std::string> on;  // "issued", "status", or "base_data" alone
  std::vector<std::pair<std::string, std::string>> record;  // column and text with places
  int line = 0;
};

// How often a source may be called, by whomever: of the table [limits]. Zeros: no limit.
struct CallLimits {
  std::uint32_t calls_per_second = 0;  // or …
  std::uint32_t calls_per_minute = 0;  // … never both
  std::uint32_t calls_burst = 1;       // at once after a rest
  std::uint32_t concurrent_calls = 0;
  bool operator==(const CallLimits&) const = default;
};

// How hard a source may be worked: the table [limits]. Runs of a source never overlap.
struct RunLimits {
  CallLimits calls;
  std::uint32_t rows_per_second = 0;     // 0: as fast as it goes
  std::uint32_t run_seconds = 6 * 3600;  // then the run ends behind its row; the next one goes on
  std::uint32_t retry_seconds = 60;      // after a failure; doubled, with jitter, up to the period
  std::uint32_t failures = 5;            // in a row that open the breaker
  std::uint32_t open_seconds = 1800;     // then one try; doubled each time it fails, at most a day
};

// When runs may begin and go on: the table [calendar], civil time of UTC+8. A run that was asked
// for by a person is not held back.
struct WorkingTimes {
  struct Span {
    std::uint16_t from = 0;  // minutes of the day
    std::uint16_t to = 1440;
  };
  std::vector<Span> hours;       // ascending, apart; empty: the whole day
  std::uint8_t weekdays = 0x7F;  // bit 0 = Monday
  std::string days_file;         // days off and extra working days; empty: none
  bool always() const { return hours.empty() && weekdays == 0x7F && days_file.empty(); }
};

struct Mapping {
  std::string name;
  int version = 1;
  std::string issuer_name;  // of collected licences
  std::string kind;         // of the source: "file", "sql", "http", … (adapters/kind.h)
  SettingsNode source;      // the [source] table, read by its kind
  // Columns that must be there; a missing one is mapping.column_missing.
  std::vector<std::string> header;
  // A row whose value in this column is the column's own name, or one of header_guard_values, is a
  // header line of another file (row.header_line). Empty: only exact repeats of the header are.
  std::string header_guard;
  std::vector<std::string> header_guard_values;
  std::map<std::string, std::map<std::string, std::string>> tables;  // code tables by name
  std::vector<OutputRule> outputs;
  std::vector<PushRule> pushes;
  RunLimits limits;
  WorkingTimes calendar;
  std::optional<std::uint16_t> reconcile_at;  // [reconcile] at: minutes of the day, once a day
};

// Input: UTF-8, at most 1 MiB. Errors: mapping.syntax, mapping.invalid (unknown keys, converters,
// checks, tables, fields that do not exist, …). What is in [source] beyond what every kind shares
// is checked by Kind::check.
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
  // A malformed row gives its own reason. Every reason found is given, in the order of the fields,
  // except that a value's first failure is its only one. Cost: 2–4 µs for ten columns.
  Outcome apply(const RawRow& row) const;

 private:
  struct Impl;
  explicit Mapper(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lh::adapters
