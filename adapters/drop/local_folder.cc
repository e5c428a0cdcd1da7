// A folder on this machine. Files are opened relative to the folder's descriptor and never through
// a link; what is read is the open file, whatever its name is afterwards.
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "adapters/drop/file_names.h"
#include "adapters/drop/folder.h"

namespace lh::adapters::drop {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Error failed(std::string_view what) {
  const bool refused = errno == EACCES || errno == EPERM || errno == EROFS;
  return Error(refused ? Reason::kSourceRefused : Reason::kSourceUnavailable, std::string(what));
}

Result<Descriptor> open_folder(const std::string& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return failed("the folder " + path);
  return fd;
}

std::int64_t ns_of(const timespec& t) {
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

Entry entry_of(const std::string& name, const struct stat& info) {
  Entry out;
  out.name = name;
  out.size = static_cast<std::uint64_t>(info.st_size);
  out.modified_ns = ns_of(info.st_mtim);
  // A copy that keeps the old time of modification still shows when it was made.
  out.changed_ms = std::max(out.modified_ns, ns_of(info.st_ctim)) / 1'000'000;
  return out;
}

class LocalPicked final : public Picked {
 public:
  LocalPicked(Descriptor fd, const Entry& entry)
      : fd_(std::move(fd)), path_(path_of_descriptor(fd_.get())), entry_(entry) {}
  const std::string& path() const override { return path_; }
  Status unchanged() const override {
    struct stat info = {};
    if (::fstat(fd_.get(), &info) == 0 && S_ISREG(info.st_mode)) {
      const Entry now = entry_of(entry_.name, info);
      if (now.size == entry_.size && now.modified_ns == entry_.modified_ns) return {};
    }
    return Error(Reason::kSourceUnavailable, entry_.name + " was written to while it was read");
  }

 private:
  Descriptor fd_;
  std::string path_;
  Entry entry_;
};

class LocalFolder final : public Folder {
 public:
  explicit LocalFolder(std::string folder) : folder_(std::move(folder)) {}

  Result<std::vector<Entry>> list() override {
    const Descriptor folder = LH_TRY(open_folder(folder_));
    const auto close = [](DIR* d) { ::closedir(d); };
    const int own = ::dup(folder.get());
    const std::unique_ptr<DIR, decltype(close)> stream(::fdopendir(own), close);
    if (!stream) return failed("the folder cannot be listed");
    std::vector<Entry> out;
    while (const dirent* item = ::readdir(stream.get())) {
      const std::string name = item->d_name;
      struct stat info = {};
      if (::fstatat(folder.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;  // gone
      if (!S_ISREG(info.st_mode)) continue;
      if (!is_plain_name(name)) return Error(Reason::kSourceAnswer, "a file name that is none");
      if (out.size() == kMostFiles) return Error(Reason::kSourceAnswer, "too many files");
      out.push_back(entry_of(name, info));
    }
    std::sort(out.begin(), out.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return out;
  }

  Result<std::unique_ptr<Picked>> pick(const Entry& entry) override {
    const Descriptor folder = LH_TRY(open_folder(folder_));
    Descriptor fd(
        ::openat(folder.get(), entry.name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
    if (fd.get() < 0) return Error(Reason::kSourceUnavailable, entry.name + " is gone");
    auto picked = std::make_unique<LocalPicked>(std::move(fd), entry);
    LH_TRY(picked->unchanged());
    return std::unique_ptr<Picked>(std::move(picked));
  }

  Status move(const std::string& name, const std::string& to_folder) override {
    const Descriptor from = LH_TRY(open_folder(folder_));
    const Descriptor to = LH_TRY(open_folder(to_folder));
    std::string target = name;
    for (int copy = 1; copy < 1000; ++copy) {
      if (::renameat2(from.get(), name.c_str(), to.get(), target.c_str(), RENAME_NOREPLACE) == 0) {
        if (::fsync(to.get()) != 0 || ::fsync(from.get()) != 0) return failed("archiving " + name);
        return {};
      }
      if (errno == ENOENT) return {};  // somebody else has moved it
      if (errno != EEXIST) return failed("archiving " + name);
      target = name + "." + std::to_string(copy);  // nothing in the archive is written over
    }
    return Error(Reason::kSourceUnavailable, "archiving " + name);
  }

  Status add(const std::string& folder, const std::string& name, ByteView bytes) override {
    const Descriptor to = LH_TRY(open_folder(folder));
    if (::faccessat(to.get(), name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) return {};
    const std::string part = "." + name + ".part";
    {
      const Descriptor fd(::openat(to.get(), part.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640));
      if (fd.get() < 0) return failed("writing into " + folder);
      LH_TRY(write_all(fd.get(), bytes));
      if (::fsync(fd.get()) != 0) return failed("writing into " + folder);
    }
    const bool named =
        ::renameat2(to.get(), part.c_str(), to.get(), name.c_str(), RENAME_NOREPLACE) == 0;
    if (!named && errno != EEXIST) return failed("writing into " + folder);
    if (::fsync(to.get()) != 0) return failed("writing into " + folder);
    return {};
  }

 private:
  std::string folder_;
};

}  // namespace

Result<int> open_spool(const std::string& spool) {
  const int fd = ::open(spool.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) return failed("the spool folder " + spool);
  return fd;
}

std::string path_of_descriptor(int fd) {
  return "/proc/self/fd/" + std::to_string(fd);
}

Status write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return Error(Reason::kSourceUnavailable, "a file cannot be written");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

std::unique_ptr<Folder> open_local_folder(const DropSettings& settings) {
  return std::make_unique<LocalFolder>(settings.folder);
}

}  // namespace lh::adapters::drop
