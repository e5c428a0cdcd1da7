#include "adapters/drop/file_names.h"

#include <algorithm>

#include "base/bytes.h"

namespace lh::adapters::drop {
namespace {

constexpr std::size_t kNameBytes = 200;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool stays(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

bool matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;  // the last '*' seen, and where its run ends so far
  std::size_t run_end = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      run_end = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++run_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool is_plain_name(std::string_view name) {
  const auto bad = [](char c) { return c == '/' || (c >= 0 && c < 0x20) || c == 0x7F; };
  return !name.empty() && name != "." && name != ".." &&
         std::none_of(name.begin(), name.end(), bad);
}

bool has_ending(std::string_view name, std::string_view suffix) {
  if (name.size() < suffix.size()) return false;
  const std::string_view end = name.substr(name.size() - suffix.size());
  return std::equal(end.begin(), end.end(), suffix.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

Result<std::string> name_of_id(std::string_view id) {
  if (id.empty()) return Error(Reason::kInputMalformed, "a push without an id");
  std::string out;
  for (const char c : id) {
    if (stays(c)) {
      out.push_back(c);
    } else {
      out += "%" + to_hex(ByteView(&c, 1));
    }
  }
  if (out.size() > kNameBytes) return Error(Reason::kInputTooLarge, "the id of a push");
  return out;
}

}  // namespace lh::adapters::drop
