#include "hub/app/adapter_runs.h"

#include "base/log.h"
#include "hub/app/sources.h"
#include "hub/ingest/book/trial.h"
#include "hub/ingest/cursor.h"

namespace lh::hub::app {
namespace {

Result<adapters::Cursor> start_of(Hub& hub, const adapters::Mapping& mapping,
                                  adapters::Rerun rerun) {
  if (rerun == adapters::Rerun::kFromTheBeginning) {
    return ingest::start_cursor(hub.store(), mapping.name);
  }
  auto stored = LH_TRY(ingest::find_cursor(hub.store(), mapping.name));
  return stored ? std::move(stored->cursor) : adapters::Cursor{};
}

// A source that breaks off when the hub stops.
class Stoppable final : public adapters::Source {
 public:
  Stoppable(std::unique_ptr<adapters::Source> inner, const std::atomic<bool>& stop)
      : inner_(std::move(inner)), stop_(stop) {}
  const std::vector<std::string>& columns() const override { return inner_->columns(); }
  Result<std::optional<adapters::RawRow>> next() override {
    if (stop_.load(std::memory_order_relaxed)) return Error(Reason::kAdapterState, "the hub stops");
    return inner_->next();
  }
  adapters::Cursor cursor() const override { return inner_->cursor(); }
  std::optional<std::uint64_t> size_bytes() const override { return inner_->size_bytes(); }
  std::uint64_t position_bytes() const override { return inner_->position_bytes(); }

 private:
  std::unique_ptr<adapters::Source> inner_;
  const std::atomic<bool>& stop_;
};

const std::atomic<bool> kGoOn = false;  // of runs that somebody asked for

struct Asker {
  const std::string& operator_id;
  const LoadReport& report;
  const std::atomic<bool>& stop;
};

Result<ingest::LoadCounts> perform(Hub& hub, const ingest::AdapterRecord& adapter,
                                   const Asker& asker) {
  const auto mapping = LH_TRY(hub.sources().parse(adapter.mapping));
  auto opened = LH_TRY(open_for_run(hub, mapping, adapter.input));
  const auto source = std::make_unique<Stoppable>(std::move(opened), asker.stop);
  const auto& [operator_id, report, stop] = asker;
  const ingest::LoadRequest request{mapping.name, adapter.collector, operator_id};
  if (adapter.mode == ingest::AdapterMode::kShadow) {
    return ingest::shadow_run({hub.store(), hub.keys()}, request, mapping, *source, report);
  }
  return hub.collection().load(request, mapping, *source, *hub.catalogue().policy(), report);
}

// Kept with an entry of its own: also a run that failed is on record.
Status keep(Hub& hub, const ingest::AdapterRecord& adapter, const std::string& operator_id,
            const ingest::LastRun& run) {
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kIngestRun;
  facts.object = "adapter." + std::string(ingest::mode_text(adapter.mode));
  facts.purpose = adapter.name;
  facts.count = run.counts.read;
  facts.box_a.officer_id = operator_id;
  LH_TRY(hub.record(std::move(facts), {ingest::last_run_row(adapter.name, run)}));
  return ok_status();
}

}  // namespace

Result<std::unique_ptr<adapters::Source>> open_for_run(Hub& hub, const adapters::Mapping& mapping,
                                                       const std::string& input) {
  const adapters::Kind* kind = LH_TRY(hub.sources().kind_of(mapping));
  const auto cursor = LH_TRY(start_of(hub, mapping, kind->rerun(mapping.source)));
  auto opened = kind->pull(mapping.source, {input}, cursor);
  if (!opened.ok() && opened.error().reason() == Reason::kCursorInvalid) {
    // Not the source that was read before, or no longer the same: a new run, from its beginning.
    opened = kind->pull(mapping.source, {input}, {});
  }
  return opened;
}

static Result<ingest::LoadCounts> run_until(Hub& hub, const ingest::AdapterRecord& adapter,
                                            const Asker& asker) {
  if (adapter.mode == ingest::AdapterMode::kDisabled) {
    return Error(Reason::kAdapterState, adapter.name + " is disabled");
  }
  const auto turn = LH_TRY(hub.sources().take_turn(adapter.name));
  const auto before = LH_TRY(ingest::find_last_run(hub.store(), adapter.name));
  ingest::LastRun run;
  run.begun = hub.clock().now();
  auto counts = perform(hub, adapter, asker);
  run.ended = hub.clock().now();
  if (counts.ok()) {
    run.counts = *counts;
  } else {
    run.reason = counts.error().id();
    run.failures = (before ? before->failures : 0) + (asker.stop ? 0 : 1);
  }
  LH_TRY(keep(hub, adapter, asker.operator_id, run));
  return counts;
}

Result<ingest::LoadCounts> run_adapter(Hub& hub, const ingest::AdapterRecord& adapter,
                                       const std::string& operator_id, const LoadReport& report) {
  return run_until(hub, adapter, {operator_id, report, kGoOn});
}

void run_due_adapters(Hub& hub, const std::atomic<bool>& stop) {
  static const std::string kRunner = "runner";
  const auto adapters = ingest::list_adapters(hub.store());
  if (!adapters.ok()) {
    log_event(LogLevel::kError, "adapters.unreadable", {{"reason", adapters.error().reason()}});
    return;
  }
  for (const auto& adapter : *adapters) {
    if (stop) return;
    const auto last = ingest::find_last_run(hub.store(), adapter.name);
    if (!last.ok()) continue;
    const auto due = ingest::next_run(adapter, *last);
    if (!due || *due > hub.clock().now()) continue;
    const auto done = run_until(hub, adapter, {kRunner, {}, stop});
    if (done.ok()) continue;
    log_event(LogLevel::kWarning, "adapter.failed", {{"reason", done.error().reason()}});
  }
}

}  // namespace lh::hub::app
