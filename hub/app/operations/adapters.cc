// Adapters in use: enable, disable, list, run, drift; and the secrets they need.
#include "hub/app/operations/operations.h"
#include "hub/app/runs/adapter_reconcile.h"
#include "hub/app/runs/adapter_runs.h"
#include "hub/app/sources.h"
#include "hub/ingest/book/adapter_json.h"
#include "hub/ingest/book/trial.h"

namespace lh::hub::app::operations {
namespace {

using ingest::AdapterMode;
using ingest::AdapterRecord;
using schemas::ObjectReader;

constexpr std::int64_t kShortestPeriod = 60;
constexpr std::int64_t kLongestPeriod = 366L * 86400;
constexpr std::size_t kSecretBytes = 64U << 10U;
constexpr std::size_t kSecretName = 64;

Result<AdapterRecord> known_adapter(Hub& hub, const std::string& name) {
  auto found = LH_TRY(ingest::find_adapter(hub.store(), name));
  if (!found) return Error(Reason::kAdapterUnknown, name);
  return std::move(*found);
}

Result<AdapterMode> parse_mode(const std::string& text) {
  for (const auto mode : {AdapterMode::kShadow, AdapterMode::kLive}) {
    if (ingest::mode_text(mode) == text) return mode;
  }
  return Error(Reason::kUsage, "mode: shadow or live");
}

Json texts_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const auto& text : texts) list.push(Json(text));
  return list;
}

Status keep(Context& context, AdapterRecord adapter, std::string_view what) {
  adapter.changed = context.hub.clock().now();
  auto facts = facts_of(context, schemas::AuditEvent::kAdapterChanged);
  facts.object = "adapter." + std::string(what);
  facts.purpose = adapter.name;
  LH_TRY(context.hub.record(std::move(facts), {ingest::adapter_row(adapter)}));
  return ok_status();
}

Result<ingest::ColumnSet> columns_of(Hub& hub, const AdapterRecord& adapter) {
  const auto mapping = LH_TRY(hub.sources().parse(adapter.mapping));
  const adapters::Kind* kind = LH_TRY(hub.sources().kind_of(mapping));
  const auto turn = LH_TRY(hub.sources().take_turn(adapter.name));
  auto opened = hub.sources().look_into(*kind, mapping, adapter.input);
  if (!opened.ok() && opened.error().reason() == Reason::kAdapterUnsupported) {
    // A source that is only asked at request time.
    const auto lookup = LH_TRY(kind->lookup(mapping.source));
    LH_TRY(adapters::Mapper::bind(mapping, lookup->columns()));
    return ingest::ColumnSet{lookup->columns(), {}};
  }
  const auto source = LH_TRY(std::move(opened));
  LH_TRY(adapters::Mapper::bind(mapping, source->columns()));
  return ingest::ColumnSet{source->columns(), source->column_types()};
}

Status check_period(std::int64_t seconds) {
  if (seconds == 0 || (seconds >= kShortestPeriod && seconds <= kLongestPeriod)) return {};
  return Error(Reason::kUsage, "every: 60 seconds to 366 days");
}

}  // namespace

Result<Json> enable_adapter(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter.enable"));
  AdapterRecord adapter;
  adapter.mapping = LH_TRY(mapping_text(LH_TRY(reader.string("mapping", 4096))));
  adapter.collector = LH_TRY(parse_uscc(LH_TRY(reader.string("collector", 18))));
  adapter.mode = LH_TRY(parse_mode(LH_TRY(reader.string("mode", 16))));
  adapter.input = LH_TRY(reader.optional_string("input", 4096)).value_or("");
  const auto every = LH_TRY(reader.optional_integer("every_seconds")).value_or(0);
  LH_TRY(reader.finish());
  LH_TRY(check_period(every));
  adapter.every_seconds = static_cast<std::uint32_t>(every);
  if (hub.signers().find(adapter.collector) == nullptr) {
    return Error(Reason::kOrganisationUnknown, "the collecting department is not registered");
  }
  adapter.name = LH_TRY(hub.sources().parse(adapter.mapping)).name;
  adapter.changed = hub.clock().now();  // not the terms of an earlier mapping
  LH_TRY(hub.sources().terms_of(adapter));
  auto columns = LH_TRY(columns_of(hub, adapter));
  adapter.columns = std::move(columns.names);
  adapter.types = std::move(columns.types);
  LH_TRY(keep(context, adapter, ingest::mode_text(adapter.mode)));
  return standing_of(hub, LH_TRY(known_adapter(hub, adapter.name)));
}

