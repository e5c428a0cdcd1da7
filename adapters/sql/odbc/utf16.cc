#include <cstring>

#include "adapters/sql/odbc/odbc_value.h"

namespace lh::adapters::sql {
namespace {

void append_utf8(std::string& out, std::uint32_t c) {
  const auto tail = [c](unsigned shift) { return static_cast<char>(0x80U | ((c >> shift) & 63U)); };
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0U | (c >> 6U)));
    out.push_back(tail(0));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0U | (c >> 12U)));
    out.push_back(tail(6));
    out.push_back(tail(0));
  } else {
    out.push_back(static_cast<char>(0xF0U | (c >> 18U)));
    out.push_back(tail(12));
    out.push_back(tail(6));
    out.push_back(tail(0));
  }
}

std::uint16_t unit_at(ByteView in, std::size_t at) {
  std::uint16_t unit = 0;
  std::memcpy(&unit, in.data() + at, sizeof unit);
  return unit;
}

void append_unit(Bytes& out, std::uint32_t unit) {
  const auto u = static_cast<std::uint16_t>(unit);
  char bytes[sizeof u];
  std::memcpy(bytes, &u, sizeof u);
  out.append(bytes, sizeof u);
}

}  // namespace

// The Unicode Standard, 3.9, D91: a high surrogate is followed by a low one, neither stands alone.
bool utf16_to_utf8(ByteView in, std::string& out) {
  out.clear();
  if (in.size() % 2 != 0) return false;
  for (std::size_t at = 0; at < in.size(); at += 2) {
    std::uint32_t c = unit_at(in, at);
    if (c >= 0xDC00 && c < 0xE000) return false;
    if (c >= 0xD800 && c < 0xDC00) {
      if (at + 2 >= in.size()) return false;
      at += 2;
      const std::uint32_t low = unit_at(in, at);
      if (low < 0xDC00 || low >= 0xE000) return false;
      c = 0x10000 + ((c - 0xD800) << 10U) + (low - 0xDC00);
    }
    append_utf8(out, c);
  }
  return true;
}

Bytes utf8_to_utf16(std::string_view in) {
  Bytes out;
  for (std::size_t at = 0; at < in.size();) {
    const auto lead = static_cast<std::uint8_t>(in[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t c = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length && at + i < in.size(); ++i) {
      c = (c << 6U) | (static_cast<std::uint8_t>(in[at + i]) & 63U);
    }
    at += length;
    if (c >= 0x10000) {
      append_unit(out, 0xD800 + ((c - 0x10000) >> 10U));
      append_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FFU));
    } else {
      append_unit(out, c);
    }
  }
  return out;
}

}  // namespace lh::adapters::sql
