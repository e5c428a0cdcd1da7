// A RocksDB file system that knows what a power cut would leave behind: bytes count from the sync
// of their file on, names from the sync of their directory on. Every file keeps a second name in a
// shadow folder, so that a deleted or replaced file can come back with the cut.
// Syncs are recorded, not performed: what matters is what was promised, not the real disk.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>

namespace lh::kits {

class PowerFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  using Options = rocksdb::IOOptions;
  using Context = rocksdb::IODebugContext;

  // `folder` is the database, `shadow` an empty folder on the same disk.
  PowerFileSystem(std::string folder, std::string shadow)
      : FileSystemWrapper(rocksdb::FileSystem::Default()),
        folder_(std::move(folder)),
        shadow_(std::move(shadow)) {}
  const char* Name() const override { return "PowerFileSystem"; }

  // The next sync of a write-ahead log reports an error, once; its bytes count as lost.
  std::atomic<bool> fail_next_log_sync{false};

  // Writes into `after` what the disk holds after a cut at this moment, then calls `then` while
  // everything still stands still. Some unsynced bytes may have reached the disk: a random prefix.
  template <class Then>
  void cut(const std::string& after, std::uint64_t seed, Then then) {
    const std::lock_guard lock(mutex_);
    std::mt19937_64 random(seed);
    std::filesystem::create_directories(after);
    for (const auto& [name, inode] : durable_names_) {
      const Inode& file = inodes_.at(inode);
      std::uint64_t keep = file.synced;
      if (file.size > keep && random() % 2 == 0) keep += random() % (file.size - keep + 1);
      const std::string target = after + "/" + name;
      std::filesystem::copy_file(shadow_name(inode), target,
                                 std::filesystem::copy_options::overwrite_existing);
      std::filesystem::resize_file(target, keep);
    }
    then();
  }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    Context* context) override {
    const std::lock_guard lock(mutex_);
    ::unlink(path.c_str());  // a new file, not the old one emptied
    std::unique_ptr<rocksdb::FSWritableFile> file;
    const rocksdb::IOStatus made = target()->NewWritableFile(path, options, &file, context);
    if (!made.ok()) return made;
    const int inode = next_inode_++;
    if (::link(path.c_str(), shadow_name(inode).c_str()) != 0) {
      return rocksdb::IOStatus::IOError("shadow", path);
    }
    inodes_[inode] = Inode{};
    names_[name_of(path)] = inode;
    result->reset(new File(std::move(file), *this, inode, path.ends_with(".log")));
    return made;
  }
  rocksdb::IOStatus NewDirectory(const std::string& path, const Options& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* result,
                                 Context* context) override {
    std::unique_ptr<rocksdb::FSDirectory> directory;
    const rocksdb::IOStatus made = target()->NewDirectory(path, options, &directory, context);
    if (made.ok()) result->reset(new Directory(*this));
    return made;
  }
  rocksdb::IOStatus DeleteFile(const std::string& path, const Options& options,
                               Context* context) override {
    const std::lock_guard lock(mutex_);
    names_.erase(name_of(path));
    return target()->DeleteFile(path, options, context);
  }
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const Options& options, Context* context) override {
    const std::lock_guard lock(mutex_);
    const rocksdb::IOStatus renamed = target()->RenameFile(from, to, options, context);
    if (const auto it = names_.find(name_of(from)); renamed.ok() && it != names_.end()) {
      const int inode = it->second;
      names_.erase(it);
      names_[name_of(to)] = inode;
    }
    return renamed;
  }
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to, const Options& options,
                             Context* context) override {
    const std::lock_guard lock(mutex_);
    const rocksdb::IOStatus linked = target()->LinkFile(from, to, options, context);
    if (const auto it = names_.find(name_of(from)); linked.ok() && it != names_.end()) {
      names_[name_of(to)] = it->second;
    }
    return linked;
  }
  // Takes the present files as durable: for a database that was closed before.
  void adopt() {
    const std::lock_guard lock(mutex_);
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      const int inode = next_inode_++;
      if (::link(entry.path().c_str(), shadow_name(inode).c_str()) != 0) continue;
      inodes_[inode] = Inode{entry.file_size(), entry.file_size()};
      names_[entry.path().filename()] = inode;
    }
    durable_names_ = names_;
  }

 private:
  struct Inode {
    std::uint64_t size = 0;
    std::uint64_t synced = 0;
  };

  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSWritableFile> file, PowerFileSystem& system, int inode,
         bool is_log)
        : FSWritableFileOwnerWrapper(std::move(file)),
          system_(system),
          inode_(inode),
          is_log_(is_log) {}
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const Options& options,
                             Context* context) override {
      const std::lock_guard lock(system_.mutex_);
      const rocksdb::IOStatus written = target()->Append(data, options, context);
      if (written.ok()) system_.inodes_[inode_].size += data.size();
      return written;
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const Options& options,
                             const rocksdb::DataVerificationInfo& /*info*/,
                             Context* context) override {
      return Append(data, options, context);
    }
    rocksdb::IOStatus Truncate(std::uint64_t size, const Options& options,
                               Context* context) override {
      const std::lock_guard lock(system_.mutex_);
      system_.inodes_[inode_].size = size;
      return target()->Truncate(size, options, context);
    }
    rocksdb::IOStatus Sync(const Options& options, Context* context) override {
      const rocksdb::IOStatus flushed = target()->Flush(options, context);
      if (is_log_ && system_.fail_next_log_sync.exchange(false)) {
        return rocksdb::IOStatus::IOError("fdatasync", "simulated");
      }
      const std::lock_guard lock(system_.mutex_);
      system_.inodes_[inode_].synced = system_.inodes_[inode_].size;
      return flushed;
    }
    rocksdb::IOStatus Fsync(const Options& options, Context* context) override {
      return Sync(options, context);
    }

   private:
    PowerFileSystem& system_;
    int inode_;
    bool is_log_;
  };

  class Directory final : public rocksdb::FSDirectory {
   public:
    explicit Directory(PowerFileSystem& system) : system_(system) {}
    rocksdb::IOStatus Fsync(const Options& /*options*/, Context* /*context*/) override {
      const std::lock_guard lock(system_.mutex_);
      system_.durable_names_ = system_.names_;
      return rocksdb::IOStatus::OK();
    }

   private:
    PowerFileSystem& system_;
  };

  std::string shadow_name(int inode) const { return shadow_ + "/" + std::to_string(inode); }
  static std::string name_of(const std::string& path) {
    return std::filesystem::path(path).filename();
  }

  std::string folder_;
  std::string shadow_;
  std::mutex mutex_;
  std::map<std::string, int> names_;
  std::map<std::string, int> durable_names_;
  std::map<int, Inode> inodes_;
  int next_inode_ = 1;
};

}  // namespace lh::kits
