// `load`: one run of a mapping over an input.
#include "hub/app/operations/operations.h"
#include "hub/app/runs/adapter_runs.h"
#include "hub/app/runs/guarded_source.h"
#include "hub/app/sources.h"
#include "hub/ingest/book/adapter_json.h"
#include "hub/ingest/cursor.h"

namespace lh::hub::app::operations {
namespace {

using schemas::ObjectReader;

}  // namespace

LoadReport load_report(Context& context) {
  return [&context](const ingest::LoadProgress& p) {
    Json j = ingest::counts_json(p.counts);
    j.set("position", p.position_bytes);
    if (p.size_bytes) j.set("size", *p.size_bytes);
    context.progress(j);
  };
}

Result<Json> load(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "load"));
  const auto mapping_name = LH_TRY(reader.string("mapping", 4096));
  const auto input = LH_TRY(reader.string("input", 4096));
  const auto collector = LH_TRY(parse_uscc(LH_TRY(reader.string("collector", 18))));
  LH_TRY(reader.finish());
  if (hub.signers().find(collector) == nullptr) {
    return Error(Reason::kOrganisationUnknown, "the collecting department is not registered");
  }
  const auto mapping = LH_TRY(hub.sources().mapping(mapping_name));
  const auto turn = LH_TRY(hub.sources().take_turn(mapping.name));
  const std::int64_t run_us = std::int64_t{mapping.limits.run_seconds} * 1'000'000;
  auto opened =
      LH_TRY(open_for_run(hub, mapping, input,
                          {hub.sources().turns_to_try(mapping), hub.clock().monotonic_us() + run_us,
                           [&context] { return context.stop.load(); }}));
  GuardedSource source(std::move(opened), {mapping.limits, {}}, context.stop, hub.clock());
  const ingest::LoadRequest request{mapping.name, collector, context.operator_id};
  const auto counts = LH_TRY(hub.collection().load(
      request, mapping, source, *hub.catalogue().policy(), load_report(context)));
  return ingest::counts_json(counts);
}

}  // namespace lh::hub::app::operations
