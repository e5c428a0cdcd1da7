// The request target in canonical form: judged and decoded once, here and nowhere else.
// Source: RFC 9112 section 3.2.1 (origin-form), RFC 3986 sections 2, 3.3, 3.4.
// Deviates: absolute-form and asterisk-form are refused; so are an encoded slash, backslash or
// percent sign, dot segments (encoded or not), empty segments and anything that is not UTF-8. A
// path that two readers could read in two ways is not a path of this hub.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace lh::hub::edge::http {

struct Target {
  std::string path;   // decoded, begins with '/'
  std::string query;  // raw, without '?', escapes well formed
};

// Errors: http.path, http.target_too_long (limits::kHttpTargetBytes).
Result<Target> parse_target(std::string_view raw);

}  // namespace lh::hub::edge::http
