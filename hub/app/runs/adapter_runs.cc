#include "hub/app/runs/adapter_runs.h"

#include <algorithm>

#include "base/log.h"
#include "hub/app/calls/pushes.h"
#include "hub/app/runs/adapter_reconcile.h"
#include "hub/app/runs/guarded_source.h"
#include "hub/app/sources.h"
#include "hub/ingest/book/trial.h"
#include "hub/ingest/cursor.h"

namespace lh::hub::app {
namespace {

using ingest::AdapterRecord;
using ingest::LastRun;

Result<adapters::Cursor> start_of(Hub& hub, const adapters::Mapping& mapping,
                                  adapters::Rerun rerun) {
  if (rerun == adapters::Rerun::kFromTheBeginning) {
    return ingest::start_cursor(hub.store(), mapping.name);
  }
  auto stored = LH_TRY(ingest::find_cursor(hub.store(), mapping.name));
  return stored ? std::move(stored->cursor) : adapters::Cursor{};
}

struct Asker {
  const std::string& operator_id;
  const LoadReport& report;
  const std::atomic<bool>& stop;
  std::optional<UtcTime> closes;
};

struct Run {
  Result<ingest::LoadCounts> counts;
  BrokenOff broken_off = BrokenOff::kNo;
  std::uint64_t rows = 0;
};

// Before a row is read: columns that changed their type feed fields with something else.
Status check_types(const AdapterRecord& adapter, const adapters::Mapping& mapping,
                   const adapters::Source& source) {
  return ingest::refuse_retyped(ingest::drift_of(mapping, {adapter.columns, adapter.types},
                                                 {source.columns(), source.column_types()}));
}

Result<Run> perform(Hub& hub, const AdapterRecord& adapter, const Asker& asker) {
  const auto mapping = LH_TRY(hub.sources().parse(adapter.mapping));
  const std::int64_t run_us = std::int64_t{mapping.limits.run_seconds} * 1'000'000;
  const auto over = [&asker, &clock = hub.clock()] {
    return asker.stop.load() || (asker.closes && clock.now() >= *asker.closes);
  };
  auto began =
      open_for_run(hub, mapping, adapter.input,
                   {hub.sources().turns_of(mapping), hub.clock().monotonic_us() + run_us, over});
  if (!began.ok() && began.error().reason() == Reason::kShuttingDown) {
    // It was not given a turn before.
    return Run{Error(Reason::kAdapterState, "the hub stops, or its hours are over"),
               BrokenOff::kHubStops};
  }
  auto opened = LH_TRY(std::move(began));
  LH_TRY(check_types(adapter, mapping, *opened));
  GuardedSource source(std::move(opened), {mapping.limits, asker.closes}, asker.stop, hub.clock());
  const ingest::LoadRequest request{mapping.name, adapter.collector, asker.operator_id};
  auto counts =
      adapter.mode == ingest::AdapterMode::kShadow
          ? ingest::shadow_run({hub.store(), hub.keys()}, request, mapping, source, asker.report)
          : hub.collection().load(request, mapping, source, *hub.catalogue().policy(),
                                  asker.report);
  return Run{std::move(counts), source.broken_off(), source.rows()};
}

// Kept with an entry of its own: also a run that failed is on record.
Status keep(Hub& hub, const AdapterRecord& adapter, const std::string& operator_id,
            const LastRun& run) {
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kIngestRun;
  facts.object = "adapter." + std::string(ingest::mode_text(adapter.mode));
  facts.purpose = adapter.name;
  facts.count = run.counts.read;
  facts.box_a.officer_id = operator_id;
  LH_TRY(hub.record(std::move(facts), {ingest::last_run_row(adapter.name, run)}));
  return ok_status();
}

// A run that the hub ended is no failure of the source, except a deadline that passed without a
// row.
std::uint32_t failures_after(const Run& run, std::uint32_t before) {
  if (run.counts.ok()) return 0;
  if (run.broken_off == BrokenOff::kNo) return before + 1;
  if (run.broken_off == BrokenOff::kDeadline && run.rows == 0) return before + 1;
  return run.rows > 0 ? 0 : before;
}

Result<ingest::LoadCounts> run_until(Hub& hub, const AdapterRecord& adapter, const Asker& asker) {
  if (adapter.mode == ingest::AdapterMode::kDisabled) {
    return Error(Reason::kAdapterState, adapter.name + " is disabled");
  }
  const auto turn = LH_TRY(hub.sources().take_turn(adapter.name));
  const auto before = LH_TRY(ingest::find_last_run(hub.store(), adapter.name));
  LastRun run;
  run.begun = hub.clock().now();
  auto performed = perform(hub, adapter, asker);
  const Run done = performed.ok() ? std::move(*performed) : Run{performed.error()};
  run.ended = hub.clock().now();
  run.failures = failures_after(done, before ? before->failures : 0);
  if (before) run.complete = before->complete;
  if (done.counts.ok()) {
    run.counts = *done.counts;
    run.complete = run.ended;
  } else {
    run.reason = done.counts.error().id();
  }
  LH_TRY(keep(hub, adapter, asker.operator_id, run));
  return done.counts;
}

struct Shared {
  const store::Store& store;
  const Sources& sources;
  const Clock& clock;
};

Result<ingest::Standing> stand(const Shared& hub, const AdapterRecord& adapter) {
  ingest::Standing out;
  out.adapter = adapter;
  out.now = hub.clock.now();
  out.last = LH_TRY(ingest::find_last_run(hub.store, adapter.name));
  out.reconciled = LH_TRY(ingest::find_last_reconcile(hub.store, adapter.name));
  if (hub.sources.is_running(adapter.name)) out.running = ingest::Running::kYes;
  const auto terms = hub.sources.terms_of(adapter);
  if (terms.ok()) {
    out.turn = ingest::next_turn(adapter, **terms, out.last, out.now);
  } else {
    out.problem = terms.error().id();
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<adapters::Source>> open_for_run(Hub& hub, const adapters::Mapping& mapping,
                                                       const std::string& input,
                                                       adapters::PullTerms terms) {
  const adapters::Kind* kind = LH_TRY(hub.sources().kind_of(mapping));
  const auto cursor = LH_TRY(start_of(hub, mapping, kind->rerun(mapping.source)));
  auto opened = adapters::pull_in_turn(*kind, mapping.source, input, cursor, terms);
  if (!opened.ok() && opened.error().reason() == Reason::kCursorInvalid) {
    // Not the source that was read before, or no longer the same: a new run, from its beginning.
    opened = adapters::pull_in_turn(*kind, mapping.source, input, {}, std::move(terms));
  }
  return opened;
}

Result<ingest::LoadCounts> run_adapter(Hub& hub, const AdapterRecord& adapter, const Order& order) {
  return run_until(hub, adapter, {order.operator_id, order.report, order.stop, {}});
}

Result<std::vector<DueTask>> due_tasks(Hub& hub) {
  std::vector<DueTask> out;
  const UtcTime now = hub.clock().now();
  for (auto& adapter : LH_TRY(ingest::list_adapters(hub.store()))) {
    if (adapter.mode == ingest::AdapterMode::kDisabled) continue;
    if (hub.sources().is_running(adapter.name)) continue;
    const auto terms = hub.sources().terms_of(adapter);
    if (!terms.ok()) {
      log_event(LogLevel::kWarning, "adapter.terms", {{"reason", terms.error().reason()}});
      continue;
    }
    const auto last = LH_TRY(ingest::find_last_run(hub.store(), adapter.name));
    const auto turn = ingest::next_turn(adapter, **terms, last, now);
    if (turn.due && *turn.due <= now) {
      out.push_back({std::move(adapter), Task::kRun, *turn.due});
      continue;
    }
    const auto compared = LH_TRY(ingest::find_last_reconcile(hub.store(), adapter.name));
    const auto compare = ingest::next_reconcile(
        adapter, **terms, compared ? std::optional(compared->ended) : std::nullopt);
    if (compare && *compare <= now) out.push_back({std::move(adapter), Task::kReconcile, *compare});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.due < b.due; });
  return out;
}

void perform_task(Hub& hub, const DueTask& task, const std::atomic<bool>& stop) {
  static const std::string kRunner = "runner";
  if (task.task == Task::kReconcile) {
    const auto compared = reconcile_adapter(hub, {task.adapter, kRunner, {}, {}, stop});
    if (!compared.ok()) {
      log_event(LogLevel::kWarning, "reconcile.failed", {{"reason", compared.error().reason()}});
    }
    return;
  }
  const auto terms = hub.sources().terms_of(task.adapter);
  if (!terms.ok()) return;
  const auto closes = (*terms)->calendar.closes(hub.clock().now());
  const auto done = run_until(hub, task.adapter, {kRunner, {}, stop, closes});
  if (done.ok()) return;
  log_event(LogLevel::kWarning, "adapter.failed", {{"reason", done.error().reason()}});
}

Result<schemas::Json> standings_json(const store::Store& store, const Sources& sources,
                                     const Clock& clock) {
  auto list = schemas::Json::array();
  for (const auto& adapter : LH_TRY(ingest::list_adapters(store))) {
    auto one = ingest::standing_json(LH_TRY(stand({store, sources, clock}, adapter)));
    one.set("pushes", LH_TRY(calls::pushes_json(store, adapter.name, 0)));
    list.push(std::move(one));
  }
  auto j = schemas::Json::object();
  j.set("adapters", std::move(list));
  return j;
}

Result<schemas::Json> standing_of(Hub& hub, const AdapterRecord& adapter) {
  return ingest::standing_json(LH_TRY(stand({hub.store(), hub.sources(), hub.clock()}, adapter)));
}

}  // namespace lh::hub::app
