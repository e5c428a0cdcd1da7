#include "hub/ingest/book/adapter_json.h"

namespace lh::hub::ingest {

using schemas::Json;

Json counts_json(const LoadCounts& c) {
  Json j = Json::object();
  j.set("read", c.read).set("new", c.fresh).set("changed", c.changed).set("same", c.same);
  j.set("quarantined", c.quarantined);
  return j;
}

Json adapter_json(const AdapterRecord& adapter, const std::optional<LastRun>& last) {
  Json j = Json::object();
  j.set("name", adapter.name).set("mode", mode_text(adapter.mode));
  j.set("collector", adapter.collector.text());
  j.set("every_seconds", std::uint64_t{adapter.every_seconds});
  j.set("changed", time_text(adapter.changed));
  if (last) {
    Json run = counts_json(last->counts);
    run.set("begun", time_text(last->begun)).set("ended", time_text(last->ended));
    run.set("outcome", last->reason.empty() ? "complete" : last->reason);
    run.set("failures", std::uint64_t{last->failures});
    j.set("last_run", std::move(run));
  }
  if (const auto next = next_run(adapter, last)) j.set("next_run", time_text(*next));
  return j;
}

Result<Json> adapters_json(const store::Store& store) {
  Json list = Json::array();
  for (const auto& adapter : LH_TRY(list_adapters(store))) {
    list.push(adapter_json(adapter, LH_TRY(find_last_run(store, adapter.name))));
  }
  Json j = Json::object();
  j.set("adapters", std::move(list));
  return j;
}

}  // namespace lh::hub::ingest
