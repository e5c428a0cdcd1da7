// A small seeded generator (splitmix64): the same numbers on every machine and library.
#pragma once

#include <cstdint>

namespace lh::hub::app {

class SampleRandom {
 public:
  SampleRandom(std::uint64_t seed, std::uint64_t stream) : state_(seed * 0x9E3779B97F4A7C15U) {
    state_ ^= (stream + 1) * 0xD1B54A32D192ED03U;
  }
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  std::size_t below(std::size_t n) { return next() % n; }

 private:
  std::uint64_t state_;
};

}  // namespace lh::hub::app
