// Adapters as an administrator sees them: mode, last run, last error, next run. No secrets, no
// rows.
#pragma once

#include "hub/ingest/book/adapter_book.h"
#include "schemas/json.h"

namespace lh::hub::ingest {

schemas::Json counts_json(const LoadCounts& counts);
schemas::Json adapter_json(const AdapterRecord& adapter, const std::optional<LastRun>& last);
Result<schemas::Json> adapters_json(const store::Store& store);  // {"adapters":[…]}; store.corrupt

}  // namespace lh::hub::ingest
