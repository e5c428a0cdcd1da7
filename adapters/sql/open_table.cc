#include "adapters/sql/open_table.h"

#include <algorithm>

namespace lh::adapters::sql {
namespace {

// psqlodbc makes another value of dates beyond the year 9999, before our era and infinity, and
// drops the zone: the server's own text is exact.
As form_of(Dialect dialect, const Column& column) {
  if (dialect != Dialect::kPostgresql) return As::kIs;
  switch (column.type) {
    case ColumnType::kDate:
    case ColumnType::kTime:
    case ColumnType::kTimestamp:
    case ColumnType::kFloat:
    case ColumnType::kOther:
      return As::kText;
    default:
      return As::kIs;
  }
}

Error missing(const std::string& name) {
  return Error(Reason::kMappingColumn, "column " + name);
}

}  // namespace

std::size_t column_at(const std::vector<Column>& columns, std::string_view name) {
  const auto at = std::find_if(columns.begin(), columns.end(),
                               [name](const Column& c) { return c.name == name; });
  return static_cast<std::size_t>(at - columns.begin());
}

std::vector<std::string> OpenTable::names() const {
  std::vector<std::string> out;
  for (const Column& column : columns) out.push_back(column.name);
  return out;
}

Result<std::unique_ptr<Session>> open_session(const Parts& parts, const SqlSettings& settings,
                                              Access access) {
  LH_TRY(check_target(settings.connection, parts.around));
  Secret password;
  if (!settings.password_secret.empty()) {
    password = LH_TRY(parts.around.secrets.find(settings.password_secret));
  }
  Connection to = settings.connection;
  to.access = access;
  return parts.connector.connect(to, password);
}

Result<OpenTable> open_table(const Parts& parts, const SqlSettings& settings) {
  OpenTable out;
  out.session = LH_TRY(open_session(parts, settings, Access::kRead));
  out.relation = {settings.connection.dialect, settings.schema, settings.table, settings.query};
  const auto* described = LH_TRY(out.session->query(describe_sql(out.relation), {}));
  const std::vector<Column> there = *described;
  for (const std::string& name : settings.header) {
    if (column_at(there, name) == there.size()) return missing(name);
  }
  if (settings.columns.empty()) out.columns = there;
  for (const auto* names : {&settings.columns, &settings.cursor, &settings.key}) {
    for (const std::string& name : *names) {
      const std::size_t at = column_at(there, name);
      if (at == there.size()) return missing(name);
      if (column_at(out.columns, name) == out.columns.size()) out.columns.push_back(there[at]);
    }
  }
  for (const Column& column : out.columns) {
    out.selected.push_back({column.name, form_of(out.relation.dialect, column)});
  }
  return out;
}

Result<std::vector<CursorColumn>> cursor_columns(const OpenTable& table,
                                                 const std::vector<std::string>& names) {
  std::vector<CursorColumn> out;
  for (const std::string& name : names) {
    switch (table.columns[column_at(table.columns, name)].type) {
      case ColumnType::kFloat:
      case ColumnType::kBinary:
      case ColumnType::kBit:
        return Error(Reason::kMappingInvalid,
                     "cursor: column " + name + " is of a type that cannot be gone on from");
      case ColumnType::kInteger:
        out.push_back({name, ParameterType::kInteger});
        break;
      case ColumnType::kDecimal:
        out.push_back({name, ParameterType::kDecimal});
        break;
      default:
        out.push_back({name, ParameterType::kText});
    }
  }
  return out;
}

}  // namespace lh::adapters::sql
