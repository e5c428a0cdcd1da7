#include "hub/store/rocksdb_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "hub/store/rocksdb_files.h"
#include "hub/store/rocksdb_options.h"

namespace lh::hub::store {
namespace {

// From here on a sorted run becomes a file of its own; smaller ones are not worth one.
constexpr std::size_t kRunRows = 4096;

// From here on one question for many keys is cheaper than many questions.
constexpr std::size_t kEachAtOnce = 4;

using Handles = std::vector<rocksdb::ColumnFamilyHandle*>;

rocksdb::Slice slice(ByteView b) {
  return {b.data(), b.size()};
}
ByteView text(const rocksdb::Slice& s) {
  return {s.data(), s.size()};
}

Error as_error(const rocksdb::Status& status) {
  const Reason reason = status.IsCorruption() ? Reason::kStoreCorrupt : Reason::kStoreFailed;
  return Error(reason, status.ToString());
}

// The first key after all keys with the prefix; empty when there is none.
Bytes after_prefix(ByteView prefix) {
  Bytes end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<std::uint8_t>(end.back()) + 1);
  return end;
}

// The write buffer is a skip list that remembers where the last row went: ascending keys are found
// from there, and a third of the writer's time goes. Equal keys stay in their order.
std::vector<const Put*> in_key_order(const std::vector<Put>& puts) {
  struct Place {
    std::uint64_t begin = 0;  // of the key: most comparisons end here
    const Put* put = nullptr;
  };
  std::vector<Place> places;
  places.reserve(puts.size());
  for (const Put& put : puts) {
    std::array<char, 8> begin{};
    put.key.copy(begin.data(), begin.size());
    places.push_back({read_be64(ByteView(begin.data(), begin.size())), &put});
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    if (a.put->family != b.put->family) return a.put->family < b.put->family;
    if (a.begin != b.begin) return a.begin < b.begin;
    const int order = a.put->key.compare(b.put->key);
    return order != 0 ? order < 0 : a.put < b.put;
  });
  std::vector<const Put*> out;
  out.reserve(puts.size());
  for (const Place& place : places) out.push_back(place.put);
  return out;
}

// Reads the state of `at`, or of now where that is null.
class RocksdbReader : public Snapshot {
 public:
  RocksdbReader(rocksdb::DB& db, const Handles& handles, const rocksdb::Snapshot* at)
      : db_(db), handles_(handles), at_(at) {}

 protected:
  Result<std::optional<Bytes>> read(Family family, ByteView key) const override {
    rocksdb::PinnableSlice value;
    const rocksdb::Status status = db_.Get(options(), handle(family), slice(key), &value);
    if (status.IsNotFound()) return std::optional<Bytes>();
    if (!status.ok()) return as_error(status);
    return std::optional<Bytes>(std::in_place, value.data(), value.size());
  }
  Result<std::vector<std::optional<Bytes>>> read_each(
      Family family, const std::vector<ByteView>& keys) const override;
  Result<std::vector<Row>> read_range(Family family, ByteView prefix, ByteView from,
                                      std::size_t limit) const override {
    rocksdb::ReadOptions read = options();
    const Bytes end = after_prefix(prefix);
    const rocksdb::Slice bound = slice(end);
    if (!end.empty()) read.iterate_upper_bound = &bound;
    const std::unique_ptr<rocksdb::Iterator> it(db_.NewIterator(read, handle(family)));
    std::vector<Row> rows;
    for (it->Seek(slice(std::max(prefix, from))); it->Valid() && rows.size() < limit; it->Next()) {
      if (text(it->key()).substr(0, prefix.size()) != prefix) break;
      rows.push_back({Bytes(text(it->key())), Bytes(text(it->value()))});
    }
    if (!it->status().ok()) return as_error(it->status());
    return rows;
  }
  Result<std::optional<Row>> read_last(Family family, ByteView prefix,
                                       ByteView key) const override {
    const std::unique_ptr<rocksdb::Iterator> it(db_.NewIterator(options(), handle(family)));
    const Bytes end = after_prefix(prefix);
    it->SeekForPrev(slice(!end.empty() && key > end ? ByteView(end) : key));
    if (it->Valid() && !end.empty() && text(it->key()) == end) it->Prev();
    if (!it->status().ok()) return as_error(it->status());
    if (!it->Valid() || text(it->key()).substr(0, prefix.size()) != prefix) {
      return std::optional<Row>();
    }
    return std::optional<Row>({Bytes(text(it->key())), Bytes(text(it->value()))});
  }

 private:
  rocksdb::ReadOptions options() const {
    rocksdb::ReadOptions read;
    read.snapshot = at_;
    return read;
  }
  rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return handles_.at(static_cast<std::size_t>(family) - 1);
  }
  rocksdb::DB& db_;
  const Handles& handles_;
  const rocksdb::Snapshot* at_;
};

