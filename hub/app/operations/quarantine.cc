// Rows that could not be loaded: how many, why, which; mended, put through again, or given up. No
// listing shows a value; showing one row does, and is an entry that names it.
#include "hub/app/operations/operations.h"
#include "hub/app/sources.h"
#include "hub/ingest/book/adapter_book.h"
#include "hub/ingest/book/trial.h"
#include "hub/ingest/repair/replay.h"

namespace lh::hub::app::operations {
namespace {

using ingest::HeldState;
using ingest::QuarantinedRow;
using ingest::RepairKind;
using schemas::AuditEvent;
using schemas::ObjectReader;

constexpr std::int64_t kMostListed = 10000;
constexpr std::size_t kGroundBytes = 1000;
constexpr std::size_t kReplacementBytes = 2U << 20U;  // base64 of a row

struct Named {
  std::string source;
  std::string row;
};

Result<Named> read_named(ObjectReader& reader) {
  Named out;
  out.source = LH_TRY(reader.string("source", 200));
  out.row = LH_TRY(reader.string("row", 64));
  return out;
}

Result<QuarantinedRow> get_row(Hub& hub, const Named& named) {
  return ingest::get_quarantined(hub.store(), hub.keys(), named.source, named.row);
}

Status note(Context& context, std::string_view what, const std::string& source) {
  auto facts = facts_of(context, AuditEvent::kMaintenance);
  facts.object = "quarantine." + std::string(what);
  facts.purpose = source;
  LH_TRY(context.hub.record(std::move(facts)));
  return ok_status();
}

Json head_json(const QuarantinedRow& row) {
  Json j = Json::object();
  j.set("id", ingest::row_id(row)).set("row", row.number).set("state", held_text(row.state));
  j.set("reason", reason_id(row.reason)).set("field", row.field).set("column", row.column);
  return j;
}

Result<Json> count_all(Context& context) {
  Json list = Json::array();
  for (const auto& count : LH_TRY(ingest::count_quarantine(context.hub.store()))) {
    Json j = Json::object();
    j.set("source", count.source).set("reason", reason_id(count.reason)).set("field", count.field);
    j.set("state", held_text(count.state)).set("rows", count.rows);
    list.push(std::move(j));
  }
  Json j = Json::object();
  j.set("quarantine", std::move(list));
  return j;
}

Result<std::optional<Reason>> read_reason(ObjectReader& reader) {
  const auto id = LH_TRY(reader.optional_string("reason", 64));
  if (!id) return std::optional<Reason>();
  const auto found = find_reason(*id);
  if (!found) return Error(Reason::kUsage, "reason: no reason has this id");
  return found;
}

// The row as its columns, for a person who mends it. Nothing where the bytes cannot be read.
Json values_json(Hub& hub, const Named& named, const QuarantinedRow& row) {
  const auto read = [&]() -> Result<Json> {
    const auto columns = LH_TRY(ingest::find_column_set(hub.store(), named.source, row.columns));
    const auto adapter = LH_TRY(ingest::find_adapter(hub.store(), named.source));
    if (!columns || !adapter) return Error(Reason::kAdapterUnknown);
    const auto mapping = LH_TRY(hub.sources().parse(adapter->mapping));
    const adapters::Kind* kind = LH_TRY(hub.sources().kind_of(mapping));
    adapters::KeptRow kept{columns->names, columns->types, {}};
    kept.row.bytes = row.bytes;
    kept = LH_TRY(kind->reread(mapping.source, std::move(kept)));
    Json values = Json::object();
    for (std::size_t i = 0; i < kept.row.values.size() && i < kept.columns.size(); ++i) {
      values.set(kept.columns[i], kept.row.values[i]);
    }
    return values;
  };
  auto values = read();
  return values.ok() ? std::move(*values) : Json();
}

struct Use {
  adapters::Mapping mapping;
  Uscc collector;
};

// The adapter of that name; or a mapping and a collector that somebody names.
Result<Use> use_for(Hub& hub, const std::string& source, ObjectReader& reader) {
  const auto mapping = LH_TRY(reader.optional_string("mapping", 4096));
  const auto collector = LH_TRY(reader.optional_string("collector", 18));
  if (mapping.has_value() != collector.has_value()) {
    return Error(Reason::kUsage, "mapping and collector go together");
  }
  if (mapping) {
    Use out{LH_TRY(hub.sources().mapping(*mapping)), LH_TRY(parse_uscc(*collector))};
    if (out.mapping.name != source) return Error(Reason::kUsage, "the mapping is another source's");
    if (hub.signers().find(out.collector) == nullptr) return Error(Reason::kOrganisationUnknown);
    return out;
  }
  const auto adapter = LH_TRY(ingest::find_adapter(hub.store(), source));
  if (!adapter) return Error(Reason::kAdapterUnknown, source + ": name a mapping and a collector");
  if (adapter->mode != ingest::AdapterMode::kLive) {
    return Error(Reason::kAdapterState, source + " is not live");
  }
  return Use{LH_TRY(hub.sources().parse(adapter->mapping)), adapter->collector};
}

Status keep_repair(Context& context, const Named& named, QuarantinedRow row,
                   const ingest::Repair& repair) {
  Hub& hub = context.hub;
  const bool ground = repair.kind == RepairKind::kGround;
  row.state = ground ? HeldState::kDiscarded : HeldState::kRepaired;
  auto rows = LH_TRY(ingest::restated(hub.store(), named.source, row));
  rows.push_back(LH_TRY(ingest::repair_row(named.source, row, repair, hub.keys(), hub.random())));
  auto facts = facts_of(
      context, ground ? AuditEvent::kQuarantineDiscarded : AuditEvent::kQuarantineRepaired);
  facts.object = ingest::row_id(row);
  facts.purpose = named.source;
  LH_TRY(hub.record(std::move(facts), std::move(rows)));
  return ok_status();
}

}  // namespace

Result<Json> list_quarantine(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "quarantine.list"));
  const auto source = LH_TRY(reader.optional_string("source", 200));
  const auto reason = LH_TRY(read_reason(reader));
  const auto limit = LH_TRY(reader.optional_integer("limit")).value_or(100);
  LH_TRY(reader.finish());
  if (limit < 1 || limit > kMostListed) return Error(Reason::kUsage, "limit: 1 to 10000");
  LH_TRY(note(context, "list", source.value_or("")));
  if (!source) return count_all(context);
  Json list = Json::array();
  const auto most = static_cast<std::size_t>(limit);
  const Status done = ingest::each_quarantined(
      hub.store(), hub.keys(), *source, [&](const QuarantinedRow& row) -> Status {
        if (!row.waits() || (reason && row.reason != *reason)) return ok_status();
        if (list.items()->size() >= most) return Error(Reason::kInputTooLarge);  // enough
        Json j = head_json(row);
        j.set("bytes", row.bytes.size()).set("shape", ingest::shape_of(row.bytes));
        list.push(std::move(j));
        return ok_status();
      });
  if (!done.ok() && list.items()->size() < most) return done.error();
  Json j = Json::object();
  j.set("rows", std::move(list));
  return j;
}