Result<Json> disable_adapter(Context& context, const Json& arguments) {
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter.disable"));
  const auto name = LH_TRY(reader.string("name", 200));
  LH_TRY(reader.finish());
  auto adapter = LH_TRY(known_adapter(context.hub, name));
  adapter.mode = AdapterMode::kDisabled;
  LH_TRY(keep(context, adapter, "disabled"));
  return standing_of(context.hub, LH_TRY(known_adapter(context.hub, name)));
}

Result<Json> list_adapters(Context& context, const Json& arguments) {
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter.list"));
  LH_TRY(reader.finish());
  return standings_json(context.hub.store(), context.hub.sources(), context.hub.clock());
}

Result<Json> run_named_adapter(Context& context, const Json& arguments) {
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter.run"));
  const auto name = LH_TRY(reader.string("name", 200));
  LH_TRY(reader.finish());
  const auto adapter = LH_TRY(known_adapter(context.hub, name));
  const auto counts = LH_TRY(
      run_adapter(context.hub, adapter, {context.operator_id, load_report(context), context.stop}));
  return ingest::counts_json(counts);
}

Result<Json> diff_adapter(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter.diff"));
  const auto name = LH_TRY(reader.string("name", 200));
  LH_TRY(reader.finish());
  const auto adapter = LH_TRY(known_adapter(hub, name));
  const auto mapping = LH_TRY(hub.sources().parse(adapter.mapping));
  const adapters::Kind* kind = LH_TRY(hub.sources().kind_of(mapping));
  const auto turn = LH_TRY(hub.sources().take_turn(name));
  const auto source = LH_TRY(hub.sources().look_into(*kind, mapping, adapter.input));
  const auto drift = ingest::drift_of(mapping, {adapter.columns, adapter.types},
                                      {source->columns(), source->column_types()});
  Json starved = Json::array();
  for (const auto& [field, column] : drift.starved) {
    Json one = Json::object();
    one.set("field", field).set("column", column);
    starved.push(std::move(one));
  }
  Json retyped = Json::array();
  for (const auto& one : drift.retyped) {
    Json column = Json::object();
    column.set("column", one.column).set("before", one.before).set("now", one.now);
    column.set("fields", texts_json(one.fields));
    retyped.push(std::move(column));
  }
  Json j = Json::object();
  j.set("name", name).set("changed", drift.changed());
  j.set("gone", texts_json(drift.gone)).set("added", texts_json(drift.added));
  j.set("starved", std::move(starved)).set("retyped", std::move(retyped));
  j.set("served", drift.starved.empty() && ingest::refuse_retyped(drift).ok());
  return j;
}

Result<Json> reconcile_named_adapter(Context& context, const Json& arguments) {
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter.reconcile"));
  const auto name = LH_TRY(reader.string("name", 200));
  const auto out = LH_TRY(reader.optional_string("out", 4096)).value_or("");
  LH_TRY(reader.finish());
  const auto adapter = LH_TRY(known_adapter(context.hub, name));
  const auto report = load_report(context);
  return reconcile_adapter(context.hub, {adapter, context.operator_id, out, report, context.stop});
}

Result<Json> keep_adapter_secret(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter.secret"));
  const auto name = LH_TRY(reader.string("name", kSecretName));
  const auto file = LH_TRY(reader.string("file", 4096));
  LH_TRY(reader.finish());
  if (name.empty()) return Error(Reason::kUsage, "name the secret");
  std::string text = LH_TRY(read_file(file, kSecretBytes));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  Secret value = Secret::copy_of(text);
  wipe(text);
  if (value.empty()) return Error(Reason::kUsage, "the file is empty");
  LH_TRY(hub.keys().put("adapter/" + name, std::move(value), hub.random()));
  auto facts = facts_of(context, schemas::AuditEvent::kKeyCreated);
  facts.object = "adapter/" + name;
  LH_TRY(hub.record(std::move(facts)));
  Json j = Json::object();
  j.set("name", name).set("kept", true);
  return j;
}

}  // namespace lh::hub::app::operations
