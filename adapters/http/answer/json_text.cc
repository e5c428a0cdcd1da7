#include "adapters/http/answer/json_text.h"

#include <algorithm>
#include <charconv>

#include "schemas/json.h"

namespace lh::adapters::http::answer {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kDepth = 64;

Error broken() {
  return Error(Reason::kSourceAnswer, "brackets or quotes of the JSON do not match");
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
std::size_t skip_space(std::string_view t, std::size_t i) {
  while (i < t.size() && is_space(t[i])) ++i;
  return i;
}

// Behind the string that begins at i; kNone when it never ends.
std::size_t skip_string(std::string_view t, std::size_t i) {
  for (++i; i < t.size(); ++i) {
    i = t.find_first_of("\"\\", i);
    if (i == kNone) return kNone;
    if (t[i] == '"') return i + 1;
    ++i;
  }
  return kNone;
}

std::size_t skip_brackets(std::string_view t, std::size_t i) {
  char open[kDepth];
  std::size_t depth = 0;
  while (i < t.size()) {
    const char c = t[i];
    if (c == '"') {
      i = skip_string(t, i);
      if (i == kNone) return kNone;
      continue;
    }
    if (c == '{' || c == '[') {
      if (depth == kDepth) return kNone;
      open[depth++] = c == '{' ? '}' : ']';
    }
    if ((c == '}' || c == ']') && open[--depth] != c) return kNone;
    ++i;
    if (depth == 0) return i;
  }
  return kNone;
}

// Behind the value that begins at i.
std::size_t skip_value(std::string_view t, std::size_t i) {
  if (i >= t.size()) return kNone;
  if (t[i] == '"') return skip_string(t, i);
  if (t[i] == '{' || t[i] == '[') return skip_brackets(t, i);
  const auto end = t.find_first_of(" \t\r\n,:]}[{\"", i);
  return end == kNone ? t.size() : end;
}

bool same_name(std::string_view quoted, std::string_view name) {
  if (quoted.find('\\') == kNone) return quoted.substr(1, quoted.size() - 2) == name;
  const auto decoded = schemas::parse_json(quoted, quoted.size());
  return decoded.ok() && decoded->string() != nullptr && *decoded->string() == name;
}

using Found = Result<std::optional<std::string_view>>;

Found find_member(std::string_view object, std::string_view name) {
  std::size_t i = skip_space(object, 1);
  while (i < object.size() && object[i] == '"') {
    const std::size_t end = skip_string(object, i);
    if (end == kNone) return broken();
    const auto quoted = object.substr(i, end - i);
    i = skip_space(object, end);
    if (i >= object.size() || object[i] != ':') return broken();
    i = skip_space(object, i + 1);
    const std::size_t after = skip_value(object, i);
    if (after == kNone) return broken();
    if (same_name(quoted, name)) return std::optional(object.substr(i, after - i));
    i = skip_space(object, after);
    if (i < object.size() && object[i] == ',') i = skip_space(object, i + 1);
  }
  return std::optional<std::string_view>();
}

Found find_item(std::string_view array, std::string_view name) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error != std::errc() || end != name.data() + name.size()) {
    return std::optional<std::string_view>();
  }
  const auto items = LH_TRY(split_array(array, kNone));
  if (index >= items.size()) return std::optional<std::string_view>();
  return std::optional(items[index]);
}

Result<std::string> pointer_name(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != '~') {
      out.push_back(part[i]);
    } else if (++i < part.size() && (part[i] == '0' || part[i] == '1')) {
      out.push_back(part[i] == '0' ? '~' : '/');
    } else {
      return Error(Reason::kInputMalformed, "a path with ~ that is not ~0 or ~1");
    }
  }
  return out;
}

}  // namespace

Result<JsonPath> parse_path(std::string_view text) {
  JsonPath out;
  if (text == ".") return out;
  const bool pointer = text.starts_with('/');
  if (pointer) text.remove_prefix(1);
  const char separator = pointer ? '/' : '.';
  for (;;) {
    const auto end = text.find(separator);
    const auto part = text.substr(0, end);
    if (part.empty()) return Error(Reason::kInputMalformed, "a path with an empty name");
    out.push_back(pointer ? LH_TRY(pointer_name(part)) : std::string(part));
    if (end == kNone) return out;
    text.remove_prefix(end + 1);
  }
}

Result<std::optional<std::string_view>> find_value(std::string_view text, const JsonPath& path) {
  const std::size_t begin = skip_space(text, 0);
  const std::size_t end = skip_value(text, begin);
  if (end == kNone) return broken();
  std::string_view at = text.substr(begin, end - begin);
  for (const std::string& name : path) {
    std::optional<std::string_view> next;
    if (at.starts_with('{')) next = LH_TRY(find_member(at, name));
    if (at.starts_with('[')) next = LH_TRY(find_item(at, name));
    if (!next) return std::optional<std::string_view>();
    at = *next;
  }
  return std::optional(at);
}

Result<std::vector<std::string_view>> split_array(std::string_view array, std::size_t max_items) {
  std::vector<std::string_view> out;
  if (!array.starts_with('[')) return Error(Reason::kSourceAnswer, "the rows are not an array");
  std::size_t i = skip_space(array, 1);
  if (i < array.size() && array[i] == ']') return out;
  while (i < array.size()) {
    const std::size_t end = skip_value(array, i);
    if (end == kNone) return broken();
    if (out.size() == max_items) return Error(Reason::kInputTooLarge, "items of one answer");
    out.push_back(array.substr(i, end - i));
    i = skip_space(array, end);
    if (i >= array.size()) return broken();
    if (array[i] == ']') return out;
    if (array[i] != ',') return broken();
    i = skip_space(array, i + 1);
  }
  return broken();
}

std::optional<std::string> without_numbers(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      i = skip_string(text, i);
      if (i == kNone) return std::nullopt;
    } else if (text[i] == '-' || is_digit(text[i])) {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n,:]}[{\"", i), text.size());
      if (!schemas::is_json_number(text.substr(i, end - i))) return std::nullopt;
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(i),
                out.begin() + static_cast<std::ptrdiff_t>(end), ' ');
      out[i] = '0';
      i = end;
    } else {
      ++i;
    }
  }
  return out;
}

}  // namespace lh::adapters::http::answer
