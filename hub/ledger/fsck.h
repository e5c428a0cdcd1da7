// The full check of a closed or open store: files, entries, tree, tiles, chains, manifests, rows,
// outside checkpoint. Names what is wrong; changes nothing. About 500,000 entries a second.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "crypto/note.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::ledger {

struct FsckFinding {
  Reason reason = Reason::kStoreCorrupt;
  std::string where;  // "000123.sst", "entry 42", "row data/6c…": never a value
};
struct FsckReport {
  std::uint64_t entries = 0;
  std::uint64_t rows = 0;
  std::vector<FsckFinding> findings;  // empty = everything holds
};
// What the check must know about entries; implemented by hub/audit.
class EntryReader {
 public:
  EntryReader() = default;
  EntryReader(const EntryReader&) = delete;
  EntryReader& operator=(const EntryReader&) = delete;
  virtual ~EntryReader() = default;
  struct Facts {
    std::uint64_t index = 0;
    UtcTime time;
    Digest rows{};
    std::uint32_t row_count = 0;
    std::vector<ChainLink> chains;
  };
  virtual Result<Facts> read(ByteView entry) const = 0;
};

Result<FsckReport> fsck(const store::Store& store, const std::string& checkpoint_path,
                        const std::vector<crypto::NoteKey>& keys, const EntryReader& reader,
                        const std::function<void(std::uint64_t done, std::uint64_t of)>& progress);

}  // namespace lh::hub::ledger