Result<std::vector<std::optional<Bytes>>> RocksdbReader::read_each(
    Family family, const std::vector<ByteView>& keys) const {
  if (keys.size() < kEachAtOnce) return Snapshot::read_each(family, keys);
  std::vector<rocksdb::Slice> places;
  places.reserve(keys.size());
  for (const ByteView key : keys) places.push_back(slice(key));
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> found(keys.size());
  db_.MultiGet(options(), handle(family), keys.size(), places.data(), values.data(), found.data());
  std::vector<std::optional<Bytes>> out(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (found[i].IsNotFound()) continue;
    if (!found[i].ok()) return as_error(found[i]);
    out[i].emplace(values[i].data(), values[i].size());
  }
  return out;
}

class RocksdbSnapshot final : public RocksdbReader {
 public:
  RocksdbSnapshot(rocksdb::DB& db, const Handles& handles, const rocksdb::Snapshot* at)
      : RocksdbReader(db, handles, at), held_(db), at_(at) {}
  ~RocksdbSnapshot() override { held_.ReleaseSnapshot(at_); }

 private:
  rocksdb::DB& held_;
  const rocksdb::Snapshot* at_;
};

class RocksdbStore final : public Store {
 public:
  RocksdbStore(RocksdbSettings settings, std::unique_ptr<rocksdb::DB> db, Handles handles,
               std::shared_ptr<rocksdb::Cache> cache, std::string note)
      : settings_(std::move(settings)),
        db_(std::move(db)),
        handles_(std::move(handles)),
        cache_(std::move(cache)),
        note_(std::move(note)),
        latest_(*db_, handles_, nullptr) {}

  ~RocksdbStore() override {
    // With empty write buffers the next start has nothing to replay.
    if (settings_.mode != OpenMode::kReadOnly && !failed_) {
      ignore(flush(), "the write-ahead log still holds what could not be flushed");
    }
    for (rocksdb::ColumnFamilyHandle* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
    const rocksdb::Status closed = db_->Close();
    closed.PermitUncheckedError();
  }

  std::unique_ptr<Snapshot> snapshot() const override {
    return std::make_unique<RocksdbSnapshot>(*db_, handles_, db_->GetSnapshot());
  }
  const Snapshot& latest() const override { return latest_; }

  Status commit(const Batch& batch, Durability durability) override {
    if (failed_) return Error(Reason::kStoreFailed, "an earlier write failed");
    rocksdb::WriteBatch writes(byte_count(batch));
    for (const Put* put : in_key_order(batch.puts)) add(*put, writes);
    for (const Delete& gone : batch.deletes) {
      check(writes.Delete(handle(gone.family), slice(gone.key)));
    }
    rocksdb::WriteOptions options;
    options.sync = durability == Durability::kSynced && settings_.sync == SyncMode::kSync;
    return noted(db_->Write(options, &writes));
  }

  Status load_sorted(Family family, const std::vector<Row>& rows) override {
    if (rows.empty()) return {};
    if (failed_) return Error(Reason::kStoreFailed, "an earlier write failed");
    if (rows.size() >= kRunRows) return ingest(family, rows);
    rocksdb::WriteBatch writes;
    for (const Row& row : rows) check(writes.Put(handle(family), slice(row.key), slice(row.value)));
    return noted(db_->Write(rocksdb::WriteOptions(), &writes));
  }

  Status shred(Family family, ByteView prefix) override;
  Status flush() override {
    rocksdb::FlushOptions options;
    return noted(db_->Flush(options, handles_));
  }
  Status verify_files() const override;
  std::uint64_t memory_bytes() const override {
    std::uint64_t buffers = 0;
    db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kSizeAllMemTables, &buffers);
    return buffers + cache_->GetUsage();
  }
  std::string recovery_note() const override { return note_; }

 private:
  Status ingest(Family family, const std::vector<Row>& rows);
  void add(const Put& put, rocksdb::WriteBatch& writes) const {
    if (put.head.empty()) return check(writes.Put(handle(put.family), put.key, put.value));
    const rocksdb::Slice key = slice(put.key);
    const std::array<rocksdb::Slice, 2> value{slice(put.head), slice(put.value)};
    check(writes.Put(handle(put.family), rocksdb::SliceParts(&key, 1),
                     rocksdb::SliceParts(value.data(), 2)));
  }
  static std::size_t byte_count(const Batch& batch) {
    std::size_t n = 64;
    for (const Put& put : batch.puts) {
      n += put.key.size() + put.head.size() + put.value.size() + 12;
    }
    return n;
  }
  static void check(const rocksdb::Status& status) {
    LH_CHECK(status.ok(), "a write batch in memory cannot fail");
  }
  // The first failed write is the last: a failed sync may "succeed" next time with the page lost.
  Status noted(const rocksdb::Status& status) {
    if (status.ok()) return {};
    failed_ = true;
    return as_error(status);
  }
  rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return handles_.at(static_cast<std::size_t>(family) - 1);
  }
  rocksdb::Env& env() const { return *db_->GetEnv(); }

  RocksdbSettings settings_;
  std::unique_ptr<rocksdb::DB> db_;
  Handles handles_;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::string note_;
  RocksdbReader latest_;
  std::atomic<bool> failed_{false};
  std::atomic<std::uint64_t> run_{0};
};

