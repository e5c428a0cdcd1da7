#include "base/bytes.h"

#include <cstring>

namespace lh {
namespace {

constexpr char kHex[] = "0123456789abcdef";
constexpr char kStd[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kUrl[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

using Table = std::array<int, 256>;  // symbol -> value, or -1

constexpr Table make_table(const char* alphabet) {
  Table t{};
  for (auto& v : t) v = -1;
  for (int i = 0; i < 64; ++i) t[static_cast<unsigned char>(alphabet[i])] = i;
  return t;
}
constexpr Table kStdTable = make_table(kStd);
constexpr Table kUrlTable = make_table(kUrl);

std::uint8_t at(ByteView b, std::size_t i) {
  return static_cast<std::uint8_t>(b[i]);
}

// Two symbols for every twelve bits.
using Pairs = std::array<std::array<char, 2>, 4096>;

constexpr Pairs make_pairs(const char* alphabet) {
  Pairs t{};
  for (std::size_t i = 0; i < t.size(); ++i) t[i] = {alphabet[i >> 6U], alphabet[i & 63U]};
  return t;
}
constexpr Pairs kStdPairs = make_pairs(kStd);
constexpr Pairs kUrlPairs = make_pairs(kUrl);

// Plain pointers: the bounds are those of the loop, and a checked index costs as much as the work.
void encode(std::string& out, ByteView b, const Pairs& pairs, char pad) {
  const std::size_t begin = out.size();
  out.resize(begin + (b.size() + 2) / 3 * 4);
  char* o = out.data() + begin;
  const auto* const table = pairs.data();
  const auto* in = reinterpret_cast<const unsigned char*>(b.data());
  const auto* const end = in + b.size();
  for (; end - in >= 3; in += 3, o += 4) {
    const unsigned three = unsigned{in[0]} << 16U | unsigned{in[1]} << 8U | unsigned{in[2]};
    std::memcpy(o, table[three >> 12U].data(), 2);
    std::memcpy(o + 2, table[three & 4095U].data(), 2);
  }
  const auto rest = end - in;
  if (rest > 0) {
    const unsigned last = unsigned{in[0]} << 16U | (rest == 2 ? unsigned{in[1]} << 8U : 0U);
    std::memcpy(o, table[last >> 12U].data(), 2);
    o += 2;
    if (rest == 2) *o++ = table[last & 4095U][0];
    for (auto i = rest; pad != 0 && i < 3; ++i) *o++ = pad;
  }
  out.resize(static_cast<std::size_t>(o - out.data()));
}

Result<Bytes> decode(std::string_view text, const Table& table) {
  Bytes out;
  out.reserve(text.size() / 4 * 3 + 2);
  unsigned acc = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int v = table[static_cast<unsigned char>(c)];
    if (v < 0) return Error(Reason::kInputMalformed, "base64 symbol");
    acc = acc << 6U | static_cast<unsigned>(v);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<char>(acc >> bits & 0xFFU));
      acc &= (1U << bits) - 1U;
    }
  }
  // A single left-over symbol or non-zero left-over bits: not the canonical spelling of any bytes.
  if (bits >= 6 || acc != 0) return Error(Reason::kInputMalformed, "base64 tail");
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string out(bytes.size() * 2, '\0');
  char* o = out.data();
  for (const char c : bytes) {
    const auto u = static_cast<unsigned char>(c);
    *o++ = kHex[u >> 4U];
    *o++ = kHex[u & 15U];
  }
  return out;
}

Result<Bytes> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return Error(Reason::kInputMalformed, "hex length");
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int hi = hex_value(text[i]);
    const int lo = hex_value(text[i + 1]);
    if (hi < 0 || lo < 0) return Error(Reason::kInputMalformed, "hex digit");
    out.push_back(static_cast<char>(hi * 16 + lo));
  }
  return out;
}

void append_base64(std::string& out, ByteView bytes) {
  encode(out, bytes, kStdPairs, '=');
}
std::string to_base64(ByteView bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}
std::string to_base64url(ByteView bytes) {
  std::string out;
  encode(out, bytes, kUrlPairs, 0);
  return out;
}

