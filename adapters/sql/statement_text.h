// Statements of a mapping and statements of ours, as text. Values are never part of it.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/sql/session/session.h"

namespace lh::adapters::sql {

// A statement with ? where :name stood, and the names in that order.
struct NamedStatement {
  std::string sql;
  std::vector<std::string> names;
};

// One statement of a mapping. Refused (the error is what to tell the author): ; comments, ?
// a backslash or a line end in a literal, quotes and parentheses that do not match, $quoting$.
// "::type" is a cast, not a name.
struct StatementFault {
  std::string what;
};
std::variant<NamedStatement, StatementFault> parse_statement(std::string_view text);

// The name in the quotes of the dialect, those inside doubled. Input: no U+0000.
std::string quoted(Dialect dialect, std::string_view name);

// What is read: a table or a query of the mapping; columns are always qualified by its alias,
// because SQLite takes an unknown "name" for a text.
struct Relation {
  Dialect dialect = Dialect::kStandard;
  std::string schema;
  std::string table;
  std::string query;
};

// A column in the select list: as text of the server where the driver would change it.
enum class As : std::uint8_t { kIs, kText };
struct Selected {
  std::string name;
  As as = As::kIs;
};

// One row or none, for the description of all columns.
std::string describe_sql(const Relation& from);
// The whole of it, in no order: the first `rows`.
std::string sample_sql(const Relation& from, const std::vector<Selected>& columns,
                       std::size_t rows);
// Rows whose key columns have the values of as many parameters.
std::string lookup_sql(const Relation& from, const std::vector<Selected>& columns,
                       const std::vector<std::string>& key, std::size_t rows);

// The columns of a cursor; kDecimal where the product would compare a text as a float.
struct CursorColumn {
  std::string name;
  ParameterType type = ParameterType::kText;
};
enum class Page : std::uint8_t { kFirst, kNext };
struct PageSql {
  std::string sql;
  std::vector<std::size_t> parameters;  // each ?: which cursor column's value
};
// Rows in the order of the cursor columns, after those of the parameters (kNext).
PageSql page_sql(const Relation& from, const std::vector<Selected>& columns,
                 const std::vector<CursorColumn>& cursor, Page page, std::size_t rows);
// Rows that no cursor reaches: one of its columns is NULL.
std::string nulls_sql(const Relation& from, const std::vector<Selected>& columns,
                      const std::vector<CursorColumn>& cursor, std::size_t rows);

std::string insert_sql(const Relation& into, const std::vector<std::string>& columns);
std::string exists_sql(const Relation& in, const std::string& column);

}  // namespace lh::adapters::sql
