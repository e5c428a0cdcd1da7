// The ordered key-value interface under everything. No RocksDB-only idea in it, so that a store
// over the PostgreSQL wire can implement it; one typed test suite runs against every
// implementation. Families: kData business rows, kAudit entries and manifests, kTile Merkle tiles,
// kState tree edge, chain heads, cursors and idempotency keys, kIndex derived postings, kKey
// per-subject keys. Every prefix of a key is listed in docs/formats/keys.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/permit.h"
#include "base/result.h"

namespace lh::hub::store {

enum class Family : std::uint8_t {  // stored in row commitments; never renumber
  kData = 1,
  kAudit = 2,
  kTile = 3,
  kState = 4,
  kIndex = 5,
  kKey = 6
};

// A key that holds nothing about natural persons, readable without a Permit.
struct OpenKey {
  Family family = Family::kData;
  Bytes key;
};
// A key whose value is about a natural person: reading it takes a Permit.
struct PersonalKey {
  Bytes key;  // in Family::kData
};

struct Put {
  Put() = default;
  Put(Family f, Bytes k, Bytes v, Bytes h = {})
      : family(f), key(std::move(k)), value(std::move(v)), head(std::move(h)) {}
  Family family = Family::kData;
  Bytes key;
  Bytes value;
  Bytes head;  // what the stored value begins with: put before `value` without a copy of it
};
struct Delete {
  Family family = Family::kData;
  Bytes key;
};
struct Row {
  Bytes key;
  Bytes value;
};

// The puts in their order, then the deletes: of two puts with one key the later one stays.
struct Batch {
  std::vector<Put> puts;
  std::vector<Delete> deletes;
};

enum class Durability : std::uint8_t { kSynced, kBuffered };

// One consistent state; readers never lock. Values of personal keys come Undisclosed.
class Snapshot {
 public:
  Snapshot() = default;
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  virtual ~Snapshot() = default;
  Result<std::optional<Bytes>> find(const OpenKey& key) const { return read(key.family, key.key); }
  Result<Undisclosed<std::optional<Bytes>>> find(const PersonalKey& key,
                                                 const Permit& permit) const;
  // One answer a key, in their order; cheaper than one find after another.
  Result<std::vector<std::optional<Bytes>>> find_each(Family family,
                                                      const std::vector<ByteView>& keys) const {
    return read_each(family, keys);
  }
  // Rows with the prefix, ascending, from the key `from` on (inclusive; empty = the first).
  Result<std::vector<Row>> scan(Family family, ByteView prefix, ByteView from,
                                std::size_t limit) const {
    return read_range(family, prefix, from, limit);
  }
  // The greatest key <= key that has the prefix.
  Result<std::optional<Row>> last_at_or_before(Family family, ByteView prefix, ByteView key) const {
    return read_last(family, prefix, key);
  }

 protected:
  virtual Result<std::optional<Bytes>> read(Family family, ByteView key) const = 0;
  virtual Result<std::vector<std::optional<Bytes>>> read_each(
      Family family, const std::vector<ByteView>& keys) const;
  virtual Result<std::vector<Row>> read_range(Family family, ByteView prefix, ByteView from,
                                              std::size_t limit) const = 0;
  virtual Result<std::optional<Row>> read_last(Family family, ByteView prefix,
                                               ByteView key) const = 0;
};

struct DiskState {
  std::uint64_t free_bytes = 0;
  std::uint64_t total_bytes = 0;
};

class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;
  virtual std::unique_ptr<Snapshot> snapshot() const = 0;
  // The state of now, without the cost of a snapshot object (one get, no pin).
  virtual const Snapshot& latest() const = 0;
  // All or nothing. After the first failed sync every commit fails (store.failed): a failed fsync
  // may "succeed" next time with the page dropped. Threads: one writer at a time (the ledger).
  virtual Status commit(const Batch& batch, Durability durability) = 0;
  // Bulk and derived files: rows ascending by key, not in the synced batch.
  virtual Status load_sorted(Family family, const std::vector<Row>& rows) = 0;
  // Physical removal of everything with the prefix, also from files (erasure).
  virtual Status shred(Family family, ByteView prefix) = 0;
  virtual bool may_block() const { return false; }  // true: a database over the network
  virtual Status flush() = 0;
  // Reads every byte of every file; names what is damaged ("000123.sst").
  virtual Status verify_files() const = 0;
  virtual std::uint64_t memory_bytes() const { return 0; }
  // What opening had to drop ("000012.log: torn at byte 8123"); empty = nothing. A torn tail is
  // normal after a power cut; it is evidence when the ledger finds less than was promised.
  virtual std::string recovery_note() const { return {}; }
};

}  // namespace lh::hub::store
