// The operating system's random source (libsodium). Threads: any.
#pragma once

#include "base/random.h"

namespace lh::crypto {

class SystemRandom final : public Random {
 public:
  SystemRandom();  // LH_CHECK: libsodium starts
  void fill(std::uint8_t* out, std::size_t n) override;
};

}  // namespace lh::crypto
