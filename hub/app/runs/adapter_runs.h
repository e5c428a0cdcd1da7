// One run of an adapter: live (everything it loads is written and audited) or shadow (compared
// only). At most one run of an adapter at a time. How it ended is kept with the adapter.
#pragma once

#include <atomic>

#include "adapters/call_turns.h"
#include "hub/app/hub.h"
#include "hub/ingest/book/adapter_book.h"
#include "hub/ingest/book/adapter_json.h"

namespace lh::hub::app {

using LoadReport = std::function<void(const ingest::LoadProgress&)>;

// Who asked for a run. When `stop` becomes true it ends behind the row it is at, as perform_task().
struct Order {
  std::string operator_id;
  LoadReport report;
  const std::atomic<bool>& stop;
};

// Opens the source where the next run of this mapping begins.
Result<std::unique_ptr<adapters::Source>> open_for_run(Hub& hub, const adapters::Mapping& mapping,
                                                       const std::string& input,
                                                       adapters::PullTerms terms);

// Errors: adapter.state (disabled, or a run is under way), source.changed (a column that feeds a
// field has another type than when the adapter was enabled), source.deadline, those of the mapping,
// the source and the load; each is counted as a failure of the adapter. Its rate and its deadline
// hold; its calendar does not: somebody asked.
Result<ingest::LoadCounts> run_adapter(Hub& hub, const ingest::AdapterRecord& adapter,
                                       const Order& order);

// What an adapter is due for.
enum class Task : std::uint8_t { kRun, kReconcile };
struct DueTask {
  ingest::AdapterRecord adapter;
  Task task = Task::kRun;
  UtcTime due;
};
// Those that nobody runs at the moment, the longest overdue first. Logs what keeps an adapter from
// being judged. Errors: store.corrupt.
Result<std::vector<DueTask>> due_tasks(Hub& hub);

// Performs one of them. When `stop` becomes true, or the calendar closes, a run ends after the row
// it is at: what was read is durable, the next run goes on behind it, and it counts as no failure.
void perform_task(Hub& hub, const DueTask& task, const std::atomic<bool>& stop);

// {"adapters":[…]}: how every adapter stands. Errors: store.corrupt.
Result<schemas::Json> standings_json(const store::Store& store, const Sources& sources,
                                     const Clock& clock);
Result<schemas::Json> standing_of(Hub& hub, const ingest::AdapterRecord& adapter);

}  // namespace lh::hub::app
