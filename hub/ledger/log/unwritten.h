// What the sequencer sees: the store, and above it the batches that are on their way to the disk.
// Batch N+1 is built while N is being synced, and its preconditions and chains must see N.
// Threads: one (the sequencer).
#pragma once

#include <deque>
#include <unordered_map>

#include "hub/ledger/log/keys.h"

namespace lh::hub::ledger::log {

class Unwritten {
 public:
  explicit Unwritten(const store::Store& store) : store_(store), layers_(1) {}

  // Commit index of the row as it will be; 0 = absent. Errors: of the store.
  Result<std::uint64_t> version(store::Family family, const Bytes& key) const;
  Result<ChainHead> head(const Tag& tag);
  void set_version(store::Family family, const Bytes& key, std::uint64_t version);
  void set_head(const Tag& tag, const ChainHead& head);
  // The heads that the batch under construction must write.
  const std::unordered_map<Tag, ChainHead, TagHash>& new_heads() const {
    return layers_.back().heads;
  }
  // The batch under construction goes to the disk as number `batch`; the next one begins.
  void close(std::uint64_t batch);
  // Batches up to this number are in the store.
  void written(std::uint64_t batch);

 private:
  struct Layer {
    std::uint64_t batch = 0;
    std::unordered_map<Bytes, std::uint64_t> versions;
    std::unordered_map<Tag, ChainHead, TagHash> heads;
  };
  static Bytes row_key(store::Family family, const Bytes& key) {
    return Bytes(1, static_cast<char>(family)).append(key);
  }
  const store::Store& store_;
  std::deque<Layer> layers_;  // oldest first; the last one is under construction
  std::unordered_map<Tag, ChainHead, TagHash> cache_;  // of heads that are in the store
};

}  // namespace lh::hub::ledger::log
