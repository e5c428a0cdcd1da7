#include "hub/store/rocksdb_files.h"

#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_reader.h>

#include <algorithm>

#include "hub/store/crc32c.h"

namespace lh::hub::store {
namespace {

constexpr std::size_t kBlock = 32768;
constexpr std::size_t kHeader = 7;
enum RecordType : std::uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };  // of RocksDB

std::uint32_t le(ByteView b, std::size_t at, std::size_t n) {
  std::uint32_t v = 0;
  for (std::size_t i = n; i > 0; --i) v = (v << 8U) | static_cast<std::uint8_t>(b[at + i - 1]);
  return v;
}

bool all_zero(ByteView b) {
  return b.find_first_not_of('\0') == ByteView::npos;
}

Error damaged(const std::string& name, std::uint64_t at) {
  return Error(Reason::kStoreCorrupt, name + ": byte " + std::to_string(at));
}

// The length of the whole record at `at`, or 0 when there is no good one.
std::size_t good_record(ByteView block, std::size_t at) {
  if (at + kHeader > block.size()) return 0;
  const std::size_t length = le(block, at + 4, 2);
  const auto type = static_cast<std::uint8_t>(block[at + 6]);
  if (type < kFull || type > kLast || at + kHeader + length > block.size()) return 0;
  const std::uint32_t stored = le(block, at, 4);
  if (crc32c_masked(crc32c(block.substr(at + 6, 1 + length))) != stored) return 0;
  return kHeader + length;
}

// The place of one walk: which file, which block, whether a record is open.
class RecordWalk {
 public:
  explicit RecordWalk(const std::string& name) : name_(name) {}

  // `last`: the file ends with this block, so it may be torn here.
  Status block(ByteView data, std::uint64_t offset, bool last) {
    std::size_t at = 0;
    while (data.size() - at >= kHeader) {
      const std::size_t length = good_record(data, at);
      if (length == 0) return bad_record(data, at, offset, last);
      LH_TRY(note(static_cast<std::uint8_t>(data[at + 6]), offset + at));
      at += length;
    }
    if (at == data.size()) return {};
    if (data.size() == kBlock) {  // the padding of a full block
      return all_zero(data.substr(at)) ? Status() : Status(damaged(name_, offset + at));
    }
    found_.torn_at = offset + at;
    return {};
  }
  RecordFile finish(std::uint64_t size) {
    if (open_ && !found_.torn_at) found_.torn_at = size;
    return found_;
  }

 private:
  // A record may only be cut where the file ends: nothing good may follow, and what is there must
  // run beyond the end or be zeros that were never written.
  Status bad_record(ByteView data, std::size_t at, std::uint64_t offset, bool last) {
    if (!last) return damaged(name_, offset + at);
    for (std::size_t next = at + 1; next + kHeader <= data.size(); ++next) {
      if (good_record(data, next) > kHeader) return damaged(name_, offset + at);
    }
    const std::size_t length = le(data, at + 4, 2);
    const bool beyond = at + kHeader + length > data.size();
    if (!beyond && !all_zero(data.substr(at))) return damaged(name_, offset + at);
    found_.torn_at = offset + at;
    return {};
  }
  Status note(std::uint8_t type, std::uint64_t at) {
    const bool begins = type == kFull || type == kFirst;
    if (begins == open_) return damaged(name_, at);
    open_ = type == kFirst || type == kMiddle;
    if (!open_) ++found_.records;
    return {};
  }

  const std::string& name_;
  RecordFile found_;
  bool open_ = false;
};

Error unreadable(const std::string& name, const rocksdb::Status& status) {
  return Error(Reason::kStoreCorrupt, name + ": " + status.ToString());
}

bool is_log(const std::string& name) {
  return name.size() > 4 && name.ends_with(".log") &&
         name.find_first_not_of("0123456789") == name.size() - 4;
}

// CURRENT holds the name of the live MANIFEST and a line feed, nothing else.
Result<std::string> manifest_name(rocksdb::Env& env, const std::string& dir) {
  std::string text;
  if (!env.FileExists(dir + "/CURRENT").ok()) return Error(Reason::kStoreMissing, "CURRENT");
  const rocksdb::Status read = rocksdb::ReadFileToString(&env, dir + "/CURRENT", &text);
  if (!read.ok()) return unreadable("CURRENT", read);
  const bool form = text.size() > 10 && text.starts_with("MANIFEST-") && text.ends_with('\n') &&
                    text.find_first_not_of("0123456789", 9) == text.size() - 1;
  if (!form || !env.FileExists(dir + "/" + text.substr(0, text.size() - 1)).ok()) {
    return Error(Reason::kStoreCorrupt, "CURRENT: does not name a manifest");
  }
  text.pop_back();
  return text;
}

}  // namespace

Result<RecordFile> walk_records(rocksdb::Env& env, const std::string& dir,
                                const std::string& name) {
  const std::string path = dir + "/" + name;
  std::uint64_t size = 0;
  rocksdb::Status status = env.GetFileSize(path, &size);
  if (!status.ok()) return unreadable(name, status);
  std::unique_ptr<rocksdb::SequentialFile> file;
  status = env.NewSequentialFile(path, &file, rocksdb::EnvOptions());
  if (!status.ok()) return unreadable(name, status);
  RecordWalk walk(name);
  Bytes buffer(kBlock, '\0');
  for (std::uint64_t offset = 0; offset < size; offset += kBlock) {
    rocksdb::Slice block;
    status = file->Read(std::min<std::uint64_t>(kBlock, size - offset), &block, buffer.data());
    if (!status.ok()) return unreadable(name, status);
    LH_TRY(walk.block({block.data(), block.size()}, offset, offset + kBlock >= size));
  }
  return walk.finish(size);
}

Result<std::vector<std::string>> walk_journals(rocksdb::Env& env, const std::string& dir) {
  std::vector<std::string> names{LH_TRY(manifest_name(env, dir))};
  std::vector<std::string> children;
  const rocksdb::Status status = env.GetChildren(dir, &children);
  if (!status.ok()) return unreadable("the directory", status);
  std::copy_if(children.begin(), children.end(), std::back_inserter(names), is_log);
  std::vector<std::string> torn;
  for (const std::string& name : names) {
    // A log that is no longer needed may be deleted while we look.
    if (env.FileExists(dir + "/" + name).IsNotFound()) continue;
    const RecordFile file = LH_TRY(walk_records(env, dir, name));
    if (file.torn_at) torn.push_back(name + ": torn at byte " + std::to_string(*file.torn_at));
  }
  return torn;
}

std::vector<std::string> damaged_tables(rocksdb::Env& env, const std::string& dir) {
  std::vector<std::string> children;
  std::vector<std::string> bad;
  if (!env.GetChildren(dir, &children).ok()) return bad;
  rocksdb::Options options;
  options.env = &env;
  for (const std::string& name : children) {
    if (!name.ends_with(".sst")) continue;
    rocksdb::SstFileReader reader(options);
    rocksdb::Status status = reader.Open(dir + "/" + name);
    if (status.ok()) status = reader.VerifyChecksum();
    if (!status.ok()) bad.push_back(name);
  }
  return bad;
}

}  // namespace lh::hub::store
