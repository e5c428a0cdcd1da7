// What came into a drop folder and was read, as far as it is kept: for a comparison with the store.
#pragma once

#include "adapters/drop/drop_cursor.h"

namespace lh::adapters::drop {

enum class Where : std::uint8_t { kFolder, kArchive };

// A file that was read.
struct Delivered {
  Where where = Where::kFolder;
  Entry entry;                           // as it is called there
  std::optional<std::uint64_t> content;  // it must have; absent: too long ago to know
};

// The files of folder and archive that the runs have read, in the order in which they were; what
// still waits is left out. Pure. Errors: adapter.state (one that was read is in neither).
Result<std::vector<Delivered>> delivered_files(const std::vector<Entry>& folder,
                                               const std::vector<Entry>& archive,
                                               const DropSettings& settings,
                                               const DropCursor& read);

struct StockFolders {
  std::unique_ptr<Folder> folder;
  std::unique_ptr<Folder> archive;  // null: files are left where they are
};
// The rows of those files, or, where each file is everything there is, of the newest that was read
// whole. Errors: those of pull; adapter.state as above, also when a file is another one than it
// was or rows are missing; source.changed (files with different columns).
Result<std::unique_ptr<Source>> open_stock(StockFolders folders, const DropSettings& settings,
                                           const Cursor& read);

}  // namespace lh::adapters::drop
