#include "adapters/host/wire.h"

#include "base/limits.h"
#include "schemas/json.h"

namespace lh::adapters::host {
namespace {

using schemas::Json;

constexpr std::size_t kRowsOfPage = 10000;

Error not_as_agreed() {
  return Error(Reason::kSourceAnswer, "not a message of an adapter host");
}

std::string_view work_text(Work work) {
  return work == Work::kPull ? "pull" : work == Work::kLookup ? "lookup" : "push";
}

Result<std::string> text_at(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  if (value == nullptr || value->string() == nullptr) return not_as_agreed();
  return *value->string();
}

Result<Bytes> bytes_at(const Json& object, std::string_view name) {
  auto bytes = parse_base64(LH_TRY(text_at(object, name)));
  if (!bytes.ok()) return not_as_agreed();
  return bytes;
}

// A list of texts.
Result<std::vector<std::string>> texts_at(const Json& object, std::string_view name) {
  const Json* list = object.find(name);
  if (list == nullptr || list->items() == nullptr) return not_as_agreed();
  std::vector<std::string> out;
  for (const Json& item : *list->items()) {
    if (item.string() == nullptr) return not_as_agreed();
    out.push_back(*item.string());
  }
  return out;
}

Json list_of(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const std::string& text : texts) out.push(text);
  return out;
}

// What a source may say; anything else of a host would be taken for the hub's own word.
std::optional<Error> error_of(const std::string& id, std::string detail) {
  const bool fits = id.starts_with("source.") || id.starts_with("mapping.") ||
                    id.starts_with("adapter.") || id.starts_with("cursor.") ||
                    id.starts_with("input.") || id == "key.missing";
  const auto known = fits ? find_reason(id) : std::nullopt;
  return known ? std::optional(Error(*known, std::move(detail))) : std::nullopt;
}

// Of a bad row.
std::optional<Error> row_reason(const std::string& id) {
  const bool fits = id.starts_with("row.") || id.starts_with("json.") || id.starts_with("xml.");
  const auto known = fits ? find_reason(id) : std::nullopt;
  return known ? std::optional(Error(*known)) : std::nullopt;
}

Json row_json(const PageRow& page_row) {
  const RawRow& row = page_row.row;
  Json out = Json::object();
  out.set("number", row.number).set("bytes", to_base64(row.bytes));
  out.set("behind", to_base64(page_row.behind.value));
  if (row.malformed) return out.set("bad", row.malformed->id());
  return out.set("values", list_of(row.values));
}

Result<PageRow> row_of(const Json& json, std::size_t width) {
  PageRow out;
  const Json* number = json.find("number");
  if (number == nullptr || number->integer() == nullptr || *number->integer() < 0) {
    return not_as_agreed();
  }
  out.row.number = static_cast<std::uint64_t>(*number->integer());
  out.row.bytes = LH_TRY(bytes_at(json, "bytes"));
  out.behind.value = LH_TRY(bytes_at(json, "behind"));
  if (json.find("bad") != nullptr) {
    out.row.malformed = row_reason(LH_TRY(text_at(json, "bad")));
    if (!out.row.malformed) return not_as_agreed();
    return out;
  }
  out.row.values = LH_TRY(texts_at(json, "values"));
  if (out.row.values.size() != width) return not_as_agreed();
  return out;
}

Result<Json> parse(std::string_view json) {
  auto tree = schemas::parse_json(json, kAnswerBytes);
  if (!tree.ok() || tree->members() == nullptr) return not_as_agreed();
  return tree;
}

}  // namespace

std::string to_json(const Task& task) {
  Json values = Json::array();
  for (const auto& [name, value] : task.values) values.push(list_of({name, value}));
  Json out = Json::object();
  out.set("id", task.id).set("adapter", task.adapter).set("work", work_text(task.work));
  out.set("cursor", to_base64(task.cursor.value)).set("limit", std::uint64_t{task.limit});
  out.set("values", std::move(values)).set("push_id", task.push_id);
  return schemas::to_text(out);
}

Result<Task> parse_task(std::string_view json) {
  const Json tree = LH_TRY(parse(json));
  Task out;
  out.id = LH_TRY(text_at(tree, "id"));
  out.adapter = LH_TRY(text_at(tree, "adapter"));
  out.push_id = LH_TRY(text_at(tree, "push_id"));
  out.cursor.value = LH_TRY(bytes_at(tree, "cursor"));
  const std::string work = LH_TRY(text_at(tree, "work"));
  if (work != "pull" && work != "lookup" && work != "push") return not_as_agreed();
  out.work = work == "pull" ? Work::kPull : work == "lookup" ? Work::kLookup : Work::kPush;
  const Json* limit = tree.find("limit");
  if (limit == nullptr || limit->integer() == nullptr || *limit->integer() < 0) {
    return not_as_agreed();
  }
  out.limit = static_cast<std::size_t>(*limit->integer());
  const Json* values = tree.find("values");
  if (values == nullptr || values->items() == nullptr) return not_as_agreed();
  for (const Json& pair : *values->items()) {
    const auto* items = pair.items();
    const bool two = items != nullptr && items->size() == 2 && (*items)[0].string() != nullptr &&
                     (*items)[1].string() != nullptr;
    if (!two) return not_as_agreed();
    out.values.emplace_back(*(*items)[0].string(), *(*items)[1].string());
  }
  return out;
}

std::string to_json(const Answer& answer) {
  Json out = Json::object();
  if (answer.error) {
    Json error = Json::object();
    error.set("reason", answer.error->id()).set("detail", answer.error->detail());
    return schemas::to_text(out.set("error", std::move(error)));
  }
  Json rows = Json::array();
  for (const PageRow& row : answer.rows) rows.push(row_json(row));
  out.set("columns", list_of(answer.columns)).set("rows", std::move(rows));
  return schemas::to_text(out.set("end", answer.end));
}

Result<Answer> parse_answer(std::string_view json) {
  const Json tree = LH_TRY(parse(json));
  Answer out;
  if (const Json* error = tree.find("error")) {
    std::string detail = LH_TRY(text_at(*error, "detail"));
    out.error = error_of(LH_TRY(text_at(*error, "reason")), detail.substr(0, 500));
    if (!out.error) return not_as_agreed();
    return out;
  }
  out.columns = LH_TRY(texts_at(tree, "columns"));
  const Json* end = tree.find("end");
  const Json* rows = tree.find("rows");
  const bool good = end != nullptr && end->boolean() != nullptr && rows != nullptr &&
                    rows->items() != nullptr && rows->items()->size() <= kRowsOfPage &&
                    out.columns.size() <= limits::kRowColumns;
  if (!good) return not_as_agreed();
  out.end = *end->boolean();
  for (const Json& row : *rows->items()) {
    out.rows.push_back(LH_TRY(row_of(row, out.columns.size())));
  }
  return out;
}

}  // namespace lh::adapters::host
