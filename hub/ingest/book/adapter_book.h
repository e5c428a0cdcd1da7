// The adapters of a hub: which mapping is in use for a source, who answers for it, whether it
// writes, how often it runs, and how its last run ended. The mapping is kept as it was when it was
// enabled: a file edited later changes nothing until it is enabled again, and every change is an
// entry.
//   state "A" ‖ name -> the adapter          state "L" ‖ name -> its last run
//   state "M" ‖ name -> its last reconciliation
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "hub/ingest/collection.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::ingest {

// Stored; never renumber. Shadow: everything is read, mapped and compared, nothing is written.
enum class AdapterMode : std::uint8_t { kDisabled = 0, kShadow = 1, kLive = 2 };
std::string_view mode_text(AdapterMode mode);  // "disabled", "shadow", "live"

struct AdapterRecord {
  std::string name;     // of its mapping
  std::string mapping;  // TOML
  Uscc collector;       // whose key signs what is collected
  AdapterMode mode = AdapterMode::kDisabled;
  std::uint32_t every_seconds = 0;   // 0: only when asked
  std::string input;                 // file to read, where the mapping names none
  std::vector<std::string> columns;  // of the source when it was enabled
  std::vector<std::string> types;    // of the columns, where the source has any
  UtcTime changed;
};

struct LastRun {
  UtcTime begun;
  UtcTime ended;
  std::string reason;          // id of the error that ended it; empty: reached the end
  std::uint32_t failures = 0;  // in a row
  LoadCounts counts;
  UtcTime complete;  // when a run last reached the end; 0: never
};

struct LastReconcile {
  UtcTime ended;
  std::string reason;  // id of the error that ended it; empty: a report was signed
  std::string file;    // of the report
  Digest digest{};     // SHA-256 of the file
  std::uint64_t only_in_source = 0, only_in_store = 0, differs = 0, same = 0;
};

// Errors of all: store.corrupt.
Result<std::optional<AdapterRecord>> find_adapter(const store::Store& store,
                                                  const std::string& name);
Result<std::vector<AdapterRecord>> list_adapters(
    const store::Store& store);  // by name; at most 1000
Result<std::optional<LastRun>> find_last_run(const store::Store& store, const std::string& name);
ledger::RowWrite adapter_row(const AdapterRecord& adapter);
ledger::RowWrite last_run_row(const std::string& name, const LastRun& run);

Result<std::optional<LastReconcile>> find_last_reconcile(const store::Store& store,
                                                         const std::string& name);
ledger::RowWrite last_reconcile_row(const std::string& name, const LastReconcile& run);

}  // namespace lh::hub::ingest
