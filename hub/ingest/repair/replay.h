// Rows in quarantine put through the mapping again, after they were repaired or the mapping was
// mended. What passes leaves quarantine in the very change that stores its last record; what fails
// keeps its place with the new reason. Nothing is lost on the way, whenever it is cut.
// Audit: those of a load, quarantine.replayed.
#pragma once

#include "hub/ingest/collection.h"
#include "hub/ingest/repair/repairs.h"

namespace lh::hub::ingest {

struct ReadAgain {
  ColumnSet columns;
  adapters::RawRow row;
};
// Bytes of a row with the columns of then -> columns and values of now. Errors:
// adapter.unsupported.
using Reread = std::function<Result<ReadAgain>(ReadAgain kept)>;

struct ReplayCounts {
  std::uint64_t read = 0, fresh = 0, changed = 0, same = 0, stayed = 0;
};

struct ReplayInput {
  const LoadRequest& request;  // name: whose quarantine it is
  const adapters::Mapping& mapping;
  const access::Policy& policy;
  const Reread& reread;
  std::string only;              // id of one row; empty: all
  std::optional<Reason> reason;  // those held for this reason
};

// Rows that were repaired may change what is stored; others are bytes of long ago and may only add
// to it: where something else is stored under their key they stay, as row.conflict. Blocks.
// Errors: quarantine.unknown (no such row, or it does not wait), key.missing, store.*.
Result<ReplayCounts> replay(const CollectionParts& parts, const ReplayInput& input);

}  // namespace lh::hub::ingest
