#include "adapters/http/http_settings.h"

#include <algorithm>

namespace lh::adapters::http {
namespace {

using request::Place;
using request::Template;

// {since} is empty where a mapping has none; paging has only its own places.
std::vector<std::string_view> pull_places(PagingKind kind) {
  switch (kind) {
    case PagingKind::kPage:
      return {"since", "size", "page"};
    case PagingKind::kOffset:
      return {"since", "size", "offset"};
    case PagingKind::kToken:
      return {"since", "size", "token"};
    default:
      return {"since"};
  }
}

Result<std::string> read_path(SettingsReader& in, std::string_view key, answer::Format format) {
  std::string path = LH_TRY(in.text(key));
  if (!path.empty() && !answer::check_path(format, path).ok()) {
    return in.invalid(std::string(key) + " is no path");
  }
  return path;
}

Result<answer::Form> read_form(SettingsReader& in, const Style& style) {
  answer::Form out;
  std::vector<std::string_view> formats{"json", "xml"};
  if (style.faults == Faults::kSoap) formats = {"xml", "json"};
  const std::string format = LH_TRY(in.choice("format", formats));
  out.inner = LH_TRY(read_path(in, "inner", answer::Format::kXml));
  out.format = format == "json" ? answer::Format::kJson : answer::Format::kXml;
  const std::string encoding = LH_TRY(in.choice("encoding", {"utf-8", "gb18030"}));
  out.encoding = encoding == "utf-8" ? file::Encoding::kUtf8 : file::Encoding::kGb18030;
  const bool inner_json = style.faults == Faults::kSoap && out.format == answer::Format::kJson;
  if (inner_json && out.inner.empty()) {
    return in.invalid("format: JSON in SOAP stands at an inner path");
  }
  return out;
}

Result<Paging> read_paging(SettingsReader& in, answer::Format format) {
  Paging out;
  const SettingsNode* table = LH_TRY(in.table("paging"));
  if (table == nullptr) return out;
  auto paging = LH_TRY(SettingsReader::open(*table, "paging"));
  const std::string kind =
      LH_TRY(paging.choice("kind", {"none", "page", "offset", "next", "token"}));
  out.kind = kind == "page"     ? PagingKind::kPage
             : kind == "offset" ? PagingKind::kOffset
             : kind == "next"   ? PagingKind::kNext
             : kind == "token"  ? PagingKind::kToken
                                : PagingKind::kNone;
  out.size = LH_TRY(paging.number("size", 1, 100000, 100));
  out.first = LH_TRY(paging.number("first", 0, 1, 1));
  out.parameter = LH_TRY(paging.text("parameter"));
  out.size_parameter = LH_TRY(paging.text("size_parameter"));
  out.path = LH_TRY(read_path(paging, "path", format));
  out.total = LH_TRY(read_path(paging, "total", format));
  out.keep = LH_TRY(paging.flag("keep", Flag::kNo));
  const bool by_answer = out.kind == PagingKind::kNext || out.kind == PagingKind::kToken;
  if (by_answer == out.path.empty()) {
    return paging.invalid("path says where the next link or the token is in an answer");
  }
  if (out.keep == Flag::kYes && out.kind != PagingKind::kToken) {
    return paging.invalid("keep is for tokens");
  }
  LH_TRY(paging.finish());
  return out;
}

Result<Since> read_since(SettingsReader& in, const answer::Shape& shape) {
  Since out;
  const SettingsNode* table = LH_TRY(in.table("since"));
  if (table == nullptr) return out;
  auto since = LH_TRY(SettingsReader::open(*table, "since"));
  out.column = LH_TRY(since.required_text("column"));
  out.parameter = LH_TRY(since.text("parameter"));
  out.initial = LH_TRY(since.text("initial"));
  const std::string order = LH_TRY(since.choice("order", {"any", "ascending"}));
  out.order = order == "any" ? SinceOrder::kAny : SinceOrder::kAscending;
  const std::string edge = LH_TRY(since.choice("edge", {"inclusive", "exclusive"}));
  out.edge = edge == "inclusive" ? SinceEdge::kInclusive : SinceEdge::kExclusive;
  const bool known = std::any_of(shape.columns.begin(), shape.columns.end(),
                                 [&out](const auto& c) { return c.first == out.column; });
  if (!known) return since.invalid("column is not among the columns");
  LH_TRY(since.finish());
  return out;
}

Result<Success> read_success(SettingsReader& in, answer::Format format) {
  Success out;
  const SettingsNode* table = LH_TRY(in.table("success"));
  if (table == nullptr) return out;
  auto success = LH_TRY(SettingsReader::open(*table, "success"));
  out.path = LH_TRY(read_path(success, "path", format));
  out.values = LH_TRY(success.texts("values"));
  out.not_found = LH_TRY(success.texts("not_found"));
  if (out.path.empty() || out.values.empty()) return success.invalid("path and values are needed");
  LH_TRY(success.finish());
  return out;
}

Result<answer::Shape> read_shape(SettingsReader& in, answer::Format format,
                                 const request::Limits& limits) {
  answer::Shape out;
  out.rows = LH_TRY(in.required_text("rows"));
  out.columns = LH_TRY(in.pairs("columns"));
  out.absent = LH_TRY(in.flag("rows_optional", Flag::kNo)) == Flag::kYes ? answer::Absent::kNone
                                                                         : answer::Absent::kError;
  out.max_items = limits.items;
  out.max_row_bytes = limits.row_bytes;
  if (out.columns.empty()) return in.invalid("columns are missing");
  if (out.columns.size() > limits::kRowColumns) return in.invalid("too many columns");
  const auto checked = check_shape(format, out);
  if (!checked.ok()) return in.invalid(checked.error().detail());
  for (const std::string& name : LH_TRY(in.texts("header"))) {
    const bool known = std::any_of(out.columns.begin(), out.columns.end(),
                                   [&name](const auto& c) { return c.first == name; });
    if (!known) return in.invalid("header: " + name + " is not among the columns");
  }
  return out;
}

// A parameter that the mapping names is a query parameter with a place; else there is a place.
Status add_parameter(const SettingsReader& in, request::Operation& operation,
                     const std::string& parameter, const std::string& place) {
  if (parameter.empty()) {
    if (operation.uses(place)) return {};
    return in.invalid("nothing says {" + place + "}: name a parameter, or write the place");
  }
  auto made = Template::parse("{" + place + "}", Place::kQuery, {place});
  operation.query.emplace_back(parameter, LH_TRY(std::move(made)));
  return {};
}

Status add_paging(const SettingsReader& in, HttpSource& out) {
  const Paging& p = out.paging;
  if (!p.size_parameter.empty()) {
    LH_TRY(add_parameter(in, out.pull, p.size_parameter, "size"));
  }
  switch (p.kind) {
    case PagingKind::kPage:
      return add_parameter(in, out.pull, p.parameter, "page");
    case PagingKind::kOffset:
      return add_parameter(in, out.pull, p.parameter, "offset");
    case PagingKind::kToken:
      return add_parameter(in, out.pull, p.parameter, "token");
    case PagingKind::kNext:
      if (out.pull.method != "GET") return in.invalid("next links are followed with GET");
      return {};
    case PagingKind::kNone:
      return {};
  }
  return {};
}

Result<std::optional<LookupSettings>> read_lookup(SettingsReader& in, const HttpSource& source,
                                                  const Style& style) {
  const SettingsNode* table = LH_TRY(in.table("lookup"));
  if (table == nullptr) return std::optional<LookupSettings>();
  auto lookup = LH_TRY(SettingsReader::open(*table, "lookup"));
  LookupSettings out;
  out.operation = LH_TRY(style.read_operation(lookup, source.connection, {"key."}));
  out.repeat = LH_TRY(read_repeat(lookup, out.operation));
  out.shape = source.shape;
  const std::string rows = LH_TRY(lookup.text("rows"));
  if (!rows.empty()) out.shape.rows = rows;
  if (!check_shape(source.form.format, out.shape).ok()) return lookup.invalid("rows is no path");
  out.not_found_404 = LH_TRY(lookup.flag("not_found_404", Flag::kNo));
  LH_TRY(lookup.finish());
  if (!out.operation.names_any("key.")) return lookup.invalid("nothing says {key.COLUMN}");
  return std::optional(std::move(out));
}

Result<std::optional<PushSettings>> read_push(SettingsReader& in, const HttpSource& source,
                                              const Style& style) {
  const SettingsNode* table = LH_TRY(in.table("push"));
  if (table == nullptr) return std::optional<PushSettings>();
  auto push = LH_TRY(SettingsReader::open(*table, "push"));
  PushSettings out;
  out.operation = LH_TRY(style.read_operation(push, source.connection, {"record.", "id"}));
  if (out.operation.method == "GET") return push.invalid("method is POST or PUT");
  if (!out.operation.body && out.operation.form.empty()) {  // the record as one JSON object
    out.operation.body = LH_TRY(Template::parse("{record}", Place::kAsItIs, {"record"}));
    out.operation.content_type = "application/json";
  }
  out.idempotency_header = LH_TRY(push.text("idempotency_header"));
  if (out.idempotency_header.empty()) out.idempotency_header = "Idempotency-Key";
  LH_TRY(push.finish());
  return std::optional(std::move(out));
}

// Codes are short and without meaning for a person; anything else may be a message about one.
std::string shown_code(const std::string& code) {
  const bool plain =
      !code.empty() && code.size() <= 12 && std::all_of(code.begin(), code.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '_' || c == '-' || c == '.';
      });
  return plain ? "the source says " + code : "the source says a code that is not shown";
}

bool among(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

Style rest_style() {
  return {"http", Faults::kNone, &request::read_operation};
}

Result<HttpSource> read_source(const SettingsNode& source, const Style& style) {
  auto in = LH_TRY(SettingsReader::open(source, "source"));
  in.find("kind");
  in.find("header_guard");  // read with the mapping
  HttpSource out;
  out.connection = LH_TRY(request::read_connection(in));
  out.form = LH_TRY(read_form(in, style));
  out.faults = style.faults;
  out.shape = LH_TRY(read_shape(in, out.form.format, out.connection.limits));
  out.paging = LH_TRY(read_paging(in, out.form.format));
  out.pull = LH_TRY(style.read_operation(in, out.connection, pull_places(out.paging.kind)));
  out.repeat = LH_TRY(read_repeat(in, out.pull));
  LH_TRY(add_paging(in, out));
  out.since = LH_TRY(read_since(in, out.shape));
  if (!out.since.column.empty()) LH_TRY(add_parameter(in, out.pull, out.since.parameter, "since"));
  out.conditional = LH_TRY(in.flag("conditional", Flag::kNo));
  if (out.conditional == Flag::kYes &&
      (out.paging.kind != PagingKind::kNone || !out.since.column.empty())) {
    return in.invalid("conditional: one answer must hold everything (no paging, no since)");
  }
  out.success = LH_TRY(read_success(in, out.form.format));
  out.lookup = LH_TRY(read_lookup(in, out, style));
  out.push = LH_TRY(read_push(in, out, style));
  LH_TRY(in.finish());
  return out;
}

Result<Outcome> judge(const Success& success, const answer::Answer& answer) {
  if (success.path.empty()) return Outcome::kGood;
  const auto code = answer.find(success.path);
  if (!code) return Error(Reason::kSourceAnswer, "no code at " + success.path);
  if (among(success.values, *code)) return Outcome::kGood;
  if (among(success.not_found, *code)) return Outcome::kNotFound;
  return Error(Reason::kSourceRefused, shown_code(*code));
}

std::vector<int> accepted_statuses(Faults faults) {
  if (faults == Faults::kNone) return {};
  return {400, 500};
}

Status check_faults(Faults faults, const outbound::HttpResponse& response) {
  if (faults == Faults::kNone) return {};
  const auto code = answer::find_soap_fault(response.body);
  if (code.ok() && *code) return Error(Reason::kSourceRefused, "SOAP fault " + **code);
  if (response.status >= 400) {  // an error of something before the service
    const bool later = response.status == 500;
    return Error(later ? Reason::kSourceUnavailable : Reason::kSourceRefused,
                 "HTTP " + std::to_string(response.status));
  }
  if (!code.ok()) return code.error();
  return {};
}

}  // namespace lh::adapters::http
