#include "crypto/system_random.h"

#include <sodium.h>

#include "crypto/start.h"

namespace lh::crypto {
namespace {

// The library's own generator: seeded by the operating system, its key replaced after every block
// and after a fork, and no system call for each nonce.
bool begin() {
  randombytes_set_implementation(&randombytes_internal_implementation);
  return sodium_init() >= 0;
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
  randombytes_buf(out, n);
}

}  // namespace lh::crypto
