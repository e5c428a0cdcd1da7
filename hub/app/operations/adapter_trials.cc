// Writing a mapping: propose one, try it on rows, test it. Nothing is stored but the entry that
// says who looked at a source.
#include "hub/app/operations/adapter_trials.h"
#include "hub/app/sources.h"
#include "hub/ingest/book/proposal.h"

namespace lh::hub::app::operations {
namespace {

using schemas::ObjectReader;

constexpr std::int64_t kMostShown = 200;
constexpr std::uint64_t kTestRows = 5000;
constexpr std::uint64_t kSampleRows = 20;
constexpr std::size_t kSourceBytes = 64U << 10U;

Json errors_json(const std::vector<adapters::RowError>& errors) {
  Json list = Json::array();
  for (const auto& error : errors) {
    Json one = Json::object();
    one.set("reason", reason_id(error.reason));
    one.set("field", error.field).set("column", error.column);
    list.push(std::move(one));
  }
  return list;
}

Json record_json(const std::vector<ingest::TrialField>& record, Values values) {
  Json list = Json::array();
  for (const auto& field : record) {
    Json one = Json::object();
    one.set("field", field.field).set("source", field.source);
    const std::string& value = field.value.reveal();
    one.set("value", values == Values::kClear ? value : ingest::shape_of(value));
    list.push(std::move(one));
  }
  return list;
}

}  // namespace

Status note_look(Context& context, const std::string& mapping, std::string_view what) {
  auto facts = facts_of(context, schemas::AuditEvent::kMaintenance);
  facts.object = "adapter." + std::string(what);
  facts.purpose = mapping;
  LH_TRY(context.hub.record(std::move(facts)));
  return ok_status();
}

Json trial_json(const ingest::Trial& trial, Values values) {
  Json rows = Json::array();
  for (const auto& row : trial.rows) {
    Json one = Json::object();
    one.set("row", row.number);
    if (row.errors.empty()) {
      Json records = Json::array();
      for (const auto& record : row.records) records.push(record_json(record, values));
      one.set("records", std::move(records));
    } else {
      one.set("errors", errors_json(row.errors));
    }
    rows.push(std::move(one));
  }
  Json reasons = Json::object();
  for (const auto& [reason, count] : trial.reasons) reasons.set(reason, count);
  Json j = Json::object();
  j.set("read", trial.read).set("good", trial.good).set("reasons", std::move(reasons));
  j.set("rows", std::move(rows));
  return j;
}

namespace {

Result<std::unique_ptr<adapters::Source>> open_source(Hub& hub, const adapters::Mapping& mapping,
                                                      const std::string& input) {
  const adapters::Kind* kind = LH_TRY(hub.sources().kind_of(mapping));
  return hub.sources().look_into(*kind, mapping, input);
}

Result<std::vector<schemas::FieldDefinition>> fields_of(Hub& hub, const std::string& object,
                                                        adapters::RecordKind& kind) {
  const auto policy = hub.catalogue().policy();
  if (const auto* base = policy->find_base_kind(object)) {
    kind = adapters::RecordKind::kBaseData;
    return base->fields;
  }
  const auto* type = policy->find_type(object, local_date(hub.clock().now()));
  if (type == nullptr) return Error(Reason::kTypeUnknown, object);
  kind = adapters::RecordKind::kLicence;
  return type->fields;
}

// Of a source that describes itself without a call, else of its first rows.
Status read_columns(Context& context, const adapters::Mapping& mapping, const std::string& input,
                    ingest::ProposalInput& out) {
  const adapters::Kind* kind = LH_TRY(context.hub.sources().kind_of(mapping));
  auto described = LH_TRY(kind->describe(mapping.source, out.source));
  if (described) {
    LH_TRY(note_look(context, out.name, "new.described"));
    out.source = std::move(described->toml);
    out.columns = std::move(described->columns);
    return ok_status();
  }
  auto source = LH_TRY(open_source(context.hub, mapping, input));
  LH_TRY(note_look(context, out.name, "new"));
  out.columns = source->columns();
  while (out.samples.size() < kSampleRows) {
    auto row = LH_TRY(source->next());
    if (!row) break;
    if (!row->malformed) out.samples.push_back(std::move(row->values));
  }
  return ok_status();
}

}  // namespace

Result<Json> try_adapter(Context& context, const Json& arguments) {
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter.try"));
  const auto name = LH_TRY(reader.string("mapping", 4096));
  const auto input = LH_TRY(reader.optional_string("input", 4096)).value_or("");
  const auto rows = LH_TRY(reader.optional_integer("rows")).value_or(10);
  const bool clear = LH_TRY(reader.optional_boolean("clear")).value_or(false);
  LH_TRY(reader.finish());
  if (rows < 1 || rows > kMostShown) return Error(Reason::kUsage, "rows: 1 to 200");
  const auto mapping = LH_TRY(context.hub.sources().mapping(name));
  const auto turn = LH_TRY(context.hub.sources().take_turn(mapping.name));
  auto source = LH_TRY(open_source(context.hub, mapping, input));
  LH_TRY(note_look(context, mapping.name, clear ? "try.clear" : "try"));
  const auto shown = static_cast<std::size_t>(rows);
  const auto trial = LH_TRY(ingest::try_mapping(mapping, *source, shown, shown));
  return trial_json(trial, clear ? Values::kClear : Values::kShapes);
}

// Passed: the source opens, every column the mapping names is there, and of the first rows none
// fails for a reason that lies in the mapping (all rows failing in one field).
Result<Json> test_adapter(Context& context, const Json& arguments) {
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter.test"));
  const auto name = LH_TRY(reader.string("mapping", 4096));
  const auto input = LH_TRY(reader.optional_string("input", 4096)).value_or("");
  LH_TRY(reader.finish());
  const auto mapping = LH_TRY(context.hub.sources().mapping(name));
  const auto turn = LH_TRY(context.hub.sources().take_turn(mapping.name));
  auto source = LH_TRY(open_source(context.hub, mapping, input));
  LH_TRY(note_look(context, mapping.name, "test"));
  const auto trial = LH_TRY(ingest::try_mapping(mapping, *source, kTestRows, 0));
  Json suspects = Json::array();
  for (const auto& [reason, count] : trial.reasons) {
    if (count == trial.read) suspects.push(Json(reason));
  }
  const bool passed = trial.read > 0 && trial.good > 0 && suspects.items()->empty();
  Json j = trial_json(trial, Values::kShapes);
  j.set("suspects", std::move(suspects)).set("passed", passed);
  return j;
}

Result<Json> propose_adapter(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "adapter.new"));
  ingest::ProposalInput proposal;
  proposal.name = LH_TRY(reader.string("name", 200));
  proposal.object = LH_TRY(reader.string("object", 64));
  proposal.source = LH_TRY(reader.string("source", kSourceBytes));
  const auto input = LH_TRY(reader.optional_string("input", 4096)).value_or("");
  LH_TRY(reader.finish());
  proposal.fields = LH_TRY(fields_of(hub, proposal.object, proposal.kind));
  const auto settings = LH_TRY(adapters::parse_settings(proposal.source));
  const auto* table = settings.find("source");
  if (table == nullptr) return Error(Reason::kMappingInvalid, "the table [source] is missing");
  adapters::Mapping mapping;
  mapping.kind =
      LH_TRY(LH_TRY(adapters::SettingsReader::open(*table, "source")).required_text("kind"));
  mapping.source = *table;
  LH_TRY(read_columns(context, mapping, input, proposal));
  const auto made = ingest::propose_mapping(proposal);
  Json matched = Json::array();
  for (const auto& field : made.matched) matched.push(Json(field));
  Json open = Json::array();
  for (const auto& field : made.open) open.push(Json(field));
  Json j = Json::object();
  j.set("matched", std::move(matched)).set("open", std::move(open)).set("toml", made.toml);
  return j;
}

}  // namespace lh::hub::app::operations
