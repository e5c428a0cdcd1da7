#include "hub/store/disk_guard.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace lh::hub::store {
namespace {

std::string ballast_path(const std::string& dir) {
  return dir + "/ballast";
}

Error disk_low(const DiskState& disk, std::uint64_t needed) {
  return Error(Reason::kStoreFull, std::to_string(disk.free_bytes >> 20U) + " MiB free, " +
                                       std::to_string(needed >> 20U) + " MiB needed");
}

Status make_ballast(const std::string& path, std::uint64_t bytes) {
  const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    return Error(Reason::kFileUnwritable, std::string("ballast: ") + std::strerror(errno));
  const int failed = ::posix_fallocate(fd, 0, static_cast<off_t>(bytes));
  ::close(fd);
  if (failed == 0) return {};
  ::unlink(path.c_str());
  return Error(Reason::kFileUnwritable, std::string("ballast: ") + std::strerror(failed));
}

}  // namespace

DiskGuard::DiskGuard(std::string dir, DiskLimits limits, Probe probe)
    : dir_(std::move(dir)), limits_(limits), probe_(std::move(probe)) {}

Result<DiskState> DiskGuard::probe_disk(const std::string& dir) {
  struct statvfs disk {};
  if (::statvfs(dir.c_str(), &disk) != 0) {
    return Error(Reason::kFileUnreadable, std::string("statvfs: ") + std::strerror(errno));
  }
  return DiskState{disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize};
}

Status DiskGuard::ensure_ballast() {
  struct stat file {};
  const std::string path = ballast_path(dir_);
  if (::stat(path.c_str(), &file) == 0 &&
      static_cast<std::uint64_t>(file.st_size) >= limits_.ballast_bytes) {
    return {};
  }
  const DiskState disk = LH_TRY(probe_(dir_));
  const std::uint64_t needed = limits_.low_bytes + limits_.ballast_bytes;
  if (disk.free_bytes < needed) return disk_low(disk, needed);
  return make_ballast(path, limits_.ballast_bytes);
}

Status DiskGuard::release_ballast() {
  if (::unlink(ballast_path(dir_).c_str()) == 0 || errno == ENOENT) return {};
  return Error(Reason::kFileUnwritable, std::string("ballast: ") + std::strerror(errno));
}

Status DiskGuard::check() const {
  const DiskState disk = LH_TRY(probe_(dir_));
  if (disk.free_bytes < limits_.low_bytes) return disk_low(disk, limits_.low_bytes);
  return {};
}

// Opening replays the write-ahead log into files: it needs about a ballast of room, and half of one
// is the least that ever sufficed. A refusal here is better than RocksDB's abort.
Status DiskGuard::check_start() {
  DiskState disk = LH_TRY(probe_(dir_));
  if (disk.free_bytes >= limits_.ballast_bytes) return {};
  LH_TRY(release_ballast());
  disk = LH_TRY(probe_(dir_));
  if (disk.free_bytes < limits_.ballast_bytes / 2) {
    return disk_low(disk, limits_.ballast_bytes / 2);
  }
  return {};
}

}  // namespace lh::hub::store
