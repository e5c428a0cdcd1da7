// A bounded cache of subject keys in front of the key rows. Private to hub/subjects.
// Threads: any. Cost: one short lock of one of 16 shards.
#pragma once

#include <array>
#include <deque>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "hub/subjects/subject_directory.h"

namespace lh::hub::subjects {

// Values by 64-bit key; the oldest of a shard makes room for a new one. The keys are random numbers
// or the beginnings of keyed digests, so nobody outside can steer them into one shard.
template <class Value>
class BoundedCache {
 public:
  explicit BoundedCache(std::size_t capacity) : per_shard_(capacity / kShards + 1) {}

  std::optional<Value> find(std::uint64_t key) const {
    const Shard& shard = shards_[key % kShards];
    const std::lock_guard lock(shard.mutex);
    const auto it = shard.values.find(key);
    if (it == shard.values.end()) return std::nullopt;
    return it->second;
  }

  void insert(std::uint64_t key, const Value& value) {
    Shard& shard = shards_[key % kShards];
    const std::lock_guard lock(shard.mutex);
    if (!shard.values.insert_or_assign(key, value).second) return;
    shard.order.push_back(key);
    if (shard.order.size() <= per_shard_) return;
    shard.values.erase(shard.order.front());
    shard.order.pop_front();
  }

  void erase(std::uint64_t key) {
    Shard& shard = shards_[key % kShards];
    const std::lock_guard lock(shard.mutex);
    if (shard.values.erase(key) != 0) std::erase(shard.order, key);
  }

 private:
  static constexpr std::size_t kShards = 16;
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::uint64_t, Value> values;
    std::deque<std::uint64_t> order;
  };
  std::size_t per_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace lh::hub::subjects
