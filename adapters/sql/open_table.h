// A session over the table or query of a mapping, its columns looked up and chosen.
#pragma once

#include <memory>

#include "adapters/sql/sql_settings.h"

namespace lh::adapters::sql {

// What every reader and writer of one source is made of; outlives them.
struct Parts {
  const Surroundings& around;
  const Connector& connector;
};

struct OpenTable {
  std::unique_ptr<Session> session;
  Relation relation;
  std::vector<Column> columns;     // read, in this order; types as the source declares them
  std::vector<Selected> selected;  // the same, as they stand in a select list

  std::vector<std::string> names() const;
};

// Errors: source.target, key.missing (the secret), those of Connector.
Result<std::unique_ptr<Session>> open_session(const Parts& parts, const SqlSettings& settings,
                                              Access access);

// columns: those of the mapping (all there are when it names none), and cursor and key columns
// behind them. Errors: mapping.column_missing naming the column, those of open_session.
Result<OpenTable> open_table(const Parts& parts, const SqlSettings& settings);

// The cursor columns among them. Errors: mapping.invalid (a type that has no exact text).
Result<std::vector<CursorColumn>> cursor_columns(const OpenTable& table,
                                                 const std::vector<std::string>& names);
std::size_t column_at(const std::vector<Column>& columns, std::string_view name);  // or size()

}  // namespace lh::adapters::sql
