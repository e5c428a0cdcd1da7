// The adapters of a hub: which mapping is in use for a source, who answers for it, whether it
// writes, how often it runs, and how its last run ended. The mapping is kept as it was when it was
// enabled: a file edited later changes nothing until it is enabled again, and every change is an
// entry.
//   state "A" ‖ name -> the adapter          state "L" ‖ name -> its last run
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
  UtcTime changed;
};

struct LastRun {
  UtcTime begun;
  UtcTime ended;
  std::string reason;          // id of the error that ended it; empty: reached the end
  std::uint32_t failures = 0;  // in a row
  LoadCounts counts;
};

// Errors of all: store.corrupt.
Result<std::optional<AdapterRecord>> find_adapter(const store::Store& store,
                                                  const std::string& name);
Result<std::vector<AdapterRecord>> list_adapters(
    const store::Store& store);  // by name; at most 1000
Result<std::optional<LastRun>> find_last_run(const store::Store& store, const std::string& name);
ledger::RowWrite adapter_row(const AdapterRecord& adapter);
ledger::RowWrite last_run_row(const std::string& name, const LastRun& run);

// When it is due next: at once when it was changed since its last run. After n failures in a row
// the wait doubles n times (at most 64-fold, a day): a source that is down is not hammered.
// Nothing: never by itself.
std::optional<UtcTime> next_run(const AdapterRecord& adapter, const std::optional<LastRun>& last);

}  // namespace lh::hub::ingest
