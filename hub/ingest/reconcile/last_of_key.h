// Of records that come in the order in which they were delivered: which is the last of its key.
// They are given twice: once to be noted, then again, in the same order, to be asked about. Memory
// is bounded, as in tag_sort.h.
#pragma once

#include "hub/ingest/reconcile/tag_sort.h"

namespace lh::hub::ingest {

enum class Place : std::uint8_t { kLast, kReplaced };  // kReplaced: its key comes again

class LastOfKey {
 public:
  // buffered: records in memory at once (24 bytes each).
  explicit LastOfKey(const std::string& folder, std::size_t buffered = 1U << 18U)
      : keys_(std::make_unique<NumberedTagSort>(folder, buffered)), last_(folder, buffered) {}

  // Errors of all: file.unwritable.
  Status note(const Tag& key);
  Status finish();  // no note after it
  // Of the next record of the second reading. Errors: adapter.state (more than were noted).
  Result<Place> next();
  // After the last one. Errors: adapter.state (fewer than were noted).
  Status end() const;

 private:
  std::unique_ptr<NumberedTagSort> keys_;  // gone once it is known which are the last
  NumberSort last_;                        // the numbers of the records that are
  std::optional<std::uint64_t> due_;       // the next of them
  std::uint64_t noted_ = 0, asked_ = 0;
};

}  // namespace lh::hub::ingest
