// One run of an adapter: live (everything it loads is written and audited) or shadow (compared
// only). At most one run of an adapter at a time. How it ended is kept with the adapter.
#pragma once

#include <atomic>

#include "hub/app/hub.h"
#include "hub/ingest/book/adapter_book.h"

namespace lh::hub::app {

using LoadReport = std::function<void(const ingest::LoadProgress&)>;

// Opens the source where the next run of this mapping begins.
Result<std::unique_ptr<adapters::Source>> open_for_run(Hub& hub, const adapters::Mapping& mapping,
                                                       const std::string& input);

// Errors: adapter.state (disabled, or a run is under way), those of the mapping, the source and the
// load; each is counted as a failure of the adapter.
Result<ingest::LoadCounts> run_adapter(Hub& hub, const ingest::AdapterRecord& adapter,
                                       const std::string& operator_id, const LoadReport& report);

// Runs every adapter that is due, one after the other. Called by a thread of its own. When `stop`
// becomes true the run under way ends after the row it is at: what was read is durable, the next
// run goes on behind it, and it counts as no failure.
void run_due_adapters(Hub& hub, const std::atomic<bool>& stop);

}  // namespace lh::hub::app
