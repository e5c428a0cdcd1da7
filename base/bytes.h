// Byte strings and their text forms.
// Bytes are held in std::string (short-string storage, no conversion at the store and the socket);
// a ByteView never owns and is never kept beyond the call that received it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lh {

using Bytes = std::string;
using ByteView = std::string_view;
using Digest = std::array<std::uint8_t, 32>;  // SHA-256 or SM3
using Tag = std::array<std::uint8_t, 16>;     // audit tags, random ids

template <std::size_t N>
ByteView view(const std::array<std::uint8_t, N>& a) {
  return {reinterpret_cast<const char*>(a.data()), N};
}

// Input: exactly N bytes. Errors: input.malformed.
template <std::size_t N>
Result<std::array<std::uint8_t, N>> to_array(ByteView b) {
  if (b.size() != N) return Error(Reason::kInputMalformed, "wrong byte length");
  std::array<std::uint8_t, N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = static_cast<std::uint8_t>(b[i]);
  return out;
}

std::string to_hex(ByteView bytes);                    // lower case
Result<Bytes> parse_hex(std::string_view text);        // either case, even length
std::string to_base64(ByteView bytes);                 // RFC 4648 section 4, with padding
void append_base64(std::string& out, ByteView bytes);  // the same
Result<Bytes> parse_base64(std::string_view text);     // strict: canonical padding, no white space
std::string to_base64url(ByteView bytes);              // RFC 4648 section 5, no padding
Result<Bytes> parse_base64url(std::string_view text);  // strict: no padding, canonical last symbol

void append_be16(Bytes& out, std::uint16_t v);
void append_be32(Bytes& out, std::uint32_t v);
void append_be64(Bytes& out, std::uint64_t v);
std::uint16_t read_be16(ByteView b);  // precondition: at least 2 bytes
std::uint32_t read_be32(ByteView b);  // precondition: at least 4 bytes
std::uint64_t read_be64(ByteView b);  // precondition: at least 8 bytes

// Constant time in the content (not in the lengths).
bool equal_constant_time(ByteView a, ByteView b);

// True for well-formed UTF-8 without surrogates and overlong forms.
bool is_utf8(std::string_view text);

}  // namespace lh
