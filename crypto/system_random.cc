#include "crypto/system_random.h"

#include <pthread.h>
#include <sodium.h>

#include <algorithm>

#include "crypto/start.h"

namespace lh::crypto {
namespace {

// Drawn in one piece and handed out in small ones: the generator's cost is a call, not a byte, and
// a request needs half a dozen. What was handed out is wiped at once; a forked child draws anew.
class Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { drop(); }
  void take(std::uint8_t* out, std::size_t n) {
    if (n > left_) {
      randombytes_buf(bytes_.data(), bytes_.size());
      left_ = bytes_.size();
    }
    left_ -= n;
    std::copy_n(bytes_.data() + left_, n, out);
    sodium_memzero(bytes_.data() + left_, n);
  }
  void drop() {
    sodium_memzero(bytes_.data(), bytes_.size());
    left_ = 0;
  }

 private:
  std::array<std::uint8_t, 1024> bytes_{};
  std::size_t left_ = 0;
};
thread_local Pool pool;

constexpr std::size_t kSmall = 256;

// The library's own generator: seeded by the operating system, its key replaced after every block,
// and no system call for each nonce. In a forked child it must be seeded again.
bool begin() {
  randombytes_set_implementation(&randombytes_internal_implementation);
  const int child = ::pthread_atfork(nullptr, nullptr, [] {
    pool.drop();
    randombytes_stir();
  });
  return child == 0 && sodium_init() >= 0;
}

}  // namespace

void start_sodium() {
  static const bool kStarted = begin();
  LH_CHECK(kStarted, "libsodium starts");
}

SystemRandom::SystemRandom() {
  start_sodium();
}

void SystemRandom::fill(std::uint8_t* out, std::size_t n) {
  if (n > kSmall) return randombytes_buf(out, n);
  pool.take(out, n);
}

}  // namespace lh::crypto
