// The arguments of converters and checks: "name:argument", lists separated by '|'.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace lh::adapters::convert {

// "date:%Y|%m" to ("date", "%Y|%m"); without a colon the argument is empty.
std::pair<std::string_view, std::string_view> name_and_argument(std::string_view text);
std::vector<std::string> split_words(std::string_view text, char separator);  // "" gives one ""
// Decimal digits only, at most 9 of them. Errors: mapping.invalid.
Result<std::size_t> parse_size(std::string_view text);

}  // namespace lh::adapters::convert
