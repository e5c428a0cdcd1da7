#include "adapters/file/file_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace lh::adapters::file {

Result<FileBytes> FileBytes::open(const std::string& path) {
  // O_NONBLOCK: opening a pipe by mistake must not hang; regular files do not care.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return Error(Reason::kFileUnreadable, path);
  FileBytes file(fd, 0);
  struct stat info = {};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    return Error(Reason::kFileUnreadable, path + " is not a regular file");
  }
  file.size_ = static_cast<std::uint64_t>(info.st_size);
  return file;
}

FileBytes::FileBytes(FileBytes&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}

FileBytes& FileBytes::operator=(FileBytes&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(size_, other.size_);
  return *this;
}

FileBytes::~FileBytes() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::size_t> FileBytes::read_at(std::uint64_t offset, char* out, std::size_t n) const {
  for (;;) {
    const ssize_t got = ::pread(fd_, out, n, static_cast<off_t>(offset));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return Error(Reason::kSourceUnavailable, "the file cannot be read further");
  }
}

}  // namespace lh::adapters::file
