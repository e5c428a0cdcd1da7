// Reads a mapping file strictly: every key is known, every name exists, every list is what it says.
#include <toml++/toml.h>
#include <algorithm>

#include "adapters/mapping.h"
#include "adapters/mapping_rules.h"
#include "base/bytes.h"

namespace lh::adapters {
namespace {

constexpr std::size_t kMaxMappingBytes = 1U << 20U;

Error invalid(const toml::node& at, std::string what) {
  return Error(Reason::kMappingInvalid,
               "line " + std::to_string(at.source().begin.line) + ": " + std::move(what));
}

int line_of(const toml::node& at) {
  return static_cast<int>(at.source().begin.line);
}

// One table of the file; every key must be asked for, finish() refuses the others.
class TableReader {
 public:
  explicit TableReader(const toml::table& table) : table_(table) {}

  const toml::node* find(std::string_view key) {
    asked_.emplace_back(key);
    return table_.get(key);
  }

  Result<std::string> text(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::string();
    const auto value = node->value_exact<std::string>();
    if (!value) return invalid(*node, std::string(key) + " is a text");
    return *value;
  }

  Result<std::string> required_text(std::string_view key) {
    std::string value = LH_TRY(text(key));
    if (value.empty()) return invalid(table_, std::string(key) + " is missing or empty");
    return value;
  }

  Result<std::size_t> number(std::string_view key, std::size_t from, std::size_t to,
                             std::size_t otherwise) {
    const toml::node* node = find(key);
    if (node == nullptr) return otherwise;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < static_cast<std::int64_t>(from) ||
        *value > static_cast<std::int64_t>(to)) {
      return invalid(*node, std::string(key) + " is a number from " + std::to_string(from) +
                                " to " + std::to_string(to));
    }
    return static_cast<std::size_t>(*value);
  }

  Result<std::vector<std::string>> texts(std::string_view key) {
    std::vector<std::string> out;
    const toml::node* node = find(key);
    if (node == nullptr) return out;
    const toml::array* array = node->as_array();
    if (array == nullptr) return invalid(*node, std::string(key) + " is a list of texts");
    for (const toml::node& item : *array) {
      const auto value = item.value_exact<std::string>();
      if (!value) return invalid(item, std::string(key) + " is a list of texts");
      out.push_back(*value);
    }
    return out;
  }

  Result<const toml::table*> table(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return static_cast<const toml::table*>(nullptr);
    if (!node->is_table()) return invalid(*node, std::string(key) + " is a table");
    return node->as_table();
  }

  Status finish() const {
    for (const auto& [key, node] : table_) {
      if (std::find(asked_.begin(), asked_.end(), key.str()) == asked_.end()) {
        return invalid(node, "the key " + std::string(key.str()) + " is not known here");
      }
    }
    return {};
  }

