// The [source] table of kind "sql" as values. docs/formats/source-sql.md is the page of it.
#pragma once

#include <string>
#include <vector>

#include "adapters/kind.h"
#include "adapters/sql/session/session.h"
#include "adapters/sql/statement_text.h"

namespace lh::adapters::sql {

struct PushSettings {
  std::string schema;
  std::string table;                 // empty: by a statement of the mapping
  std::vector<std::string> columns;  // of the record, in the order of the insert
  std::string id;                    // the column of the push's id
  NamedStatement statement;

  bool is_set() const { return !table.empty() || !statement.sql.empty(); }
};

struct SqlSettings {
  Connection connection;
  std::string password_secret;  // a name; empty: no password
  std::string schema;
  std::string table;
  std::string query;  // instead of table
  std::vector<std::string> columns;
  std::vector<std::string> cursor;
  std::vector<std::string> key;
  std::vector<std::string> header;
  std::size_t page_rows = 0;
  PushSettings push;
};

// Opens nothing. Errors: mapping.invalid with the line.
Result<SqlSettings> read_settings(const SettingsNode& source);

// Whether the hub's configuration lets it call this source: "server:port" or "dsn:NAME" among the
// allowed targets, a server of this machine only with allow_loopback, a file database always.
// Errors: source.target.
Status check_target(const Connection& to, const Surroundings& around);

}  // namespace lh::adapters::sql
