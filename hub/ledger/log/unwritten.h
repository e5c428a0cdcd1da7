// What the sequencer sees: the store, and above it the batches that are on their way to the disk.
// Batch N+1 is built while N is being synced, and its preconditions and chains must see N.
// Threads: one (the sequencer).
#pragma once

#include <deque>
#include <optional>
#include <unordered_map>

#include "hub/ledger/log/keys.h"

namespace lh::hub::ledger::log {

class Unwritten {
 public:
  explicit Unwritten(const store::Store& store) : store_(store), layers_(1) {}

  // Commit index of the row as it will be; 0 = absent. Errors: of the store.
  Result<std::uint64_t> version(store::Family family, ByteView key) const;
  // Is every row of the family at its version? The keys live as long as the call.
  struct Expected {
    ByteView key;
    std::uint64_t version = 0;
  };
  enum class Holds : std::uint8_t { kYes, kNo };
  Result<Holds> check(store::Family family, const std::vector<Expected>& rows) const;
  Result<ChainHead> head(const Tag& tag);
  // Gives what the batch under construction had said about the row before, if it had.
  std::optional<std::uint64_t> set_version(store::Family family, ByteView key,
                                           std::uint64_t version);
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
  // The hash is computed once, however many layers are asked.
  template <class Text>
  struct RowName {
    std::size_t hash;
    store::Family family;
    Text key;
  };
  struct NameHash {
    using is_transparent = void;
    template <class Text>
    std::size_t operator()(const RowName<Text>& name) const {
      return name.hash;
    }
  };
  struct NameEqual {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const RowName<A>& a, const RowName<B>& b) const {
      return a.hash == b.hash && a.family == b.family && a.key == b.key;
    }
  };
  struct Layer {
    std::uint64_t batch = 0;
    std::unordered_map<RowName<Bytes>, std::uint64_t, NameHash, NameEqual> versions;
    std::unordered_map<Tag, ChainHead, TagHash> heads;
  };
  static RowName<ByteView> name_of(store::Family family, ByteView key) {
    const auto salt = static_cast<std::size_t>(family) * 0x9e3779b97f4a7c15U;
    return {std::hash<ByteView>()(key) ^ salt, family, key};
  }
  std::optional<std::uint64_t> find_unwritten(store::Family family, ByteView key) const;

  const store::Store& store_;
  std::deque<Layer> layers_;  // oldest first; the last one is under construction
  std::unordered_map<Tag, ChainHead, TagHash> cache_;  // of heads that are in the store
};

}  // namespace lh::hub::ledger::log
