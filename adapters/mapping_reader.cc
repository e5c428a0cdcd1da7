// Reads a mapping file strictly: every key is known, every name exists, every list is what it says.
#include "adapters/dialects/dialects.h"
#include "adapters/mapping.h"
#include "adapters/mapping_calls.h"
#include "adapters/mapping_rules.h"

namespace lh::adapters {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// What every kind of table shares; the rest of [source] is read by its kind.
Status read_source(const SettingsNode& table, Mapping& out) {
  auto in = LH_TRY(SettingsReader::open(table, "source"));
  out.kind = LH_TRY(in.required_text("kind"));
  out.source = table;
  out.header = LH_TRY(in.texts("header"));
  const SettingsNode* guard = LH_TRY(in.table("header_guard"));
  if (guard == nullptr) return {};
  auto g = LH_TRY(SettingsReader::open(*guard, "header_guard"));
  out.header_guard = LH_TRY(g.required_text("column"));
  out.header_guard_values = LH_TRY(g.texts("values"));
  return g.finish();
}

Status read_tables(const SettingsNode& tables, Mapping& out) {
  for (const auto& [name, node] : *tables.table()) {
    if (node.table() == nullptr) return invalid_setting(node, "a table of codes is expected");
    auto& table = out.tables[name];
    for (const auto& [code, value] : *node.table()) {
      if (value.text() == nullptr) return invalid_setting(value, "a code becomes a text");
      table.emplace(code, *value.text());
    }
  }
  return {};
}

Result<FieldRule> read_field(const std::string& name, const SettingsNode& node,
                             const std::vector<std::string>& empty_values) {
  if (node.table() == nullptr) {
    return invalid_setting(node, "a field is a table: { column = \"…\" }");
  }
  auto in = LH_TRY(SettingsReader::open(node, name));
  FieldRule out;
  out.name = name;
  out.line = node.line;
  out.column = LH_TRY(in.text("column"));
  out.columns = LH_TRY(in.texts("columns"));
  out.join = LH_TRY(in.text("join"));
  out.constant = LH_TRY(in.text("constant"));
  out.converters = LH_TRY(in.texts("convert"));
  out.checks = LH_TRY(in.texts("check"));
  const bool own_empty = node.find("empty") != nullptr;
  const auto own = LH_TRY(in.texts("empty"));
  out.empty_values = own_empty ? own : empty_values;
  out.required = LH_TRY(in.flag("required", Flag::kNo)) == Flag::kYes;
  LH_TRY(in.finish());
  return out;
}

Status read_holder(const SettingsNode& table, OutputRule& out) {
  auto in = LH_TRY(SettingsReader::open(table, "holder"));
  const auto scheme = parse_scheme(LH_TRY(in.required_text("scheme")));
  if (!scheme.ok()) return in.invalid("holder: the scheme is not known");
  out.holder_scheme = *scheme;
  out.holder_id = LH_TRY(in.required_text("id"));
  out.holder_name = LH_TRY(in.text("name"));
  out.local_source = LH_TRY(in.text("source"));
  if ((out.holder_scheme == IdScheme::kLocal) == out.local_source.empty()) {
    return in.invalid("holder: source is for the scheme local, and needed there");
  }
  return in.finish();
}

Status read_date_order(SettingsReader& in, OutputRule& out) {
  const SettingsNode* node = in.find("date_order");
  if (node == nullptr) return {};
  if (node->list() == nullptr) return in.invalid("date_order is a list of pairs of fields");
  for (const SettingsNode& item : *node->list()) {
    const auto* pair = item.list();
    if (pair == nullptr || pair->size() != 2 || pair->front().text() == nullptr ||
        pair->back().text() == nullptr) {
      return invalid_setting(item, "date_order: a pair of fields");
    }
    out.date_order.emplace_back(*pair->front().text(), *pair->back().text());
  }
  return {};
}

// A field that says nothing of its source has the column that the dialect gives it.
Status name_column(const std::string& dialect, FieldRule& field) {
  if (!field.column.empty() || !field.columns.empty() || !field.constant.empty()) return {};
  const auto column = dialects::column_of(dialect, field.name);
  if (!column) {
    return Error(Reason::kMappingInvalid, "line " + std::to_string(field.line) + ": " + field.name +
                                              ": the dialect " + dialect + " has no name for it");
  }
  field.column = *column;
  return {};
}

Result<OutputRule> read_output(const SettingsNode& table,
                               const std::vector<std::string>& empty_values) {
  auto in = LH_TRY(SettingsReader::open(table, "an output"));
  OutputRule out;
  out.line = table.line;
  const std::string kind = LH_TRY(in.required_text("kind"));
  if (kind != "base_data" && kind != "licence") {
    return in.invalid("kind is base_data or licence");
  }
  out.kind = kind == "licence" ? RecordKind::kLicence : RecordKind::kBaseData;
  out.object = LH_TRY(in.required_text("object"));
  out.key = LH_TRY(in.texts("key"));
  out.status = LH_TRY(in.text("status"));
  out.valid_from = LH_TRY(in.text("valid_from"));
  out.valid_until = LH_TRY(in.text("valid_until"));
  out.division = LH_TRY(in.text("division"));
  LH_TRY(read_date_order(in, out));
  const SettingsNode* holder = LH_TRY(in.table("holder"));
  if (holder == nullptr) return in.invalid("holder is missing");
  LH_TRY(read_holder(*holder, out));
  const SettingsNode* fields = LH_TRY(in.table("fields"));
  if (fields == nullptr) return in.invalid("fields are missing");
  const std::string dialect = LH_TRY(in.text("dialect"));
  if (!dialect.empty() && !dialects::is_known(dialect)) return in.invalid("dialect: not known");
  for (const auto& [name, node] : *fields->table()) {
    out.fields.push_back(LH_TRY(read_field(name, node, empty_values)));
    if (!dialect.empty()) LH_TRY(name_column(dialect, out.fields.back()));
  }
  LH_TRY(read_lookup(in, out));
  LH_TRY(in.finish());
  return out;
}

Result<Mapping> read_mapping(const SettingsNode& root) {
  auto in = LH_TRY(SettingsReader::open(root, "a mapping"));
  Mapping out;
  out.name = LH_TRY(in.required_text("name"));
  out.version = static_cast<int>(LH_TRY(in.number("version", 1, 1'000'000, 1)));
  out.issuer_name = LH_TRY(in.text("issuer_name"));
  const std::vector<std::string> empty_values = LH_TRY(in.texts("empty"));
  const SettingsNode* source = LH_TRY(in.table("source"));
  if (source == nullptr) return in.invalid("the table source is missing");
  LH_TRY(read_source(*source, out));
  if (const SettingsNode* tables = LH_TRY(in.table("tables"))) LH_TRY(read_tables(*tables, out));
  LH_TRY(read_run_terms(in, out));
  const auto outputs = LH_TRY(in.tables("outputs"));
  if (outputs.empty()) return in.invalid("there is no [[outputs]]");
  for (const SettingsNode* item : outputs) {
    out.outputs.push_back(LH_TRY(read_output(*item, empty_values)));
  }
  LH_TRY(read_pushes(in, out));
  LH_TRY(in.finish());
  return out;
}

}  // namespace

Result<Mapping> parse_mapping(std::string_view toml) {
  const SettingsNode root = LH_TRY(parse_settings(toml));
  Mapping mapping = LH_TRY(read_mapping(root));
  LH_TRY(check_mapping(mapping));
  return mapping;
}

}  // namespace lh::adapters
