// The head of an HTTP/1.1 request: found in the bytes, then read by Boost.Beast.
// Source: RFC 9112 sections 2.2, 3, 5. Pure; no socket.
// Deviates: no leading empty line, no obs-fold, no bare LF or CR (all MAY or SHOULD of the RFC;
// each of them has been used to make two parsers disagree).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lh::hub::edge::http {

struct Field {
  std::string_view name;
  std::string_view value;  // without the white space around it
};

// Views into the bytes that were read; valid as long as those do not move.
struct Head {
  std::string_view method;
  std::string_view target;
  int version = 0;  // 10 or 11
  std::vector<Field> fields;
};

// Looks for the empty line that ends a head, line by line, and refuses at the first byte that makes
// the head ambiguous. Bytes already seen are not looked at again (a client may drip one at a time).
class HeadScanner {
 public:
  // in: everything since the first byte of the head; grows between calls.
  // Output: the length of the head with its empty line, 0 when more is needed.
  // Errors: http.malformed, http.header_too_large (limits::kHttpHeaderBytes, kHttpHeaderFields),
  // http.target_too_long (a first line that outgrew kHttpTargetBytes).
  Result<std::size_t> scan(std::string_view in);

 private:
  Status check_line(std::string_view line);  // without its CRLF
  Status check_unfinished(std::string_view line) const;
  std::size_t line_start_ = 0;
  std::size_t scanned_ = 0;
  std::size_t lines_ = 0;
};

// head: exactly what HeadScanner found. `out` is cleared first; its capacity is used again.
// Errors: http.malformed, http.framing, http.version.
Status read_head(std::string_view head, Head& out);

// The value of the first field of that name; empty when absent. name in lower case.
std::string_view first_value(const Head& head, std::string_view name);
bool equal_ignoring_case(std::string_view text, std::string_view lower);

}  // namespace lh::hub::edge::http