Result<Json> show_quarantined(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "quarantine.show"));
  const Named named = LH_TRY(read_named(reader));
  LH_TRY(reader.finish());
  LH_TRY(note(context, "show " + named.row, named.source));
  const auto row = LH_TRY(get_row(hub, named));
  const auto repair = LH_TRY(ingest::find_repair(hub.store(), hub.keys(), named.source, row));
  Json j = head_json(row);
  j.set("bytes", to_base64(row.bytes));
  if (is_utf8(row.bytes)) j.set("text", row.bytes);
  j.set("values", values_json(hub, named, row));
  if (repair) {
    Json r = Json::object();
    r.set("by", repair->officer).set("at", time_text(repair->at));
    const bool text = is_utf8(repair->text);
    const char* what = repair->kind == RepairKind::kGround   ? "ground"
                       : repair->kind == RepairKind::kValues ? "values"
                                                             : "text";
    r.set(text ? what : "bytes", text ? std::string(repair->text) : to_base64(repair->text));
    j.set("repair", std::move(r));
  }
  return j;
}

Result<Json> repair_quarantined(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "quarantine.repair"));
  const Named named = LH_TRY(read_named(reader));
  const auto coded = LH_TRY(reader.string("replacement", kReplacementBytes));
  const bool values = LH_TRY(reader.optional_boolean("values")).value_or(false);
  LH_TRY(reader.finish());
  const auto turn = LH_TRY(hub.sources().take_turn(named.source));
  const auto row = LH_TRY(get_row(hub, named));
  if (!row.waits()) return Error(Reason::kQuarantineUnknown, "the row does not wait any more");
  ingest::Repair repair{values ? RepairKind::kValues : RepairKind::kBytes, context.operator_id,
                        hub.clock().now(), LH_TRY(parse_base64(coded))};
  if (values) {
    const auto json = LH_TRY(schemas::parse_json(repair.text, kReplacementBytes));
    if (json.members() == nullptr) return Error(Reason::kJsonWrongType, "an object of texts");
  }
  LH_TRY(keep_repair(context, named, row, repair));
  return head_json(LH_TRY(get_row(hub, {named.source, ingest::row_id(row)})));
}

