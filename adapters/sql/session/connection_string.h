// The words an ODBC driver is connected with, and the statements that make its session ours.
#pragma once

#include <string>
#include <vector>

#include "adapters/sql/session/session.h"

namespace lh::adapters::sql {

// KEY={value};… of SQLDriverConnect. Every value stands in braces, "}" doubled, so that no value
// can begin another keyword. Holds the password: the caller wipes it.
std::string connection_string(const Connection& to, ByteView password);

struct SessionStatement {
  enum class Need : std::uint8_t { kMust, kMay };  // kMay: some products do not know it
  std::string sql;
  Need need = Need::kMust;
};
// Time zone, forms of dates and floats, deadline, read-only where nothing is to be written, strict
// mode where something is (a value must not be cut on its way in).
std::vector<SessionStatement> session_statements(const Connection& to);

}  // namespace lh::adapters::sql
