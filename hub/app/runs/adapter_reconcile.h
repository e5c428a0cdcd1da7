// Store and source compared, and a report about it signed by the hub: written to D/reports, its
// digest in the log (adapter.reconciled), how it ended kept with the adapter.
#pragma once

#include "hub/app/runs/adapter_runs.h"

namespace lh::hub::app {

struct ReconcileOrder {
  const ingest::AdapterRecord& adapter;
  std::string operator_id;
  std::string out;  // a further copy of the report; empty: none
  const LoadReport& report;
  const std::atomic<bool>& stop;
};

// The summary: counts, the file, its digest, the index of its entry. Errors: adapter.state (a run
// is under way, or what the source delivered is no longer kept), those of the source,
// file.unwritable; kept with the adapter.
Result<schemas::Json> reconcile_adapter(Hub& hub, const ReconcileOrder& order);

}  // namespace lh::hub::app
