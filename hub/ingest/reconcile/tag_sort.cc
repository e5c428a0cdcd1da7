#include "hub/ingest/reconcile/tag_sort.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace lh::hub::ingest {
namespace {

constexpr std::size_t kReadItems = 4096;  // of one run in memory

Error unwritable() {
  return Error(Reason::kFileUnwritable, "scratch file of a comparison");
}

}  // namespace

// A sorted run: a file that has no name, read from its beginning.
template <std::size_t kBytes>
struct BytesSort<kBytes>::Stretch {
  explicit Stretch(int f) : file(f) {}
  Stretch(const Stretch&) = delete;
  Stretch& operator=(const Stretch&) = delete;
  ~Stretch() {
    if (file >= 0) ::close(file);
  }

  Status fill() {
    if (at < items.size() || file < 0) return ok_status();
    items.resize(kReadItems);
    const ssize_t n = ::pread(file, items.data(), kReadItems * kBytes, offset);
    if (n < 0 || static_cast<std::size_t>(n) % kBytes != 0) return unwritable();
    items.resize(static_cast<std::size_t>(n) / kBytes);
    offset += n;
    at = 0;
    return ok_status();
  }

  int file;
  off_t offset = 0;
  std::vector<Item> items;
  std::size_t at = 0;
};

template <std::size_t kBytes>
BytesSort<kBytes>::BytesSort(std::string folder, std::size_t buffered)
    : folder_(std::move(folder)), buffered_(std::max<std::size_t>(1, buffered)) {}
template <std::size_t kBytes>
BytesSort<kBytes>::~BytesSort() = default;
template <std::size_t kBytes>
BytesSort<kBytes>::BytesSort(BytesSort&&) noexcept = default;

template <std::size_t kBytes>
Status BytesSort<kBytes>::add(const Item& item) {
  buffer_.push_back(item);
  return buffer_.size() < buffered_ ? ok_status() : spill();
}

template <std::size_t kBytes>
Status BytesSort<kBytes>::spill() {
  std::sort(buffer_.begin(), buffer_.end());
  const int file = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return unwritable();
  runs_.push_back(std::make_unique<Stretch>(file));
  const char* data = reinterpret_cast<const char*>(buffer_.data());
  for (std::size_t done = 0; done < buffer_.size() * kBytes;) {
    const ssize_t n = ::write(file, data + done, buffer_.size() * kBytes - done);
    if (n <= 0) return unwritable();
    done += static_cast<std::size_t>(n);
  }
  buffer_.clear();
  return ok_status();
}

// What is left in memory is one more run.
template <std::size_t kBytes>
Status BytesSort<kBytes>::finish() {
  std::sort(buffer_.begin(), buffer_.end());
  runs_.push_back(std::make_unique<Stretch>(-1));
  runs_.back()->items = std::move(buffer_);
  return ok_status();
}

template <std::size_t kBytes>
auto BytesSort<kBytes>::next() -> Result<std::optional<Item>> {
  Stretch* least = nullptr;
  for (const auto& run : runs_) {
    LH_TRY(run->fill());
    if (run->at == run->items.size()) continue;
    if (least == nullptr || run->items[run->at] < least->items[least->at]) least = run.get();
  }
  if (least == nullptr) return std::optional<Item>();
  return std::optional(least->items[least->at++]);
}

template class BytesSort<8>;
template class BytesSort<16>;
template class BytesSort<24>;

}  // namespace lh::hub::ingest
