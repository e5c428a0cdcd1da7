// The embedded default: RocksDB, one opener, six column families.
// Durable: WAL synced per commit; kTolerateCorruptedTailRecords, so a rotten WAL byte is an error
// and a lost tail is caught by the ledger's outside checkpoint. Whole-file checksums in the
// manifest.
#pragma once

#include <memory>
#include <string>

#include "hub/store/store.h"

namespace lh::hub::store {

enum class OpenMode : std::uint8_t { kCreate, kExisting, kReadOnly };
enum class SyncMode : std::uint8_t {
  kSync,
  kNoSync
};  // kNoSync: control runs of the fault tests only

struct RocksdbSettings {
  std::string path;
  OpenMode mode = OpenMode::kExisting;
  std::size_t block_cache_bytes = 32U << 20U;
  std::size_t write_buffer_bytes = 16U << 20U;
  SyncMode sync = SyncMode::kSync;
  void* env = nullptr;  // rocksdb::Env* of the tests (memory, fault injection); not owned
};

// Errors: store.locked, store.corrupt (naming the file where known), store.missing, store.exists.
Result<std::unique_ptr<Store>> open_rocksdb(const RocksdbSettings& settings);

}  // namespace lh::hub::store
