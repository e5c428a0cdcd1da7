// The sequencer: gives waiting changes their indexes, time and chain positions, and makes one batch
// of them for the store. Internal to hub/ledger; used by one thread.
#pragma once

#include <memory>
#include <vector>

#include "hub/ledger/change.h"
#include "hub/ledger/ledger.h"
#include "hub/ledger/log/clock_guard.h"
#include "hub/ledger/log/postings.h"
#include "hub/ledger/log/tree.h"
#include "hub/ledger/log/unwritten.h"

namespace lh::hub::ledger {

struct PendingChange {
  Change change;
  Continuation continuation;
};

// What one batch writes and whom it answers.
struct SequencedBatch {
  struct Entry {
    AccessId access;
    std::uint64_t index = 0;
    UtcTime time;
    Bytes bytes;
  };
  struct Answer {
    std::size_t entries = 0;
    Continuation continuation;
  };
  std::uint64_t number = 0;
  store::Batch writes;
  std::vector<Entry> entries;
  std::vector<Answer> answers;
  std::vector<log::Posting> postings;
  log::TreeEdge edge;  // of the tree after this batch
  UtcTime last_time;
};

class Sequencer {
 public:
  Sequencer(const store::Store& store, log::LogTree& tree, log::ClockGuard& clock);
  // Takes the change into the batch under construction, or leaves the batch as it was and the
  // continuation uncalled. Errors: store.stale, clock.jump, input.too_large, input.malformed (a row
  // twice), errors of the store.
  Status add(PendingChange& pending);
  bool empty() const { return batch_->answers.empty(); }
  std::size_t bytes() const { return bytes_; }
  std::size_t changes() const { return batch_->answers.size(); }
  // Ends the batch: tiles, chain heads, tree state, and the checkpoint released before it.
  Result<std::unique_ptr<SequencedBatch>> close(const std::string& released);
  // Gives up the batch under construction (the ledger stopped).
  std::unique_ptr<SequencedBatch> abandon();
  void written(std::uint64_t batch) { view_.written(batch); }

 private:
  struct Finished;  // the entries of one change, before they are taken in
  Status check(const Change& change) const;
  Result<Finished> finish(const Change& change, const std::vector<RowHash>& rows);
  void take(PendingChange& pending, Finished finished, const std::vector<RowHash>& rows);
  void undo_delete(const RowWrite& row);
  void put(store::Family family, Bytes key, Bytes value, const Bytes& head = {});

  log::LogTree& tree_;
  log::ClockGuard& clock_;
  log::Unwritten view_;
  std::uint64_t next_index_;
  std::uint64_t next_batch_ = 1;
  std::unique_ptr<SequencedBatch> batch_;
  std::vector<Digest> leaves_;
  std::size_t bytes_ = 0;
};

}  // namespace lh::hub::ledger
