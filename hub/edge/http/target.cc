#include "hub/edge/http/target.h"

#include <array>

#include "base/bytes.h"
#include "base/limits.h"

namespace lh::hub::edge::http {

namespace {

// RFC 3986 3.3: pchar without '%', and '/'; the query may also hold '?'.
constexpr std::string_view kPathPunctuation = "-._~!$&'()*+,;=:@/";

constexpr std::array<bool, 256> path_table() {
  std::array<bool, 256> t{};
  for (int c = 'a'; c <= 'z'; ++c) t[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) t[static_cast<std::size_t>(c)] = true;
  for (int c = '0'; c <= '9'; ++c) t[static_cast<std::size_t>(c)] = true;
  for (const char c : kPathPunctuation) t[static_cast<std::size_t>(c)] = true;
  return t;
}
constexpr std::array<bool, 256> kPathBytes = path_table();

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte of the escape at raw[i] == '%', or -1.
int escaped_byte(std::string_view raw, std::size_t i) {
  if (raw.size() - i < 3) return -1;
  const int high = hex_value(raw[i + 1]);
  const int low = hex_value(raw[i + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool is_control(int byte) {
  return byte < 0x20 || byte == 0x7F;
}

Error bad_path(const char* what) {
  return Error(Reason::kHttpPath, what);
}

Result<std::string> decode_path(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '%') {
      if (!kPathBytes[static_cast<unsigned char>(raw[i])]) return bad_path("character not allowed");
      out += raw[i];
      continue;
    }
    const int byte = escaped_byte(raw, i);
    if (byte < 0) return bad_path("broken escape");
    if (is_control(byte)) return bad_path("escaped control character");
    if (byte == '/' || byte == '\\' || byte == '%') return bad_path("escaped separator");
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

// After decoding, so that %2e%2e is seen for what it is. "..;x" is a dot segment to servers that
// know path parameters, hence to us.
bool is_dot_segment(std::string_view segment) {
  const std::string_view name = segment.substr(0, segment.find(';'));
  return name == "." || name == "..";
}

Status check_segments(std::string_view path) {
  std::size_t at = 1;
  while (at < path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (end == at) return bad_path("empty segment");
    if (is_dot_segment(path.substr(at, end - at))) return bad_path("dot segment");
    at = end + 1;
  }
  return ok_status();
}

Status check_query(std::string_view query) {
  for (std::size_t i = 0; i < query.size(); ++i) {
    if (query[i] == '%') {
      const int byte = escaped_byte(query, i);
      if (byte < 0) return bad_path("broken escape in the query");
      if (is_control(byte)) return bad_path("escaped control character in the query");
      i += 2;
    } else if (query[i] != '?' && !kPathBytes[static_cast<unsigned char>(query[i])]) {
      return bad_path("character not allowed in the query");
    }
  }
  return ok_status();
}

}  // namespace

Result<Target> parse_target(std::string_view raw) {
  if (raw.size() > limits::kHttpTargetBytes) return Reason::kHttpTargetTooLong;
  if (raw.empty() || raw.front() != '/') return bad_path("not in origin form");
  const std::size_t mark = std::min(raw.find('?'), raw.size());
  Target out;
  out.path = LH_TRY(decode_path(raw.substr(0, mark)));
  if (!is_utf8(out.path)) return bad_path("not UTF-8");
  LH_TRY(check_segments(out.path));
  if (mark < raw.size()) {
    LH_TRY(check_query(raw.substr(mark + 1)));
    out.query = raw.substr(mark + 1);
  }
  return out;
}

}  // namespace lh::hub::edge::http