Result<Json> discard_quarantined(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "quarantine.discard"));
  const Named named = LH_TRY(read_named(reader));
  const auto ground = LH_TRY(reader.string("ground", kGroundBytes));
  LH_TRY(reader.finish());
  if (ground.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Error(Reason::kUsage, "say why the row is given up");
  }
  const auto turn = LH_TRY(hub.sources().take_turn(named.source));
  const auto row = LH_TRY(get_row(hub, named));
  if (!row.waits()) return Error(Reason::kQuarantineUnknown, "the row does not wait any more");
  LH_TRY(keep_repair(context, named, row,
                     {RepairKind::kGround, context.operator_id, hub.clock().now(), ground}));
  return head_json(LH_TRY(get_row(hub, {named.source, ingest::row_id(row)})));
}

Result<Json> replay_quarantine(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  auto reader = LH_TRY(ObjectReader::open(arguments, "quarantine.replay"));
  const auto source = LH_TRY(reader.string("source", 200));
  const auto only = LH_TRY(reader.optional_string("row", 64)).value_or("");
  const auto reason = LH_TRY(read_reason(reader));
  const Use use = LH_TRY(use_for(hub, source, reader));
  LH_TRY(reader.finish());
  const auto turn = LH_TRY(hub.sources().take_turn(source));
  LH_TRY(note(context, "replay", source));
  const adapters::Kind* kind = LH_TRY(hub.sources().kind_of(use.mapping));
  const ingest::Reread reread = [&](ingest::ReadAgain kept) -> Result<ingest::ReadAgain> {
    auto read = LH_TRY(kind->reread(
        use.mapping.source,
        {std::move(kept.columns.names), std::move(kept.columns.types), std::move(kept.row)}));
    return ingest::ReadAgain{{std::move(read.columns), std::move(read.types)}, std::move(read.row)};
  };
  const ingest::LoadRequest request{source, use.collector, context.operator_id};
  const auto policy = hub.catalogue().policy();
  const auto counts = LH_TRY(ingest::replay(hub.collection().parts(),
                                            {request, use.mapping, *policy, reread, only, reason}));
  Json j = Json::object();
  j.set("read", counts.read).set("new", counts.fresh).set("changed", counts.changed);
  j.set("same", counts.same).set("stayed", counts.stayed);
  return j;
}

}  // namespace lh::hub::app::operations
