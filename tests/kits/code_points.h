// Code points as UTF-8, written apart from the code under test.
#pragma once

#include <string>

namespace lh::kits {

inline std::string utf8(char32_t c) {
  std::string out;
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6U));
    put(0x80 | (c & 63U));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12U));
    put(0x80 | ((c >> 6U) & 63U));
    put(0x80 | (c & 63U));
  } else {
    put(0xF0 | (c >> 18U));
    put(0x80 | ((c >> 12U) & 63U));
    put(0x80 | ((c >> 6U) & 63U));
    put(0x80 | (c & 63U));
  }
  return out;
}

}  // namespace lh::kits
