// Secret: bytes in locked memory (one arena, checked, never in a core dump), wiped on destruction,
// compared in constant time. Never copied by accident, never printed.
// Deviates: at most 4 MiB of secrets at once (the mlock limit of an ordinary account is 8 MiB).
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace lh {

class Secret {
 public:
  Secret() = default;
  // LH_CHECK: the arena has room and is locked. Prefer wipe() on the source when it was a string.
  static Secret copy_of(ByteView bytes);
  static Secret zeroed(std::size_t n);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();
  Secret clone() const { return copy_of(bytes()); }
  ByteView bytes() const { return {reinterpret_cast<const char*>(data_), size_}; }
  std::uint8_t* data() { return data_; }
  const std::uint8_t* data() const { return data_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

bool operator==(const Secret& a, const Secret& b);  // constant time
void wipe(std::string& s);                          // overwrites, then clears

}  // namespace lh
