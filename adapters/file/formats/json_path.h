// Paths into a JSON value ("a.b[0].c") and the text of the value they lead to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/json.h"

namespace lh::adapters::file::formats {

struct JsonStep {
  std::string name;  // of a member; empty: the item at `index`
  std::size_t index = 0;
};
using JsonPath = std::vector<JsonStep>;

// Names are separated by '.', may hold anything but '.', '[' and ']', and are not empty; an item is
// [N]. At most 16 steps. Errors: mapping.invalid.
Result<JsonPath> parse_json_path(std::string_view text);

// Input: text that parse_json accepted. The bytes of the value as they stand in it; nullopt when
// the path leads nowhere. A number keeps every digit it was written with.
std::optional<std::string_view> json_text_at(std::string_view text, const JsonPath& path);

// The value as a column gets it: a string as it is; true, false and numbers as written; an object
// or an array as its JSON text; null and absent as the empty text.
// Input: `item` is `text`, parsed.
std::string json_value_at(const schemas::Json& item, std::string_view text, const JsonPath& path);

}  // namespace lh::adapters::file::formats