 private:
  const toml::table& table_;
  std::vector<std::string> asked_;
};

// In the order of the file; toml++ keeps tables sorted by key.
std::vector<std::pair<std::string, const toml::node*>> in_file_order(const toml::table& table) {
  std::vector<std::pair<std::string, const toml::node*>> out;
  for (const auto& [key, node] : table) out.emplace_back(key.str(), &node);
  const auto before = [](const auto& a, const auto& b) {
    const toml::source_position& x = a.second->source().begin;
    const toml::source_position& y = b.second->source().begin;
    return x.line != y.line ? x.line < y.line : x.column < y.column;
  };
  std::sort(out.begin(), out.end(), before);
  return out;
}

Status read_source(const toml::table& table, Mapping& out) {
  TableReader in(table);
  const std::string kind = LH_TRY(in.required_text("kind"));
  if (kind != "file" && kind != "memory") return invalid(table, "kind is file or memory");
  out.source = kind == "file" ? SourceKind::kFile : SourceKind::kMemory;
  const std::string encoding = LH_TRY(in.text("encoding"));
  if (!encoding.empty() && encoding != "utf-8" && encoding != "gb18030") {
    return invalid(table, "encoding is utf-8 or gb18030");
  }
  if (encoding.empty() && kind == "file") return invalid(table, "encoding is missing");
  FileSourceSettings& file = out.file;
  file.encoding = encoding == "gb18030" ? Encoding::kGb18030 : Encoding::kUtf8;
  const std::string delimiter = LH_TRY(in.text("delimiter"));
  if (delimiter.size() > 1) return invalid(table, "delimiter is one ASCII character");
  if (!delimiter.empty()) file.delimiter = delimiter[0];
  file.header = LH_TRY(in.texts("header"));
  file.max_row_bytes =
      LH_TRY(in.number("max_row_bytes", 1024, limits::kRowBytes, limits::kRowBytes));
  if (const toml::table* guard = LH_TRY(in.table("header_guard"))) {
    TableReader g(*guard);
    file.header_guard = LH_TRY(g.required_text("column"));
    file.header_guard_values = LH_TRY(g.texts("values"));
    LH_TRY(g.finish());
  }
  return in.finish();
}

Status read_tables(const toml::table& tables, Mapping& out) {
  for (const auto& [name, node] : tables) {
    const toml::table* codes = node.as_table();
    if (codes == nullptr) return invalid(node, "a table of codes is expected");
    auto& table = out.tables[std::string(name.str())];
    for (const auto& [code, value] : *codes) {
      const auto text = value.value_exact<std::string>();
      if (!text) return invalid(value, "a code becomes a text");
      table.emplace(code.str(), *text);
    }
  }
  return {};
}

Result<FieldRule> read_field(const std::string& name, const toml::node& node,
                             const std::vector<std::string>& empty_values) {
  if (!node.is_table()) return invalid(node, "a field is a table: { column = \"…\" }");
  TableReader in(*node.as_table());
  FieldRule out;
  out.name = name;
  out.line = line_of(node);
  out.column = LH_TRY(in.text("column"));
  out.columns = LH_TRY(in.texts("columns"));
  out.join = LH_TRY(in.text("join"));
  out.constant = LH_TRY(in.text("constant"));
  out.converters = LH_TRY(in.texts("convert"));
  out.checks = LH_TRY(in.texts("check"));
  const bool own_empty = in.find("empty") != nullptr;
  out.empty_values = own_empty ? LH_TRY(in.texts("empty")) : empty_values;
  if (const toml::node* required = in.find("required")) {
    const auto value = required->value_exact<bool>();
    if (!value) return invalid(*required, "required is true or false");
    out.required = *value;
  }
  LH_TRY(in.finish());
  return out;
}

Status read_holder(const toml::table& table, OutputRule& out) {
  TableReader in(table);
  const auto scheme = parse_scheme(LH_TRY(in.required_text("scheme")));
  if (!scheme.ok()) return invalid(table, "holder: the scheme is not known");
  out.holder_scheme = *scheme;
  out.holder_id = LH_TRY(in.required_text("id"));
  out.holder_name = LH_TRY(in.text("name"));
  out.local_source = LH_TRY(in.text("source"));
  if ((out.holder_scheme == IdScheme::kLocal) == out.local_source.empty()) {
    return invalid(table, "holder: source is for the scheme local, and needed there");
  }
  return in.finish();
}

Status read_date_order(TableReader& in, const toml::table& table, OutputRule& out) {
  const toml::node* node = in.find("date_order");
  if (node == nullptr) return {};
  if (!node->is_array()) return invalid(table, "date_order is a list of pairs of fields");
  for (const toml::node& item : *node->as_array()) {
    const toml::array* pair = item.as_array();
    if (pair == nullptr || pair->size() != 2) return invalid(item, "date_order: a pair of fields");
    const auto first = pair->get(0)->value_exact<std::string>();
    const auto second = pair->get(1)->value_exact<std::string>();
    if (!first || !second) return invalid(item, "date_order: a pair of fields");
    out.date_order.emplace_back(*first, *second);
  }
  return {};
}

Result<OutputRule> read_output(const toml::table& table,
                               const std::vector<std::string>& empty_values) {
  TableReader in(table);
  OutputRule out;
  out.line = line_of(table);
  const std::string kind = LH_TRY(in.required_text("kind"));
  if (kind != "base_data" && kind != "licence") {
    return invalid(table, "kind is base_data or licence");
  }
  out.kind = kind == "licence" ? RecordKind::kLicence : RecordKind::kBaseData;
  out.object = LH_TRY(in.required_text("object"));
  out.key = LH_TRY(in.texts("key"));
  out.status = LH_TRY(in.text("status"));
  out.valid_from = LH_TRY(in.text("valid_from"));
  out.valid_until = LH_TRY(in.text("valid_until"));
  out.division = LH_TRY(in.text("division"));
  LH_TRY(read_date_order(in, table, out));
  const toml::table* holder = LH_TRY(in.table("holder"));
  if (holder == nullptr) return invalid(table, "holder is missing");
  LH_TRY(read_holder(*holder, out));
  const toml::table* fields = LH_TRY(in.table("fields"));
  if (fields == nullptr) return invalid(table, "fields are missing");
  for (const auto& [name, node] : in_file_order(*fields)) {
    out.fields.push_back(LH_TRY(read_field(name, *node, empty_values)));
  }
  LH_TRY(in.finish());
  return out;
}

Result<Mapping> read_mapping(const toml::table& root) {
  TableReader in(root);
  Mapping out;
  out.name = LH_TRY(in.required_text("name"));
  out.version = static_cast<int>(LH_TRY(in.number("version", 1, 1'000'000, 1)));
  out.issuer_name = LH_TRY(in.text("issuer_name"));
  const std::vector<std::string> empty_values = LH_TRY(in.texts("empty"));
  const toml::table* source = LH_TRY(in.table("source"));
  if (source == nullptr) return invalid(root, "the table source is missing");
  LH_TRY(read_source(*source, out));
  if (const toml::table* tables = LH_TRY(in.table("tables"))) LH_TRY(read_tables(*tables, out));
  const toml::node* outputs = in.find("outputs");
  const toml::array* list = outputs == nullptr ? nullptr : outputs->as_array();
  if (list == nullptr || list->empty()) return invalid(root, "there is no [[outputs]]");
  for (const toml::node& item : *list) {
    if (!item.is_table()) return invalid(item, "an output is a table");
    out.outputs.push_back(LH_TRY(read_output(*item.as_table(), empty_values)));
  }
  LH_TRY(in.finish());
  return out;
}

// The library throws; nothing of it leaves this function.
Result<toml::table> parse_toml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return Error(Reason::kMappingSyntax, "line " + std::to_string(error.source().begin.line) +
                                             ": " + std::string(error.description()));
  }
}

}  // namespace

Result<Mapping> parse_mapping(std::string_view toml) {
  if (toml.size() > kMaxMappingBytes) return Error(Reason::kInputTooLarge, "mapping: 1 MiB");
  if (!is_utf8(toml)) return Error(Reason::kMappingSyntax, "the file is not UTF-8");
  const toml::table root = LH_TRY(parse_toml(toml));
  Mapping mapping = LH_TRY(read_mapping(root));
  LH_TRY(check_mapping(mapping));
  return mapping;
}

}  // namespace lh::adapters
