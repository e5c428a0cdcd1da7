#include "crypto/system_random.h"

#include <sodium.h>

namespace lh::crypto {

SystemRandom::SystemRandom() {
  LH_CHECK(sodium_init() >= 0, "libsodium starts");
}

void SystemRandom::fill(std::uint8_t* out, std::size_t n) {
  randombytes_buf(out, n);
}

}  // namespace lh::crypto