Status RocksdbStore::ingest(Family family, const std::vector<Row>& rows) {
  rocksdb::ColumnFamilyDescriptor descriptor;
  rocksdb::Status status = handle(family)->GetDescriptor(&descriptor);
  const std::string path = settings_.path + "/run-" + std::to_string(++run_) + ".tmp";
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(),
                                rocksdb::Options(db_->GetDBOptions(), descriptor.options));
  if (status.ok()) status = writer.Open(path);
  for (std::size_t i = 0; status.ok() && i < rows.size(); ++i) {
    status = writer.Put(slice(rows[i].key), slice(rows[i].value));
  }
  if (status.ok()) status = writer.Finish();
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.snapshot_consistency = false;
  options.write_global_seqno = false;
  if (status.ok()) status = db_->IngestExternalFile(handle(family), {path}, options);
  env().DeleteFile(path).PermitUncheckedError();  // a second name of the file, or a half-made one
  return noted(status);
}

// Deletes, then rewrites every file that could hold the rows, and gets rid of the logs.
Status RocksdbStore::shred(Family family, ByteView prefix) {
  const Bytes end = after_prefix(prefix);
  rocksdb::WriteOptions options;
  options.sync = settings_.sync == SyncMode::kSync;
  rocksdb::WriteBatch writes;
  const std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), handle(family)));
  for (it->Seek(slice(prefix)); it->Valid(); it->Next()) {
    if (text(it->key()).substr(0, prefix.size()) != prefix) break;
    check(writes.Delete(handle(family), it->key()));
  }
  if (!it->status().ok()) return as_error(it->status());
  LH_TRY(noted(db_->Write(options, &writes)));
  LH_TRY(flush());
  rocksdb::CompactRangeOptions compact;
  compact.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  const rocksdb::Slice first = slice(prefix);
  const rocksdb::Slice last = slice(end);
  return noted(db_->CompactRange(compact, handle(family), &first, end.empty() ? nullptr : &last));
}

Status RocksdbStore::verify_files() const {
  const std::vector<std::string> torn = LH_TRY(walk_journals(env(), settings_.path));
  // While we write, the end of the log is a record in the making.
  if (settings_.mode == OpenMode::kReadOnly && !torn.empty()) {
    return Error(Reason::kStoreCorrupt, torn.front());
  }
  rocksdb::ReadOptions read;
  read.fill_cache = false;
  read.readahead_size = 1U << 20U;
  rocksdb::Status status = db_->VerifyFileChecksums(read);
  if (status.ok()) status = db_->VerifyChecksum(read);
  if (!status.ok()) return Error(Reason::kStoreCorrupt, status.ToString());
  return {};
}

// What the error of a refused opening means to an operator.
Error open_error(rocksdb::Env& env, const RocksdbSettings& settings,
                 const rocksdb::Status& status) {
  const std::string message = status.ToString();
  if (status.IsIOError() && message.find("lock") != std::string::npos) {
    return Error(Reason::kStoreLocked, settings.path);
  }
  if (status.IsInvalidArgument() && message.find("exists") != std::string::npos) {
    return Error(Reason::kStoreExists, settings.path);
  }
  std::string detail = message;
  for (const std::string& name : damaged_tables(env, settings.path)) detail += "; " + name;
  const bool transient = status.IsIOError() && !status.IsPathNotFound();
  return Error(transient ? Reason::kStoreFailed : Reason::kStoreCorrupt, detail);
}

// Left behind by a crash while a run was being made.
void remove_runs(rocksdb::Env& env, const std::string& dir) {
  std::vector<std::string> children;
  if (!env.GetChildren(dir, &children).ok()) return;
  for (const std::string& name : children) {
    if (name.starts_with("run-")) env.DeleteFile(dir + "/" + name).PermitUncheckedError();
  }
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocksdb(const RocksdbSettings& settings) {
  const auto cache = make_block_cache(settings);
  const rocksdb::DBOptions options = make_db_options(settings);
  const auto families = make_families(settings, cache);
  std::string note;
  if (settings.mode != OpenMode::kCreate) {
    for (const std::string& torn : LH_TRY(walk_journals(*options.env, settings.path))) {
      note += (note.empty() ? "" : "; ") + torn;
    }
  }
  rocksdb::DB* db = nullptr;
  Handles handles;
  rocksdb::Status status;
  if (settings.mode == OpenMode::kReadOnly) {
    status = rocksdb::DB::OpenForReadOnly(options, settings.path, families, &handles, &db);
  } else {
    if (settings.mode == OpenMode::kExisting) remove_runs(*options.env, settings.path);
    status = rocksdb::DB::Open(options, settings.path, families, &handles, &db);
  }
  if (!status.ok()) return open_error(*options.env, settings, status);
  return std::unique_ptr<Store>(std::make_unique<RocksdbStore>(
      settings, std::unique_ptr<rocksdb::DB>(db), std::move(handles), cache, std::move(note)));
}

}  // namespace lh::hub::store
