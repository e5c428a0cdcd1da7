#include "hub/ingest/reconcile/tag_sort.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace lh::hub::ingest {
namespace {

constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kReadTags = 4096;  // of one run in memory

Error unwritable() {
  return Error(Reason::kFileUnwritable, "scratch file of a comparison");
}

}  // namespace

// A sorted run: a file that has no name, read from its beginning.
struct TagSort::Stretch {
  explicit Stretch(int f) : file(f) {}
  Stretch(const Stretch&) = delete;
  Stretch& operator=(const Stretch&) = delete;
  ~Stretch() {
    if (file >= 0) ::close(file);
  }

  Status fill() {
    if (at < tags.size() || file < 0) return ok_status();
    tags.resize(kReadTags);
    const ssize_t n = ::pread(file, tags.data(), kReadTags * kTagBytes, offset);
    if (n < 0 || static_cast<std::size_t>(n) % kTagBytes != 0) return unwritable();
    tags.resize(static_cast<std::size_t>(n) / kTagBytes);
    offset += n;
    at = 0;
    return ok_status();
  }

  int file;
  off_t offset = 0;
  std::vector<Tag> tags;
  std::size_t at = 0;
};

TagSort::TagSort(std::string folder, std::size_t buffered)
    : folder_(std::move(folder)), buffered_(std::max<std::size_t>(1, buffered)) {}
TagSort::~TagSort() = default;

Status TagSort::add(const Tag& tag) {
  buffer_.push_back(tag);
  return buffer_.size() < buffered_ ? ok_status() : spill();
}

Status TagSort::spill() {
  std::sort(buffer_.begin(), buffer_.end());
  const int file = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return unwritable();
  runs_.push_back(std::make_unique<Stretch>(file));
  const char* data = reinterpret_cast<const char*>(buffer_.data());
  for (std::size_t done = 0; done < buffer_.size() * kTagBytes;) {
    const ssize_t n = ::write(file, data + done, buffer_.size() * kTagBytes - done);
    if (n <= 0) return unwritable();
    done += static_cast<std::size_t>(n);
  }
  buffer_.clear();
  return ok_status();
}

// What is left in memory is one more run.
Status TagSort::finish() {
  std::sort(buffer_.begin(), buffer_.end());
  runs_.push_back(std::make_unique<Stretch>(-1));
  runs_.back()->tags = std::move(buffer_);
  return ok_status();
}

Result<std::optional<Tag>> TagSort::next() {
  Stretch* least = nullptr;
  for (const auto& run : runs_) {
    LH_TRY(run->fill());
    if (run->at == run->tags.size()) continue;
    if (least == nullptr || run->tags[run->at] < least->tags[least->at]) least = run.get();
  }
  if (least == nullptr) return std::optional<Tag>();
  return std::optional(least->tags[least->at++]);
}

}  // namespace lh::hub::ingest
