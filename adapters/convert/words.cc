#include "adapters/convert/words.h"

#include <algorithm>

namespace lh::adapters::convert {

std::pair<std::string_view, std::string_view> name_and_argument(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::vector<std::string> split_words(std::string_view text, char separator) {
  std::vector<std::string> out;
  for (;;) {
    const auto end = text.find(separator);
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

Result<std::size_t> parse_size(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || text.size() > 9 || !std::all_of(text.begin(), text.end(), digit)) {
    return Error(Reason::kMappingInvalid, "a whole number is expected");
  }
  std::size_t v = 0;
  for (const char c : text) v = v * 10 + static_cast<std::size_t>(c - '0');
  return v;
}

}  // namespace lh::adapters::convert
