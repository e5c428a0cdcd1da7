// Collecting (归集) and loading: rows from a mapped source, or NDJSON lines of POST
// /v1/licences/collect, become base data and collected licences — idempotent, audited, each bad row
// in quarantine with its bytes, row number, field and reason; the cursor moves only with its data.
// Audit: licence.collected (one a licence), base_data.loaded (legal entities, one entry a run of
// rows with count and RFC 6962 root), subject.stored (natural persons), ingest.run,
// ingest.quarantined.
// Rows: data "X" ‖ source ‖ 0 ‖ key -> what a record was last seen as (row_memory.h); data "Q" ‖
// source ‖ 0 ‖ … -> quarantined row, sealed (quarantine.h); state "R" ‖ source -> cursor
// (cursor.h).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "adapters/adapter.h"
#include "adapters/mapping.h"
#include "hub/access/act.h"
#include "hub/access/gate.h"
#include "hub/ledger/change.h"
#include "hub/licences/licence_office.h"
#include "hub/subjects/base_data.h"

namespace lh::hub::ingest {

struct LoadCounts {
  std::uint64_t read = 0, fresh = 0, changed = 0, same = 0, quarantined = 0;
};
struct LoadProgress {
  LoadCounts counts;
  std::uint64_t position_bytes = 0;
  std::optional<std::uint64_t> size_bytes;
};

using SubmitChange =
    std::function<void(ledger::Change, std::function<void(Result<std::vector<Recorded>>)>)>;

struct CollectionParts {
  const store::Store& store;
  licences::LicenceOffice& office;
  subjects::SubjectDirectory& directory;
  const subjects::BaseData& base_data;
  const access::Gate& gate;
  const audit::EntryMaker& entries;
  const crypto::KeyStore& keys;
  Random& random;
  const Clock& clock;
  SubmitChange submit;
  int workers = 1;  // threads that sign while the reader reads and the ledger writes
  std::uint64_t mark_rows = 20000;  // rows between two marks (cursor and counts made durable)
};

struct LoadRequest {
  std::string name;         // of the source; the cursor and the memory belong to it
  Uscc collector;           // whose key signs what is collected
  std::string operator_id;  // who started it
};

class Collection {
 public:
  explicit Collection(CollectionParts parts) : parts_(std::move(parts)) {}
  // One run from the stored cursor (or the beginning) to the end of the source. Every row read is
  // fresh, changed, same or quarantined. Errors: source.unavailable, audit.unavailable, store.*:
  // what was acknowledged stays, the next run goes on. Blocks; for commands and pools.
  Result<LoadCounts> load(const LoadRequest& request, const adapters::Mapping& mapping,
                          adapters::Source& source, const access::Policy& policy,
                          const std::function<void(const LoadProgress&)>& progress);

  const CollectionParts& parts() const { return parts_; }  // of replays and comparisons

  // One outcome a line of NDJSON, in order: {"line":1,"outcome":"new","licence_key":…} or
  // {"line":2,"outcome":"refused","reason":…}. Each licence is committed on its own.
  Result<std::string> collect_lines(std::string_view ndjson, const access::Caller& caller,
                                    const access::Policy& policy);

 private:
  CollectionParts parts_;
};

}  // namespace lh::hub::ingest
