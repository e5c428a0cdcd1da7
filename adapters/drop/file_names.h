// Names of files in a drop folder: which are taken, which could lead out of it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace lh::adapters::drop {

// '*' is any run of bytes, '?' any one byte, everything else itself. Linear in the name for each
// '*'.
bool matches(std::string_view pattern, std::string_view name);
// False for "", ".", "..", and names with '/', a control character or U+0000.
bool is_plain_name(std::string_view name);
// True when it ends in `suffix`, whatever the case of ASCII letters.
bool has_ending(std::string_view name, std::string_view suffix);
// A file name for an id of any bytes: letters, digits, '-' and '_' as they are, others as %XX.
// Errors: input.too_large (more than 200 bytes), input.malformed (empty).
Result<std::string> name_of_id(std::string_view id);

}  // namespace lh::adapters::drop
