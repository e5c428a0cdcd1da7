#include <algorithm>
#include <charconv>

#include "adapters/sql/session/row_cells.h"
#include "adapters/sql/sql_exchange.h"

namespace lh::adapters::sql {
namespace {

constexpr std::size_t kMostRows = 100;

bool is_integer(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  return !digits.empty() && digits.size() <= 20 &&
         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_padding(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

class SqlLookup final : public Lookup {
 public:
  SqlLookup(const Parts& parts, SqlSettings settings, OpenTable table)
      : parts_(parts), settings_(std::move(settings)), names_(table.names()) {
    use(std::move(table));
  }

  const std::vector<std::string>& columns() const override { return names_; }

  Result<std::vector<RawRow>> find(const KeyValues& key) override {
    const std::vector<std::string> wanted = LH_TRY(in_order(key));
    const bool kept = table_.session != nullptr;
    auto rows = find_once(wanted);
    if (kept && !rows.ok() && rows.error().reason() == Reason::kSourceUnavailable) {
      return find_once(wanted);  // the session was from before; reading twice harms nobody
    }
    return rows;
  }

 private:
  void use(OpenTable table) {
    table_ = std::move(table);
    sql_ = lookup_sql(table_.relation, table_.selected, settings_.key, kMostRows + 1);
    places_.clear();
    for (const auto& name : settings_.key) places_.push_back(column_at(table_.columns, name));
  }

  // The values in the order of the key columns.
  Result<std::vector<std::string>> in_order(const KeyValues& key) const {
    std::vector<std::string> out;
    for (const std::string& name : settings_.key) {
      const auto at = std::find_if(key.begin(), key.end(),
                                   [&name](const auto& part) { return part.first == name; });
      if (at == key.end() || key.size() != settings_.key.size()) {
        return Error(Reason::kMappingInvalid, "the key is not that of the source: " + name);
      }
      out.push_back(at->second);
    }
    return out;
  }

  Result<std::vector<RawRow>> find_once(const std::vector<std::string>& wanted) {
    if (table_.session == nullptr) LH_TRY(open_again());
    auto rows = ask(wanted);
    const bool lost = !rows.ok() && rows.error().reason() == Reason::kSourceUnavailable;
    if (lost) table_.session.reset();
    return rows;
  }

  Status open_again() {
    OpenTable table = LH_TRY(open_table(parts_, settings_));
    if (table.names() != names_) {
      return Error(Reason::kSourceChanged, "the columns are not those they were");
    }
    use(std::move(table));
    return {};
  }

  Result<std::vector<RawRow>> ask(const std::vector<std::string>& wanted) {
    Parameters values;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const bool number = table_.columns[places_[i]].type == ColumnType::kInteger;
      // What is no text, or no number where one is needed, is nobody's key.
      if (!is_utf8(wanted[i]) || wanted[i].find('\0') != std::string::npos ||
          (number && !is_integer(wanted[i]))) {
        return std::vector<RawRow>();
      }
      values.push_back({number ? ParameterType::kInteger : ParameterType::kText, wanted[i]});
    }
    LH_TRY(table_.session->query(sql_, values));
    std::vector<RawRow> out;
    for (;;) {
      auto rows = LH_TRY(table_.session->rows(kMostRows + 1));
      if (rows.empty()) return out;
      for (Bytes& row : rows) LH_TRY(take(std::move(row), wanted, out));
      if (out.size() > kMostRows) return Error(Reason::kInputTooLarge, "more than 100 rows");
    }
  }

  Status take(Bytes bytes, const std::vector<std::string>& wanted, std::vector<RawRow>& out) const {
    std::vector<Cell> cells;
    LH_TRY(read_cells(bytes, table_.columns.size(), cells));
    // A collation may find "abc" for "ABC": that is the record of somebody else.
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const Cell& cell = cells[places_[i]];
      const bool text = table_.columns[places_[i]].type == ColumnType::kText;
      if (text && without_padding(cell.bytes) != without_padding(wanted[i])) return {};
    }
    RawRow row = make_row(cells, table_.columns);
    row.number = out.size() + 1;
    row.bytes = std::move(bytes);
    out.push_back(std::move(row));
    return {};
  }

  Parts parts_;
  SqlSettings settings_;
  OpenTable table_;
  std::vector<std::string> names_;
  std::string sql_;
  std::vector<std::size_t> places_;  // of the key columns among the columns
};

}  // namespace

Result<std::unique_ptr<Lookup>> open_lookup(const Parts& parts, const SqlSettings& settings) {
  if ((settings.table.empty() && settings.query.empty()) || settings.key.empty()) {
    return Error(Reason::kAdapterUnsupported, "sql: lookup without table or query, and key");
  }
  OpenTable table = LH_TRY(open_table(parts, settings));
  return std::unique_ptr<Lookup>(std::make_unique<SqlLookup>(parts, settings, std::move(table)));
}

}  // namespace lh::adapters::sql
