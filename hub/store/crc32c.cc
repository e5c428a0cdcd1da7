#include "hub/store/crc32c.h"

#include <array>
#include <cstring>

namespace lh::hub::store {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78U;  // reflected

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? (c >> 1U) ^ kPolynomial : c >> 1U;
    table[i] = c;
  }
  return table;
}
constexpr std::array<std::uint32_t, 256> kTable = make_table();

std::uint32_t portable(std::uint32_t crc, ByteView data) {
  for (const char c : data) {
    crc = kTable[(crc ^ static_cast<std::uint8_t>(c)) & 0xffU] ^ (crc >> 8U);
  }
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::uint32_t crc, ByteView data) {
  std::uint64_t wide = crc;
  while (data.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, data.data(), 8);
    wide = __builtin_ia32_crc32di(wide, word);
    data.remove_prefix(8);
  }
  auto narrow = static_cast<std::uint32_t>(wide);
  for (const char c : data) {
    narrow = __builtin_ia32_crc32qi(narrow, static_cast<std::uint8_t>(c));
  }
  return narrow;
}
#endif

}  // namespace

std::uint32_t crc32c_extend(std::uint32_t crc, ByteView data) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2") != 0) return ~by_instruction(~crc, data);
#endif
  return ~portable(~crc, data);
}

std::uint32_t crc32c(ByteView data) {
  return crc32c_extend(0, data);
}

std::uint32_t crc32c_masked(std::uint32_t crc) {
  return ((crc >> 15U) | (crc << 17U)) + 0xa282ead8U;
}

}  // namespace lh::hub::store
