#include "adapters/sql/statement_text.h"

namespace lh::adapters::sql {
namespace {

constexpr std::string_view kAlias = "lh_q";

std::string list(const std::vector<std::string>& items, std::string_view between) {
  std::string out;
  for (const std::string& item : items) {
    if (!out.empty()) out += between;
    out += item;
  }
  return out;
}

std::string column(const Relation& from, std::string_view name) {
  return std::string(kAlias).append(".").append(quoted(from.dialect, name));
}

std::string select_list(const Relation& from, const std::vector<Selected>& columns) {
  std::vector<std::string> out;
  for (const Selected& c : columns) {
    const std::string name = column(from, c.name);
    out.push_back(
        c.as == As::kIs ? name : "CAST(" + name + " AS text) AS " + quoted(from.dialect, c.name));
  }
  return list(out, ", ");
}

std::string name_of(const Relation& of) {
  const std::string table = quoted(of.dialect, of.table);
  return of.schema.empty() ? table : quoted(of.dialect, of.schema) + "." + table;
}

std::string from_clause(const Relation& from) {
  const std::string what = from.query.empty() ? name_of(from) : "(" + from.query + ")";
  return " FROM " + what + " " + std::string(kAlias);
}

// The clauses of a select in the order of the dialect.
std::string limited(const Relation& from, const std::string& columns, const std::string& rest,
                    std::size_t rows) {
  const std::string n = std::to_string(rows);
  if (from.dialect == Dialect::kSqlServer) {
    return "SELECT TOP " + n + " " + columns + from_clause(from) + rest;
  }
  const std::string end =
      from.dialect == Dialect::kStandard ? " FETCH FIRST " + n + " ROWS ONLY" : " LIMIT " + n;
  return "SELECT " + columns + from_clause(from) + rest + end;
}

// MariaDB compares a text with a decimal as two floats.
std::string mark(const Relation& from, const CursorColumn& c) {
  const bool cast = c.type == ParameterType::kDecimal && from.dialect == Dialect::kMysql;
  return cast ? "CAST(? AS DECIMAL(65,30))" : "?";
}

// (c1, c2) > (?, ?): one range of an index over both.
std::string after_by_row(const Relation& from, const std::vector<CursorColumn>& cursor,
                         std::vector<std::size_t>& parameters) {
  std::vector<std::string> names;
  std::vector<std::string> marks;
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    names.push_back(column(from, cursor[i].name));
    marks.push_back(mark(from, cursor[i]));
    parameters.push_back(i);
  }
  return "(" + list(names, ", ") + ") > (" + list(marks, ", ") + ")";
}

// c1 > ? OR (c1 = ? AND c2 > ?): the same where rows are not compared, or not by an index.
std::string after_by_column(const Relation& from, const std::vector<CursorColumn>& cursor,
                            std::vector<std::size_t>& parameters) {
  std::vector<std::string> cases;
  for (std::size_t last = 0; last < cursor.size(); ++last) {
    std::vector<std::string> terms;
    for (std::size_t i = 0; i <= last; ++i) {
      terms.push_back(column(from, cursor[i].name) + (i < last ? " = " : " > ") +
                      mark(from, cursor[i]));
      parameters.push_back(i);
    }
    cases.push_back("(" + list(terms, " AND ") + ")");
  }
  return "(" + list(cases, " OR ") + ")";
}

}  // namespace

std::string quoted(Dialect dialect, std::string_view name) {
  const char quote = dialect == Dialect::kMysql ? '`' : '"';
  std::string out(1, quote);
  for (const char c : name) {
    out.push_back(c);
    if (c == quote) out.push_back(c);
  }
  out.push_back(quote);
  return out;
}

std::string describe_sql(const Relation& from) {
  const std::string all = std::string(kAlias) + ".*";
  // SQLite has types of values, not of the columns of an expression: it takes a row to see them.
  if (from.dialect == Dialect::kSqlite) return limited(from, all, "", 1);
  return "SELECT " + all + from_clause(from) + " WHERE 1 = 0";
}

std::string sample_sql(const Relation& from, const std::vector<Selected>& columns,
                       std::size_t rows) {
  return limited(from, select_list(from, columns), "", rows);
}

std::string lookup_sql(const Relation& from, const std::vector<Selected>& columns,
                       const std::vector<std::string>& key, std::size_t rows) {
  std::vector<std::string> terms;
  for (const std::string& name : key) terms.push_back(column(from, name) + " = ?");
  return limited(from, select_list(from, columns), " WHERE " + list(terms, " AND "), rows);
}

PageSql page_sql(const Relation& from, const std::vector<Selected>& columns,
                 const std::vector<CursorColumn>& cursor, Page page, std::size_t rows) {
  PageSql out;
  std::vector<std::string> names;
  std::vector<std::string> where;
  for (const CursorColumn& c : cursor) {
    names.push_back(column(from, c.name));
    where.push_back(names.back() + " IS NOT NULL");
  }
  if (page == Page::kNext) {
    const bool by_row = from.dialect == Dialect::kPostgresql || from.dialect == Dialect::kSqlite;
    where.push_back(by_row ? after_by_row(from, cursor, out.parameters)
                           : after_by_column(from, cursor, out.parameters));
  }
  out.sql = limited(from, select_list(from, columns),
                    " WHERE " + list(where, " AND ") + " ORDER BY " + list(names, ", "), rows);
  return out;
}

std::string nulls_sql(const Relation& from, const std::vector<Selected>& columns,
                      const std::vector<CursorColumn>& cursor, std::size_t rows) {
  std::vector<std::string> terms;
  for (const CursorColumn& c : cursor) terms.push_back(column(from, c.name) + " IS NULL");
  return limited(from, select_list(from, columns), " WHERE " + list(terms, " OR "), rows);
}

std::string insert_sql(const Relation& into, const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  for (const std::string& name : columns) names.push_back(quoted(into.dialect, name));
  const std::vector<std::string> marks(columns.size(), "?");
  return "INSERT INTO " + name_of(into) + " (" + list(names, ", ") + ") VALUES (" +
         list(marks, ", ") + ")";
}

std::string exists_sql(const Relation& in, const std::string& name) {
  return "SELECT 1" + from_clause(in) + " WHERE " + column(in, name) + " = ?";
}

}  // namespace lh::adapters::sql
