#include "crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace lh::crypto {
namespace {

constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  // False when the file system reports a late write error.
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd) == 0;
  }

 private:
  int fd_;
};

Error unwritable(std::string_view step) {
  const int cause = errno;
  return Error(Reason::kFileUnwritable,
               std::string(step) + ": " + std::generic_category().message(cause));
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

Status sync_folder(const std::string& path) {
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.open() || ::fsync(folder.get()) != 0) return unwritable("folder sync");
  return ok_status();
}

Status write_new(const std::string& fresh, ByteView bytes) {
  ::unlink(fresh.c_str());  // of a writer that died; absent is the usual case
  Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
  if (!file.open()) return unwritable("create");
  if (::fchmod(file.get(), kOwnerOnly) != 0) return unwritable("mode");
  if (!write_all(file.get(), bytes)) return unwritable("write");
  if (::fsync(file.get()) != 0) return unwritable("sync");
  if (!file.close()) return unwritable("close");
  return ok_status();
}

// link() and not rename(): it refuses when the name is taken, in one step.
Status put_in_place_once(const std::string& fresh, const std::string& path) {
  const bool linked = ::link(fresh.c_str(), path.c_str()) == 0;
  const bool taken = errno == EEXIST;
  const Status failed = linked ? ok_status() : Status(unwritable("link"));
  ::unlink(fresh.c_str());
  if (!linked && taken) return Error(Reason::kStoreExists, "the key file exists");
  LH_TRY(failed);
  return sync_folder(path);
}

Status overwrite(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat st {};
  if (!file.open() || ::fstat(file.get(), &st) != 0) return unwritable("shred");
  const Bytes blank(64U << 10U, '\0');
  for (auto left = static_cast<std::size_t>(st.st_size); left > 0;) {
    const std::size_t n = std::min(left, blank.size());
    if (!write_all(file.get(), ByteView(blank).substr(0, n))) return unwritable("shred");
    left -= n;
  }
  if (::fsync(file.get()) != 0) return unwritable("shred");
  return ok_status();
}

}  // namespace

Status write_key_file(const std::string& path, ByteView bytes, Existing existing) {
  const std::string fresh = path + ".new";
  const std::string old = path + ".old";
  LH_TRY(write_new(fresh, bytes));
  if (existing == Existing::kRefuse) return put_in_place_once(fresh, path);
  if (existing == Existing::kShred) {
    LH_TRY(finish_shredding(path));
    if (::link(path.c_str(), old.c_str()) != 0 && errno != ENOENT) return unwritable("keep old");
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return unwritable("rename");
  LH_TRY(sync_folder(path));
  return existing == Existing::kShred ? finish_shredding(path) : ok_status();
}

Result<Bytes> read_key_file(const std::string& path, std::size_t max_bytes) {
  // Not blocking: a FIFO in the place of the file must not hang a start.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open() && errno == ENOENT) return Error(Reason::kKeyMissing, "no key file");
  struct stat st {};
  if (!file.open() || ::fstat(file.get(), &st) != 0) return Error(Reason::kFileUnreadable, "open");
  if (!S_ISREG(st.st_mode)) return Error(Reason::kKeyFile, "not a plain file");
  if ((st.st_mode & kOthers) != 0)
    return Error(Reason::kKeyFile, "open to others: mode 0600 is needed");
  if (st.st_uid != ::geteuid() && st.st_uid != 0) return Error(Reason::kKeyFile, "another owner");
  if (static_cast<std::size_t>(st.st_size) > max_bytes) return Error(Reason::kKeyFile, "too large");
  Bytes out(static_cast<std::size_t>(st.st_size), '\0');
  std::size_t have = 0;
  while (have < out.size()) {
    const ssize_t n = ::read(file.get(), out.data() + have, out.size() - have);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return Error(Reason::kFileUnreadable, "read");
    have += static_cast<std::size_t>(n);
  }
  return out;
}

Status finish_shredding(const std::string& path) {
  const std::string old = path + ".old";
  struct stat a {};
  struct stat b {};
  if (::lstat(old.c_str(), &a) != 0) return errno == ENOENT ? ok_status() : unwritable("shred");
  // Before the rename both names are one file, which is the living one: only the name goes.
  const bool one_file =
      ::stat(path.c_str(), &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
  if (!one_file) LH_TRY(overwrite(old));
  if (::unlink(old.c_str()) != 0) return unwritable("shred");
  return sync_folder(path);
}

}  // namespace lh::crypto
