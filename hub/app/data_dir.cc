#include "hub/app/data_dir.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace lh::hub::app {
namespace {

Error os_error(Reason reason, const std::string& path) {
  return Error(reason, path + ": " + std::strerror(errno));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Status write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return os_error(Reason::kFileUnwritable, path);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return ok_status();
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return os_error(Reason::kFileUnreadable, path);
  std::string out;
  char buffer[65536];
  for (;;) {
    const ssize_t n = ::read(file.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return os_error(Reason::kFileUnreadable, path);
    if (n == 0) return out;
    out.append(buffer, static_cast<std::size_t>(n));
    if (out.size() > max_bytes) return Error(Reason::kInputTooLarge, path);
  }
}

Status write_file(const std::string& path, std::string_view bytes, Audience audience) {
  const std::string fresh = path + ".new";
  const mode_t mode = audience == Audience::kOwner ? 0600 : 0644;
  {
    const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (file.get() < 0) return os_error(Reason::kFileUnwritable, fresh);
    LH_TRY(write_all(file.get(), bytes, fresh));
    if (::fsync(file.get()) != 0) return os_error(Reason::kFileUnwritable, fresh);
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return os_error(Reason::kFileUnwritable, path);
  return ok_status();
}

Status make_dir(const std::string& path) {
  std::error_code error;
  const auto parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return os_error(Reason::kFileUnwritable, path);
  }
  return ok_status();
}

bool exists(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0;
}

}  // namespace lh::hub::app
