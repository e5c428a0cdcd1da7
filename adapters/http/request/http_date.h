// IMF-fixdate (RFC 9110 section 5.6.7), the one form servers must send: "Sun, 06 Nov 1994 08:49:37
// GMT". The day's name is not looked at. Absent: anything else.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace lh::adapters::http::request {

std::optional<UtcTime> parse_http_date(std::string_view text);
// Retry-After (RFC 9110 section 10.2.3): seconds or a date, as milliseconds from now, never below
// 0.
std::optional<std::int64_t> parse_retry_after(std::string_view text, UtcTime now);

}  // namespace lh::adapters::http::request
