#include "hub/store/memory_store.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <shared_mutex>

namespace lh::hub::store {
namespace {

using Table = std::map<Bytes, Bytes, std::less<>>;
using Tables = std::array<std::shared_ptr<Table>, 6>;

std::size_t slot(Family family) {
  return static_cast<std::size_t>(family) - 1;
}

bool has_prefix(const Bytes& key, ByteView prefix) {
  return ByteView(key).substr(0, prefix.size()) == prefix;
}

std::vector<Row> range_of(const Table& table, ByteView prefix, ByteView from, std::size_t limit) {
  std::vector<Row> rows;
  for (auto it = table.lower_bound(std::max(prefix, from)); it != table.end(); ++it) {
    if (rows.size() >= limit || !has_prefix(it->first, prefix)) break;
    rows.push_back({it->first, it->second});
  }
  return rows;
}

// Walks down from the first key after `key`. Keys with the prefix are neighbours, so the walk ends
// at the first key below them.
std::optional<Row> last_of(const Table& table, ByteView prefix, ByteView key) {
  for (auto it = table.upper_bound(key); it != table.begin();) {
    --it;
    if (has_prefix(it->first, prefix)) return Row{it->first, it->second};
    if (ByteView(it->first) < prefix) break;
  }
  return std::nullopt;
}

std::optional<Bytes> value_of(const Table& table, ByteView key) {
  const auto it = table.find(key);
  if (it == table.end()) return std::nullopt;
  return it->second;
}

// Holds the tables as they were; a later commit copies a table that is still held.
class MemorySnapshot final : public Snapshot {
 public:
  explicit MemorySnapshot(Tables tables) : tables_(std::move(tables)) {}

 private:
  Result<std::optional<Bytes>> read(Family family, ByteView key) const override {
    return value_of(*tables_.at(slot(family)), key);
  }
  Result<std::vector<Row>> read_range(Family family, ByteView prefix, ByteView from,
                                      std::size_t limit) const override {
    return range_of(*tables_.at(slot(family)), prefix, from, limit);
  }
  Result<std::optional<Row>> read_last(Family family, ByteView prefix,
                                       ByteView key) const override {
    return last_of(*tables_.at(slot(family)), prefix, key);
  }
  Tables tables_;
};

class MemoryStore final : public Store, private Snapshot {
 public:
  MemoryStore() {
    for (auto& table : tables_) table = std::make_shared<Table>();
  }

  std::unique_ptr<Snapshot> snapshot() const override {
    const std::unique_lock lock(mutex_);  // exclusive: commit reads the use counts
    return std::make_unique<MemorySnapshot>(tables_);
  }
  const Snapshot& latest() const override { return *this; }

  Status commit(const Batch& batch, Durability /*nothing here outlives the process*/) override {
    const std::unique_lock lock(mutex_);
    for (const Put& put : batch.puts)
      own(put.family).insert_or_assign(put.key, put.head + put.value);
    for (const Delete& gone : batch.deletes) own(gone.family).erase(gone.key);
    return {};
  }
  Status load_sorted(Family family, const std::vector<Row>& rows) override {
    const std::unique_lock lock(mutex_);
    Table& table = own(family);
    for (const Row& row : rows) table.insert_or_assign(row.key, row.value);
    return {};
  }
  Status shred(Family family, ByteView prefix) override {
    const std::unique_lock lock(mutex_);
    Table& table = own(family);
    auto it = table.lower_bound(prefix);
    while (it != table.end() && has_prefix(it->first, prefix)) it = table.erase(it);
    return {};
  }
  Status flush() override { return {}; }
  Status verify_files() const override { return {}; }

 private:
  Table& own(Family family) {
    std::shared_ptr<Table>& table = tables_.at(slot(family));
    if (table.use_count() > 1) table = std::make_shared<Table>(*table);
    return *table;
  }
  Result<std::optional<Bytes>> read(Family family, ByteView key) const override {
    const std::shared_lock lock(mutex_);
    return value_of(*tables_.at(slot(family)), key);
  }
  Result<std::vector<Row>> read_range(Family family, ByteView prefix, ByteView from,
                                      std::size_t limit) const override {
    const std::shared_lock lock(mutex_);
    return range_of(*tables_.at(slot(family)), prefix, from, limit);
  }
  Result<std::optional<Row>> read_last(Family family, ByteView prefix,
                                       ByteView key) const override {
    const std::shared_lock lock(mutex_);
    return last_of(*tables_.at(slot(family)), prefix, key);
  }

  mutable std::shared_mutex mutex_;
  Tables tables_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() {
  return std::make_unique<MemoryStore>();
}

}  // namespace lh::hub::store
