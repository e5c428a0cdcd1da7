// A mapping tried on a source without writing anything: the first rows in full, or all of them
// compared with what the hub holds (shadow). For the person who writes a mapping.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hub/ingest/collection.h"
#include "hub/ingest/quarantine.h"

namespace lh::hub::ingest {

struct TrialField {
  std::string field;
  std::string source;  // the columns it comes from, or "constant"
  Personal<std::string> value;
};
struct TrialRow {
  std::uint64_t number = 0;
  std::vector<std::vector<TrialField>> records;  // empty when errors is not
  std::vector<adapters::RowError> errors;
};
struct Trial {
  std::vector<TrialRow> rows;
  std::uint64_t read = 0, good = 0;
  std::map<std::string, std::uint64_t> reasons;  // id and field -> how often
};
// Reads at most `rows` rows, keeps at most `shown` of them. Errors: mapping.column_missing,
// source.*.
Result<Trial> try_mapping(const adapters::Mapping& mapping, adapters::Source& source,
                          std::uint64_t rows, std::size_t shown);

// What a live run would do: nothing is written. Errors: as of Collection::load.
struct ShadowParts {
  const store::Store& store;
  const crypto::KeyStore& keys;
};
Result<LoadCounts> shadow_run(const ShadowParts& parts, const LoadRequest& request,
                              const adapters::Mapping& mapping, adapters::Source& source,
                              const std::function<void(const LoadProgress&)>& progress);

// The shape of a value instead of the value: digits become 9, Latin letters a or A, other
// characters 某; punctuation stays. At most 24 characters.
std::string shape_of(std::string_view text);

// What became of the columns since an adapter was enabled, and which fields that starves.
struct Retyped {
  std::string column, before, now;
  std::vector<std::string> fields;  // that it feeds; empty: nobody uses it
};
struct Drift {
  std::vector<std::string> gone, added;
  std::vector<std::pair<std::string, std::string>> starved;  // field, column
  std::vector<Retyped> retyped;
  bool changed() const { return !gone.empty() || !added.empty() || !retyped.empty(); }
};
Drift drift_of(const adapters::Mapping& mapping, const ColumnSet& before, const ColumnSet& now);
// Errors: source.changed naming the first column of another type that feeds a field, and the field.
Status refuse_retyped(const Drift& drift);

}  // namespace lh::hub::ingest
