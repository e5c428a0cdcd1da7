// Parameters of a statement and the description of its columns.
#pragma once

#include <deque>

#include "adapters/sql/odbc/odbc_handle.h"
#include "adapters/sql/session/session.h"

namespace lh::adapters::sql {

// Holds the values until the statement has run.
class BoundParameters {
 public:
  // Errors: source.refused (a value that the form of text cannot hold), those of Session.
  Status bind(SQLHANDLE statement, TextForm form, const Parameters& parameters);

 private:
  struct Slot {
    std::string text;
    SQLBIGINT number = 0;
    SQLUBIGINT large = 0;
    SQLLEN length = 0;
  };
  std::deque<Slot> slots_;  // never moves what the driver points to
};

// Column counted from 1. The form of the names is UTF-8 whatever the form of the values.
Result<Column> describe_column(SQLHANDLE statement, SQLUSMALLINT column);

}  // namespace lh::adapters::sql
