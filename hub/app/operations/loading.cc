// `load`: one run of a mapping over an input.
#include "hub/app/adapter_runs.h"
#include "hub/app/operations/operations.h"
#include "hub/app/sources.h"
#include "hub/ingest/book/adapter_json.h"
#include "hub/ingest/cursor.h"
#include "hub/ingest/quarantine.h"

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
  auto source = LH_TRY(open_for_run(hub, mapping, input));
  const ingest::LoadRequest request{mapping.name, collector, context.operator_id};
  const auto counts = LH_TRY(hub.collection().load(
      request, mapping, *source, *hub.catalogue().policy(), load_report(context)));
  return ingest::counts_json(counts);
}

Result<Json> list_quarantine(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "quarantine"));
  const auto source = LH_TRY(reader.string("source", 200));
  const auto limit = LH_TRY(reader.optional_integer("limit")).value_or(100);
  LH_TRY(reader.finish());
  if (limit < 1 || limit > 10000) return Error(Reason::kUsage, "limit: 1 to 10000");
  auto facts = facts_of(context, schemas::AuditEvent::kMaintenance);
  facts.object = "quarantine";
  facts.purpose = source;
  LH_TRY(hub.record(std::move(facts)));
  const auto rows = LH_TRY(
      ingest::list_quarantine(hub.store(), hub.keys(), source, static_cast<std::size_t>(limit)));
  Json list = Json::array();
  for (const auto& row : rows) {
    Json j = Json::object();
    j.set("row", row.number);
    j.set("reason", reason_id(row.reason));
    j.set("field", row.field);
    j.set("column", row.column);
    j.set("bytes", to_base64(row.bytes));
    list.push(std::move(j));
  }
  Json j = Json::object();
  j.set("rows", std::move(list));
  return j;
}

}  // namespace lh::hub::app::operations
