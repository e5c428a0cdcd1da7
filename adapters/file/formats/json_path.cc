#include "adapters/file/formats/json_path.h"

#include <algorithm>

namespace lh::adapters::file::formats {
namespace {

constexpr std::size_t kMostSteps = 16;
constexpr std::size_t kMostDigits = 6;

Error invalid_path() {
  return Error(Reason::kMappingInvalid, "a path is of the form a.b[0].c");
}

// "[12]" at the front of text, which is then behind it.
Result<JsonStep> read_index(std::string_view& text) {
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos || close < 2 || close > kMostDigits + 1) {
    return invalid_path();
  }
  JsonStep step;
  for (const char c : text.substr(1, close - 1)) {
    if (c < '0' || c > '9') return invalid_path();
    step.index = step.index * 10 + static_cast<std::size_t>(c - '0');
  }
  text.remove_prefix(close + 1);
  return step;
}

// Walks over text that is known to be JSON: no check is needed, nothing can be missing.
class KnownJson {
 public:
  explicit KnownJson(std::string_view text) : text_(text) { skip_space(); }

  std::string_view value() {
    const std::size_t from = at_;
    skip_value();
    return text_.substr(from, at_ - from);
  }

  bool enter_member(std::string_view name) {
    if (text_[at_] != '{') return false;
    step();
    while (text_[at_] != '}') {
      const std::string_view key = value();
      skip_space();
      step();  // the colon
      if (is_name(key, name)) return true;
      next_item();
    }
    return false;
  }

  bool enter_item(std::size_t index) {
    if (text_[at_] != '[') return false;
    step();
    for (; text_[at_] != ']'; next_item()) {
      if (index-- == 0) return true;
    }
    return false;
  }

 private:
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  void step() {
    ++at_;
    skip_space();
  }
  // Past a value and the comma behind it.
  void next_item() {
    skip_value();
    skip_space();
    if (text_[at_] == ',') step();
  }
  void skip_string() {
    for (++at_; text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }
  void skip_value() {
    if (text_[at_] == '"') return skip_string();
    if (text_[at_] != '{' && text_[at_] != '[') {
      at_ = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
      return;
    }
    std::size_t depth = 0;
    do {
      const char c = text_[at_];
      if (c == '"') {
        skip_string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
    } while (depth > 0);
  }
  static bool is_name(std::string_view key, std::string_view name) {
    if (key.find('\\') == std::string_view::npos) return key.substr(1, key.size() - 2) == name;
    const auto plain = schemas::parse_json(key, key.size());
    return plain.ok() && plain->string() != nullptr && *plain->string() == name;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

const schemas::Json* find_at(const schemas::Json& item, const JsonPath& path) {
  const schemas::Json* at = &item;
  for (const JsonStep& step : path) {
    if (!step.name.empty()) {
      at = at->find(step.name);
    } else {
      const auto* items = at->items();
      at = items != nullptr && step.index < items->size() ? &(*items)[step.index] : nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace

Result<JsonPath> parse_json_path(std::string_view text) {
  JsonPath out;
  bool name_next = true;  // at the beginning and behind a point
  while (!text.empty() || name_next) {
    if (out.size() == kMostSteps) return invalid_path();
    if (text.starts_with('[')) {
      if (name_next && !out.empty()) return invalid_path();
      out.push_back(LH_TRY(read_index(text)));
    } else {
      const std::size_t end = std::min(text.find_first_of(".[]"), text.size());
      if (!name_next || end == 0) return invalid_path();
      out.push_back({std::string(text.substr(0, end)), 0});
      text.remove_prefix(end);
    }
    name_next = text.starts_with('.');
    if (name_next) text.remove_prefix(1);
  }
  return out;
}

std::optional<std::string_view> json_text_at(std::string_view text, const JsonPath& path) {
  KnownJson at(text);
  for (const JsonStep& step : path) {
    if (!(step.name.empty() ? at.enter_item(step.index) : at.enter_member(step.name))) {
      return std::nullopt;
    }
  }
  return at.value();
}

std::string json_value_at(const schemas::Json& item, std::string_view text, const JsonPath& path) {
  const schemas::Json* value = find_at(item, path);
  if (value == nullptr || value->is_null()) return {};
  if (value->string() != nullptr) return *value->string();
  if (const bool* truth = value->boolean()) return *truth ? "true" : "false";
  if (const auto* whole = value->integer()) return std::to_string(*whole);
  return std::string(json_text_at(text, path).value_or(std::string_view()));
}

}  // namespace lh::adapters::file::formats
