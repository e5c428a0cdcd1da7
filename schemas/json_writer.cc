// The writer: compact UTF-8, members in their order, only the escapes RFC 8259 section 7 demands.
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/bytes.h"
#include "schemas/json.h"

namespace lh::schemas {
namespace {

constexpr std::int64_t kLargestExact = (std::int64_t{1} << 53) - 1;  // RFC 8259 section 6

void append_integer(std::string& out, std::int64_t n) {
  LH_CHECK(n >= -kLargestExact && n <= kLargestExact, "a JSON integer beyond 2^53");
  std::array<char, 24> buffer{};
  const auto r = std::to_chars(buffer.data(), buffer.data() + buffer.size(), n);
  out.append(buffer.data(), r.ptr);
}

// Shortest text that reads back as the same double; always with '.' or an exponent, so that it is
// read back as a double and not as an integer.
void append_double(std::string& out, double d) {
  LH_CHECK(std::isfinite(d) && std::fabs(d) <= static_cast<double>(kLargestExact),
           "a JSON number that is not finite or beyond 2^53");
  std::array<char, 32> buffer{};
  const auto r = std::to_chars(buffer.data(), buffer.data() + buffer.size(), d);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(r.ptr - buffer.data()));
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void append_value(std::string& out, const Json& value);

void append_items(std::string& out, const Json::Array& items) {
  out += '[';
  bool first = true;
  for (const Json& item : items) {
    if (!first) out += ',';
    first = false;
    append_value(out, item);
  }
  out += ']';
}

void append_members(std::string& out, const Json::Object& members) {
  out += '{';
  bool first = true;
  for (const auto& [name, value] : members) {
    if (!first) out += ',';
    first = false;
    append_json_string(out, name);
    out += ':';
    append_value(out, value);
  }
  out += '}';
}

void append_value(std::string& out, const Json& value) {
  if (const auto* text = value.string()) return append_json_string(out, *text);
  if (const auto* integer = value.integer()) return append_integer(out, *integer);
  if (const auto* items = value.items()) return append_items(out, *items);
  if (const auto* members = value.members()) return append_members(out, *members);
  if (const auto* number = value.number()) return append_double(out, *number);
  if (const auto* truth = value.boolean()) {
    out += *truth ? "true" : "false";
    return;
  }
  out += "null";
}

// How many characters need no escape; whether a byte beyond ASCII was among them. Eight at a time:
// a byte of `hit` has its high bit set when it is a control character, a quote or a backslash.
std::size_t plain_run(std::string_view s, bool& ascii) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHigh = 0x8080808080808080U;
  const auto below = [](std::uint64_t w, std::uint64_t n) { return (w - kOnes * n) & ~w & kHigh; };
  std::size_t i = 0;
  for (; i + 8 <= s.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, s.data() + i, 8);
    const std::uint64_t hit =
        below(word, 0x20) | below(word ^ (kOnes * 0x22U), 1) | below(word ^ (kOnes * 0x5CU), 1);
    if (hit != 0) break;
    ascii = ascii && (word & kHigh) == 0;
  }
  for (; i < s.size(); ++i) {
    const auto u = static_cast<unsigned char>(s[i]);
    if (u < 0x20 || u == '"' || u == '\\') break;
    ascii = ascii && u < 0x80;
  }
  return i;
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto u = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\t') {
    out += "\\t";
  } else {  // RFC 8259 section 7: control characters must be escaped
    out += "\\u00";
    out += kHex[u >> 4U];
    out += kHex[u & 0x0FU];
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view s) {
  bool ascii = true;
  out += '"';
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t run = plain_run(s.substr(i), ascii);
    out.append(s, i, run);
    i += run;
    if (i < s.size()) append_escape(out, s[i++]);
  }
  out += '"';
  LH_CHECK(ascii || is_utf8(s), "a JSON string that is not UTF-8");
}

std::string to_text(const Json& value) {
  std::string out;
  append_value(out, value);
  return out;
}

}  // namespace lh::schemas
