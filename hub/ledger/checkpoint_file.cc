#include "hub/ledger/checkpoint_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/bytes.h"
#include "hub/store/crc32c.h"

namespace lh::hub::ledger {

// A slot is one page, so that it lies in one block of the disk (docs/formats/log.md):
//   "lhcp"(4) ‖ format(4) = 1 ‖ generation(8) ‖ length(2) ‖ note ‖ zeros ‖ CRC-32C of all before(4)
// A slot of zeros was never written.
struct CheckpointFile::Slot {
  enum class State : std::uint8_t { kEmpty, kGood, kDamaged };
  State state = State::kEmpty;
  std::uint64_t generation = 0;
  std::string note;
};

namespace {

constexpr std::size_t kSlot = 4096;
constexpr std::size_t kHead = 18;
constexpr std::size_t kNoteBytes = 2000;
constexpr ByteView kMagic = ByteView("lhcp\0\0\0\1", 8);

Error io_error(Reason reason, const char* what) {
  return Error(reason, std::string("checkpoint: ") + what + ": " + std::strerror(errno));
}

Status write_all(int fd, ByteView data, std::size_t at) {
  while (!data.empty()) {
    const ssize_t n = ::pwrite(fd, data.data(), data.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return io_error(Reason::kFileUnwritable, "write");
    data.remove_prefix(static_cast<std::size_t>(n));
    at += static_cast<std::size_t>(n);
  }
  return {};
}

// The name of a new file is durable only when its directory is synced.
Status sync_directory(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string dir = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int fd = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return io_error(Reason::kFileUnwritable, "directory");
  const int failed = ::fsync(fd);
  ::close(fd);
  return failed == 0 ? Status() : Status(io_error(Reason::kFileUnwritable, "fsync of directory"));
}

Bytes make_slot(std::uint64_t generation, std::string_view note) {
  Bytes page(kMagic);
  append_be64(page, generation);
  append_be16(page, static_cast<std::uint16_t>(note.size()));
  page.append(note);
  page.resize(kSlot - 4, '\0');
  append_be32(page, store::crc32c(page));
  return page;
}

// A new file holds generation 0 with an empty note, so that a first write that is cut short leaves
// a good slot. It appears whole or not at all. Its bytes are written, not only reserved: a later
// fdatasync then has no metadata to write.
Status create(const std::string& path) {
  const std::string half_made = path + ".new";
  const int fd = ::open(half_made.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return io_error(Reason::kFileUnwritable, "create");
  Status done = write_all(fd, make_slot(0, "") + Bytes(kSlot, '\0'), 0);
  if (done.ok() && ::fsync(fd) != 0) done = io_error(Reason::kFileUnwritable, "fsync");
  ::close(fd);
  LH_TRY(done);
  if (::rename(half_made.c_str(), path.c_str()) != 0) {
    return io_error(Reason::kFileUnwritable, "rename");
  }
  return sync_directory(path);
}

}  // namespace

Result<CheckpointFile> CheckpointFile::open(const std::string& path, Missing missing) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    if (errno != ENOENT) return io_error(Reason::kFileUnreadable, "stat");
    if (missing == Missing::kRefuse) return Error(Reason::kStoreMissing, "checkpoint");
    LH_TRY(create(path));
  } else if (found.st_size != static_cast<off_t>(2 * kSlot)) {
    return Error(Reason::kStoreCorrupt, "checkpoint: wrong length");
  }
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return io_error(Reason::kFileUnreadable, "open");
  CheckpointFile file(fd);
  for (unsigned number = 0; number < 2; ++number) {
    const Slot slot = LH_TRY(file.read_slot(number));
    if (slot.state != Slot::State::kGood || slot.generation < file.generation_) continue;
    file.generation_ = slot.generation;
    file.next_ = 1 - number;
  }
  return file;
}

CheckpointFile::CheckpointFile(CheckpointFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), generation_(other.generation_), next_(other.next_) {}

CheckpointFile::~CheckpointFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<CheckpointFile::Slot> CheckpointFile::read_slot(unsigned number) const {
  Bytes page(kSlot, '\0');
  std::size_t have = 0;
  while (have < kSlot) {
    const ssize_t n =
        ::pread(fd_, page.data() + have, kSlot - have, static_cast<off_t>(number * kSlot + have));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return io_error(Reason::kFileUnreadable, "read");
    have += static_cast<std::size_t>(n);
  }
  Slot slot;
  if (page.find_first_not_of('\0') == Bytes::npos) return slot;
  slot.state = Slot::State::kDamaged;
  const ByteView all(page);
  if (read_be32(all.substr(kSlot - 4)) != store::crc32c(all.substr(0, kSlot - 4))) return slot;
  const std::size_t length = read_be16(all.substr(16));
  if (all.substr(0, 8) != kMagic || length > kNoteBytes) return slot;
  slot.state = Slot::State::kGood;
  slot.generation = read_be64(all.substr(8));
  slot.note = page.substr(kHead, length);
  return slot;
}

Result<std::optional<std::string>> CheckpointFile::last() const {
  std::optional<Slot> newest;
  for (unsigned number = 0; number < 2; ++number) {
    Slot slot = LH_TRY(read_slot(number));
    if (slot.state != Slot::State::kGood) continue;
    if (!newest || newest->generation < slot.generation) newest = std::move(slot);
  }
  if (!newest) return Error(Reason::kStoreCorrupt, "checkpoint: no slot has its CRC");
  if (newest->generation == 0) return std::optional<std::string>();
  return std::optional<std::string>(std::move(newest->note));
}

Status CheckpointFile::verify() const {
  for (unsigned number = 0; number < 2; ++number) {
    const Slot slot = LH_TRY(read_slot(number));
    if (slot.state == Slot::State::kDamaged) {
      return Error(Reason::kStoreCorrupt, "checkpoint: slot " + std::to_string(number));
    }
  }
  return {};
}

Status CheckpointFile::write(std::string_view signed_note) {
  if (signed_note.size() > kNoteBytes) return Error(Reason::kInputTooLarge, "checkpoint");
  const Bytes page = make_slot(generation_ + 1, signed_note);
  LH_TRY(write_all(fd_, page, next_ * kSlot));
  if (::fdatasync(fd_) != 0) return io_error(Reason::kFileUnwritable, "fdatasync");
  ++generation_;
  next_ = 1 - next_;
  return {};
}

}  // namespace lh::hub::ledger
