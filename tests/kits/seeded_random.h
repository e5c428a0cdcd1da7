// A Random that gives the same bytes for the same seed: tests are repeatable. Not for secrets.
#pragma once

#include <random>

#include "base/random.h"

namespace lh::kits {

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : generator_(seed) {}
  void fill(std::uint8_t* out, std::size_t n) override {
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint8_t>(generator_() >> 56U);
  }
  std::uint64_t below(std::uint64_t n) { return generator_() % n; }
  Bytes bytes(std::size_t n) {
    Bytes out(n, '\0');
    fill(reinterpret_cast<std::uint8_t*>(out.data()), n);
    return out;
  }

 private:
  std::mt19937_64 generator_;
};

// The same text with one bit of byte i changed.
inline Bytes flipped(Bytes b, std::size_t i, std::size_t bit = 0) {
  b[i] = static_cast<char>(static_cast<unsigned char>(b[i]) ^ (1U << bit));
  return b;
}

}  // namespace lh::kits
