#include "crypto/system_random.h"

#include <sodium.h>

#include "crypto/start.h"

namespace lh::crypto {

void start_sodium() {
  static const bool kStarted = sodium_init() >= 0;
  LH_CHECK(kStarted, "libsodium starts");
}

SystemRandom::SystemRandom() {
  start_sodium();
}

void SystemRandom::fill(std::uint8_t* out, std::size_t n) {
  randombytes_buf(out, n);
}

}  // namespace lh::crypto
