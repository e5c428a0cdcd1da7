// The writer: compact UTF-8, members in their order, only the escapes RFC 8259 section 7 demands.
#include <array>
#include <charconv>
#include <cmath>

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

}  // namespace

void append_json_string(std::string& out, std::string_view s) {
  constexpr std::string_view kHex = "0123456789abcdef";
  bool ascii = true;
  std::size_t plain = 0;  // where the run of characters begins that need no escape
  out += '"';
  for (std::size_t i = 0; i < s.size(); ++i) {
    const auto u = static_cast<unsigned char>(s[i]);
    if (u >= 0x80) ascii = false;
    if (u >= 0x20 && u != '"' && u != '\\') continue;
    out.append(s, plain, i - plain);
    plain = i + 1;
    if (u == '"' || u == '\\') {
      out += '\\';
      out += s[i];
    } else if (u == '\n') {
      out += "\\n";
    } else if (u == '\r') {
      out += "\\r";
    } else if (u == '\t') {
      out += "\\t";
    } else {  // RFC 8259 section 7: control characters must be escaped
      out += "\\u00";
      out += kHex[u >> 4U];
      out += kHex[u & 0x0FU];
    }
  }
  out.append(s, plain);
  out += '"';
  LH_CHECK(ascii || is_utf8(s), "a JSON string that is not UTF-8");
}

std::string to_text(const Json& value) {
  std::string out;
  append_value(out, value);
  return out;
}

}  // namespace lh::schemas
