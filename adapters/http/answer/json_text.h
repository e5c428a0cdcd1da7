// Where values stand in a JSON text, without changing a byte of it: an item is kept exactly as it
// was received, and a number keeps its digits. Only brackets and strings are understood here; that
// the text is JSON is for schemas::parse_json to say, piece by piece.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lh::adapters::http::answer {

// Names from the outside in; on an array a name of digits is a position.
using JsonPath = std::vector<std::string>;

// "data.list", "/data/list" (RFC 6901, for names with dots) or "." (the whole). Errors:
// input.malformed.
Result<JsonPath> parse_path(std::string_view text);

// The value as written, without white space around it; absent: not there. When a name stands twice
// the first is found (and parse_json refuses the text). Errors: source.answer (brackets that do not
// match, deeper than 64).
Result<std::optional<std::string_view>> find_value(std::string_view text, const JsonPath& path);

// The items of an array as written. Errors: source.answer (not an array; brackets), input.too_large
// (more than max_items).
Result<std::vector<std::string_view>> split_array(std::string_view array, std::size_t max_items);

// The same text with every number replaced by 0 and spaces, for a parse that does not mind sizes.
// Absent: one of them is not a number of RFC 8259.
std::optional<std::string> without_numbers(std::string_view text);

}  // namespace lh::adapters::http::answer
