#include "hub/store/rocksdb_options.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <algorithm>

namespace lh::hub::store {
namespace {

constexpr std::int64_t kBackgroundBytesPerSecond = 48LL << 20;  // the disk gives about 120 MB/s
constexpr std::uint64_t kWalBytes = 64ULL << 20U;               // bounds the replay at start
constexpr std::size_t kSmallWriteBuffer = 4U << 20U;

constexpr int kLz4Haste = -8;

enum class Filter : std::uint8_t { kNone, kBloom };

rocksdb::ColumnFamilyOptions family_options(const std::shared_ptr<rocksdb::Cache>& cache,
                                            std::size_t write_buffer, Filter filter) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  // Index and filter blocks live in the cache as well: memory stays within its bound however many
  // files there are.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  // In parts of one block each: a whole index is a third of a megabyte a file, and with a million
  // licences they no longer fit the cache together (growth_bench: a fetch took 1.4 ms of CPU).
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = filter == Filter::kBloom;
  table.metadata_block_size = 4U << 10U;
  table.format_version = 5;
  table.block_size = 8U << 10U;
  table.whole_key_filtering = true;
  if (filter == Filter::kBloom) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
  }
  rocksdb::ColumnFamilyOptions options;
  if (filter == Filter::kBloom) {  // most preconditions ask for keys that are nowhere
    options.memtable_whole_key_filtering = true;
    options.memtable_prefix_bloom_size_ratio = 0.05;
  }
  // Batches come sorted (rocksdb_store.cc): a row is looked for from where the last one of its kind
  // (the first byte of the key) went. Without this the list is searched from its top.
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = write_buffer;
  // A flush that meets the writer cost p99 of 150-300 ms with two buffers.
  options.max_write_buffer_number = 4;
  // The first level is soon rewritten, so it is not worth compressing. Below, sealed rows do not
  // compress: a negative level makes LZ4 give up on them sooner.
  options.compression_per_level = {rocksdb::kNoCompression, rocksdb::kLZ4Compression};
  options.compression_opts.level = kLz4Haste;
  options.level_compaction_dynamic_level_bytes = true;
  options.level0_file_num_compaction_trigger = 8;
  options.force_consistency_checks = true;
  return options;
}

}  // namespace

std::shared_ptr<rocksdb::Cache> make_block_cache(const RocksdbSettings& settings) {
  // Not the strict limit of RocksDB: with that a read fails when every block is in use. Index and
  // filters are charged to it, so the size holds in practice.
  return rocksdb::NewLRUCache(settings.block_cache_bytes, 4, false, 0.25);
}

rocksdb::DBOptions make_db_options(const RocksdbSettings& settings) {
  rocksdb::DBOptions options;
  if (settings.env != nullptr) options.env = static_cast<rocksdb::Env*>(settings.env);
  options.create_if_missing = settings.mode == OpenMode::kCreate;
  options.create_missing_column_families = options.create_if_missing;
  options.error_if_exists = options.create_if_missing;
  options.paranoid_checks = true;
  // A rotten byte is an error; only a torn end is dropped (facts.md: the default drops silently).
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.track_and_verify_wals_in_manifest = true;
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  options.max_total_wal_size = kWalBytes;
  options.db_write_buffer_size = 4 * settings.write_buffer_bytes;
  options.max_open_files = 256;
  options.max_file_opening_threads = 2;
  options.max_background_jobs = 2;
  options.skip_stats_update_on_db_open = true;
  // Not avoid_unnecessary_blocking_io: with it a damaged table at start is an assertion, not an
  // error that names the file.
  options.allow_concurrent_memtable_write = false;  // one writer
  options.enable_write_thread_adaptive_yield = false;
  options.max_bgerror_resume_count = 0;  // a failed sync is never retried
  options.bytes_per_sync = 1U << 20U;
  // The memory file system of the tests asserts on a rate limiter.
  if (settings.env == nullptr) {
    options.rate_limiter.reset(rocksdb::NewGenericRateLimiter(kBackgroundBytesPerSecond));
  }
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.keep_log_file_num = 3;
  options.max_log_file_size = 1U << 20U;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> make_families(
    const RocksdbSettings& settings, const std::shared_ptr<rocksdb::Cache>& cache) {
  const std::size_t large = settings.write_buffer_bytes;
  const std::size_t small = std::min(large, kSmallWriteBuffer);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.emplace_back(kFamilyNames[0], family_options(cache, large, Filter::kBloom));
  families.emplace_back(kFamilyNames[1], family_options(cache, large, Filter::kNone));
  families.emplace_back(kFamilyNames[2], family_options(cache, small, Filter::kNone));
  families.emplace_back(kFamilyNames[3], family_options(cache, small, Filter::kBloom));
  families.emplace_back(kFamilyNames[4], family_options(cache, small, Filter::kNone));
  families.emplace_back(kFamilyNames[5], family_options(cache, small, Filter::kBloom));
  families[2].options.compression_per_level = {rocksdb::kNoCompression};  // hashes
  return families;
}

}  // namespace lh::hub::store
