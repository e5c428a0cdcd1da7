// The three directions of a database: a pull of changes page by page, one record by its key, one
// record back.
#pragma once

#include <memory>

#include "adapters/sql/open_table.h"

namespace lh::adapters::sql {

// Rows in the order of the cursor columns; first, at every pull, those whose cursor columns are
// NULL, which no cursor reaches (at most 10,000). Cursor columns must be unique together: two rows
// that are the same in them end the pull with source.answer before one is lost.
// Memory: one chunk of rows (1 MiB) here, one page at the driver.
// Errors: adapter.unsupported (no cursor columns), cursor.invalid, those of open_table.
Result<std::unique_ptr<Source>> open_pull(const Parts& parts, const SqlSettings& settings,
                                          const Cursor& from);

// A session that is lost between two calls is opened anew, once a call.
Result<std::unique_ptr<Lookup>> open_lookup(const Parts& parts, const SqlSettings& settings);

// One transaction a record. Into a table: nothing happens when a row with the id is there already.
// By a statement: as the statement says. An empty value is NULL. Connects at the first send.
Result<std::unique_ptr<Push>> open_push(const Parts& parts, const SqlSettings& settings);

}  // namespace lh::adapters::sql
