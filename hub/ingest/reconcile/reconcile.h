// Store and source compared, record by record: what only one of them has, what both have and say
// differently, and in which fields. The source is read whole; memory stays flat, whatever its size.
// Of a source that gives what was delivered, one after the other, the last record of a key counts:
// it is read once more before (find_last).
// Nothing is changed. No value of a person is in the outcome: keys of persons are shown as shapes,
// differences as names of fields.
// Audit: adapter.reconciled when it begins (under it stored records are read), and by the caller
// when the report is signed.
#pragma once

#include "hub/ingest/collection.h"
#include "hub/ingest/reconcile/last_of_key.h"

namespace lh::hub::ingest {

enum class DifferenceKind : std::uint8_t { kOnlyInSource, kOnlyInStore, kDiffers };
std::string_view difference_text(DifferenceKind kind);  // "only_in_source", …

struct Difference {
  DifferenceKind kind = DifferenceKind::kDiffers;
  std::uint64_t row = 0;  // of the source; 0: it has none
  adapters::RecordKind record = adapters::RecordKind::kBaseData;
  std::string object;      // licence type or kind of base data
  std::string key;         // inside the source; of a person its shape; empty: not known
  std::string reference;   // 32 hex digits that stand for the record in every report of this source
  std::string licence_id;  // of the stored licence
  std::string division;
  std::vector<std::string> fields;  // that differ; "status", "valid_from", "valid_until" too
};

struct Reconciliation {
  std::uint64_t rows = 0;      // read
  std::uint64_t refused = 0;   // that the mapping refuses: they are in quarantine, or will be
  std::uint64_t repeated = 0;  // records beyond the first (of deliveries: the last) of their key
  std::uint64_t only_in_source = 0, only_in_store = 0, differs = 0, same = 0;  // records
  std::vector<Difference> differences;  // at most kMostListed
  std::uint64_t not_listed = 0;
  std::uint64_t entry = 0;  // index of the entry under which stored records were read
  bool clean() const { return only_in_source + only_in_store + differs == 0; }
};
inline constexpr std::size_t kMostListed = 20000;

struct ReconcileInput {
  const LoadRequest& request;
  const adapters::Mapping& mapping;
  adapters::Source& source;  // from its beginning
  const access::Policy& policy;
  std::string scratch_folder;
  const std::function<void(const LoadProgress&)>& progress;
  LastOfKey* last = nullptr;  // of deliveries: what find_last gave for them
};

// The first reading of deliveries. Errors: those of the source, file.unwritable. Blocks.
Result<LastOfKey> find_last(const CollectionParts& parts, const ReconcileInput& input);

// Errors: those of the source, adapter.state (deliveries that changed after find_last),
// audit.unavailable, store.*, file.unwritable. Blocks.
Result<Reconciliation> reconcile(const CollectionParts& parts, const ReconcileInput& input);

}  // namespace lh::hub::ingest
