#include "hub/ingest/book/adapter_json.h"

#include <algorithm>

namespace lh::hub::ingest {

using schemas::Json;

Json counts_json(const LoadCounts& c) {
  Json j = Json::object();
  j.set("read", c.read).set("new", c.fresh).set("changed", c.changed).set("same", c.same);
  j.set("quarantined", c.quarantined);
  return j;
}

namespace {

Json run_json(const LastRun& last) {
  Json run = counts_json(last.counts);
  run.set("begun", time_text(last.begun)).set("ended", time_text(last.ended));
  run.set("outcome", last.reason.empty() ? "complete" : last.reason);
  run.set("failures", std::uint64_t{last.failures});
  return run;
}

Json reconcile_json(const LastReconcile& r) {
  Json j = Json::object();
  j.set("ended", time_text(r.ended)).set("outcome", r.reason.empty() ? "complete" : r.reason);
  if (!r.reason.empty()) return j;
  j.set("only_in_source", r.only_in_source).set("only_in_store", r.only_in_store);
  j.set("differs", r.differs).set("same", r.same).set("file", r.file);
  return j;
}

}  // namespace

Json standing_json(const Standing& s) {
  Json j = Json::object();
  j.set("name", s.adapter.name).set("mode", mode_text(s.adapter.mode));
  j.set("state", s.problem.empty() ? std::string(state_text(s.turn.state)) : s.problem);
  j.set("running", s.running == Running::kYes);
  j.set("collector", s.adapter.collector.text());
  j.set("every_seconds", std::uint64_t{s.adapter.every_seconds});
  j.set("changed", time_text(s.adapter.changed));
  if (s.last && s.last->complete.ms > 0) {
    j.set("lag_seconds", std::max<std::int64_t>(0, (s.now.ms - s.last->complete.ms) / 1000));
  }
  if (s.last) {
    if (!s.last->reason.empty()) j.set("last_error", s.last->reason);
    j.set("last_run", run_json(*s.last));
  }
  if (s.turn.due) j.set("next_run", time_text(*s.turn.due));
  if (s.reconciled) j.set("last_reconcile", reconcile_json(*s.reconciled));
  return j;
}

}  // namespace lh::hub::ingest
