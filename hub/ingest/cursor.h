// The cursor of a source: state "R" ‖ source name -> position, run and whether the end was reached.
// It is written last of what it covers, so a crash in between makes rows be read again, never lost.
#pragma once

#include <optional>
#include <string>

#include "adapters/adapter.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::ingest {

enum class RunEnd : std::uint8_t { kGoesOn, kReachedEnd };  // stored; never renumber

struct StoredCursor {
  adapters::Cursor cursor;
  RunEnd end = RunEnd::kGoesOn;
  Tag run{};  // random; a run that goes on after a cut keeps it
};

// Where the next run begins: after what an earlier, cut run covered; at the beginning otherwise.
Result<adapters::Cursor> start_cursor(const store::Store& store, const std::string& source);
Result<std::optional<StoredCursor>> find_cursor(const store::Store& store,
                                                const std::string& source);  // store.corrupt
ledger::RowWrite cursor_row(const std::string& source, const StoredCursor& cursor);

}  // namespace lh::hub::ingest
