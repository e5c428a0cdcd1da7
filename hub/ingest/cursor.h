// The cursor of a source: state "R" ‖ source name -> position and whether the end was reached.
#pragma once

#include <string>

#include "adapters/adapter.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::ingest {

// Where the next run begins: after what an earlier, cut run covered; at the beginning otherwise.
Result<adapters::Cursor> start_cursor(const store::Store& store, const std::string& source);
enum class RunEnd : std::uint8_t { kGoesOn, kReachedEnd };
ledger::RowWrite cursor_row(const std::string& source, const adapters::Cursor& cursor, RunEnd end);

}  // namespace lh::hub::ingest
