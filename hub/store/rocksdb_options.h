// How RocksDB is tuned for the hub; foreign types are only named here, so that the header costs
// nothing. Internal to hub/store.
#pragma once

#include <array>
#include <vector>

#include "hub/store/rocksdb_store.h"

namespace rocksdb {
struct ColumnFamilyDescriptor;
struct DBOptions;
struct Options;
class Cache;
}  // namespace rocksdb

namespace lh::hub::store {

// Family 1 is RocksDB's "default", which always exists: six families cost six opens, not seven.
inline constexpr std::array<const char*, 6> kFamilyNames = {"default", "audit", "tile",
                                                            "state",   "index", "key"};

std::shared_ptr<rocksdb::Cache> make_block_cache(const RocksdbSettings& settings);
rocksdb::DBOptions make_db_options(const RocksdbSettings& settings);
std::vector<rocksdb::ColumnFamilyDescriptor> make_families(
    const RocksdbSettings& settings, const std::shared_ptr<rocksdb::Cache>& cache);

}  // namespace lh::hub::store