Result<Bytes> parse_base64(std::string_view text) {
  if (text.size() % 4 != 0) return Error(Reason::kInputMalformed, "base64 length");
  std::size_t pad = 0;
  while (pad < 2 && pad < text.size() && text[text.size() - 1 - pad] == '=') ++pad;
  return decode(text.substr(0, text.size() - pad), kStdTable);
}

Result<Bytes> parse_base64url(std::string_view text) {
  return decode(text, kUrlTable);
}

namespace {

template <std::size_t N>
void append_be(Bytes& out, std::uint64_t v) {
  std::array<char, N> b;
  for (std::size_t i = 0; i < N; ++i) b[i] = static_cast<char>(v >> (8 * (N - 1 - i)) & 0xFFU);
  out.append(b.data(), N);
}

// Text is mostly ASCII: how many bytes from `i` on are, looked at eight at a time.
std::size_t ascii_run(std::string_view s, std::size_t i) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  const std::size_t begin = i;
  for (; i + 8 <= s.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, s.data() + i, 8);
    if ((word & kHighBits) != 0) break;
  }
  while (i < s.size() && at(s, i) < 0x80) ++i;
  return i - begin;
}

}  // namespace

void append_be16(Bytes& out, std::uint16_t v) {
  append_be<2>(out, v);
}
void append_be32(Bytes& out, std::uint32_t v) {
  append_be<4>(out, v);
}
void append_be64(Bytes& out, std::uint64_t v) {
  append_be<8>(out, v);
}
std::uint16_t read_be16(ByteView b) {
  return static_cast<std::uint16_t>(unsigned{at(b, 0)} << 8U | at(b, 1));
}
std::uint32_t read_be32(ByteView b) {
  return std::uint32_t{read_be16(b)} << 16U | read_be16(b.substr(2));
}
std::uint64_t read_be64(ByteView b) {
  return std::uint64_t{read_be32(b)} << 32U | read_be32(b.substr(4));
}

bool equal_constant_time(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= unsigned{at(a, i)} ^ unsigned { at(b, i) };
  return difference == 0;
}

namespace {

// The last word overlaps the one before it, so that no byte is looked at alone.
bool is_ascii(std::string_view s) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::uint64_t all = 0;
  const auto take = [&](std::size_t i) {
    std::uint64_t word = 0;
    std::memcpy(&word, s.data() + i, sizeof word);
    all |= word;
  };
  if (s.size() < 8) {
    for (const char c : s) all |= static_cast<std::uint8_t>(c);
  } else {
    for (std::size_t i = 0; i + 8 < s.size(); i += 8) take(i);
    take(s.size() - 8);
  }
  return (all & kHighBits) == 0;
}

bool follows(std::string_view s, std::size_t i) {
  return (at(s, i) & 0xC0U) == 0x80U;
}

// Bytes of the character of more than one byte at s[i]; 0: it is not well formed.
std::size_t long_character(std::string_view s, std::size_t i) {
  const unsigned c = at(s, i);
  const std::size_t n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
  if (c < 0xC2 || c > 0xF4 || i + n > s.size()) return 0;
  unsigned cp = c & (0xFFU >> (n + 1));
  for (std::size_t k = 1; k < n; ++k) {
    if (!follows(s, i + k)) return 0;
    cp = cp << 6U | (at(s, i + k) & 0x3FU);
  }
  if ((n == 3 && cp < 0x800) || (n == 4 && (cp < 0x10000 || cp > 0x10FFFF))) return 0;
  return cp >= 0xD800 && cp <= 0xDFFF ? 0 : n;
}

// Chinese text: three bytes that need no look at their value.
bool is_plain_three(std::string_view s, std::size_t i) {
  const unsigned c = at(s, i);
  return c > 0xE0 && c < 0xF0 && c != 0xED && i + 3 <= s.size() && follows(s, i + 1) &&
         follows(s, i + 2);
}

}  // namespace

// RFC 3629 section 4.
bool is_utf8(std::string_view s) {
  if (is_ascii(s)) return true;
  std::size_t i = 0;
  while (i < s.size()) {
    if (at(s, i) < 0x80) {
      i += ascii_run(s, i);
      continue;
    }
    const std::size_t n = is_plain_three(s, i) ? 3 : long_character(s, i);
    if (n == 0) return false;
    i += n;
  }
  return true;
}

}  // namespace lh
