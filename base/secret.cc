#include "base/secret.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace lh {
namespace {

constexpr std::size_t kArenaBytes = std::size_t{4} << 20U;
constexpr std::size_t kGrain = 32;  // the size of most keys

// One locked mapping for the life of the process. libsodium's allocator is not used here: beyond
// the limit of an ordinary account it silently gives unlocked memory. The book of free blocks lies
// outside the arena and holds no secret.
// Threads: any; a mutex guards the book.
class Arena {
 public:
  Arena() {
    void* p =
        ::mmap(nullptr, kArenaBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    LH_CHECK(p != MAP_FAILED, "no memory for secrets (4 MiB)");
    LH_CHECK(::mlock(p, kArenaBytes) == 0,
             "memory for secrets cannot be locked: raise RLIMIT_MEMLOCK (ulimit -l) to 8192 KiB");
    LH_CHECK(::madvise(p, kArenaBytes, MADV_DONTDUMP) == 0,
             "memory for secrets cannot be kept out of core dumps");
    base_ = static_cast<std::uint8_t*>(p);
    free_.emplace(0, kArenaBytes);
  }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() = delete;  // secrets may live as long as the process

  std::uint8_t* take(std::size_t size) {
    const std::size_t n = rounded(size);
    const std::lock_guard lock(mutex_);
    const auto fits = [n](const auto& block) { return block.second >= n; };
    const auto it = std::find_if(free_.begin(), free_.end(), fits);
    LH_CHECK(it != free_.end(), "the 4 MiB for secrets are used up");
    const auto [offset, length] = *it;
    free_.erase(it);
    if (length > n) free_.emplace(offset + n, length - n);
    return base_ + offset;
  }

  void give_back(std::uint8_t* p, std::size_t size) {
    const std::size_t n = rounded(size);
    ::explicit_bzero(p, n);
    const std::lock_guard lock(mutex_);
    auto it = free_.emplace(static_cast<std::size_t>(p - base_), n).first;
    const auto next = std::next(it);
    if (next != free_.end() && it->first + it->second == next->first) {
      it->second += next->second;
      free_.erase(next);
    }
    if (it == free_.begin()) return;
    const auto before = std::prev(it);
    if (before->first + before->second != it->first) return;
    before->second += it->second;
    free_.erase(it);
  }

 private:
  static std::size_t rounded(std::size_t size) {
    LH_CHECK(size <= kArenaBytes, "a secret larger than the memory for secrets");
    return (size + kGrain - 1) / kGrain * kGrain;
  }

  std::mutex mutex_;
  std::uint8_t* base_ = nullptr;
  std::map<std::size_t, std::size_t> free_;  // offset -> length, never adjacent
};

Arena& arena() {
  static Arena* const kArena = new Arena;
  return *kArena;
}

}  // namespace

Secret Secret::copy_of(ByteView bytes) {
  Secret s = zeroed(bytes.size());
  if (!bytes.empty()) std::memcpy(s.data_, bytes.data(), bytes.size());
  return s;
}

Secret Secret::zeroed(std::size_t n) {
  Secret s;
  if (n == 0) return s;
  s.data_ = arena().take(n);  // fresh pages and given-back blocks are zero
  s.size_ = n;
  return s;
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  Secret taken(std::move(other));
  std::swap(data_, taken.data_);
  std::swap(size_, taken.size_);
  return *this;
}

Secret::~Secret() {
  if (data_ != nullptr) arena().give_back(data_, size_);
}

bool operator==(const Secret& a, const Secret& b) {
  return equal_constant_time(a.bytes(), b.bytes());
}

void wipe(std::string& s) {
  s.resize(s.capacity());  // what an earlier, longer value left behind goes too
  ::explicit_bzero(s.data(), s.size());
  s.clear();
}

}  // namespace lh
