// Adapters as an administrator sees them: how they stand, last run, last error, next run. No
// secrets, no rows.
#pragma once

#include "hub/ingest/schedule/schedule.h"
#include "schemas/json.h"

namespace lh::hub::ingest {

enum class Running : std::uint8_t { kNo, kYes };

// All there is to say about one adapter at a moment.
struct Standing {
  AdapterRecord adapter;
  std::optional<LastRun> last;
  std::optional<LastReconcile> reconciled;
  Turn turn;
  std::string problem;  // id of what keeps its terms from being read; empty: nothing
  Running running = Running::kNo;
  UtcTime now;
};

schemas::Json counts_json(const LoadCounts& counts);
schemas::Json standing_json(const Standing& standing);

}  // namespace lh::hub::ingest
