// The random source is passed in like the clock; crypto::SystemRandom is the real one.
#pragma once

#include "base/bytes.h"

namespace lh {

class Random {
 public:
  Random() = default;
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  virtual ~Random() = default;
  virtual void fill(std::uint8_t* out, std::size_t n) = 0;  // never fails; threads: any
  template <std::size_t N>
  std::array<std::uint8_t, N> array() {
    std::array<std::uint8_t, N> a{};
    fill(a.data(), N);
    return a;
  }
  std::uint64_t u64() {
    const auto a = array<8>();
    return read_be64(view(a));
  }
};

}  // namespace lh
