// The strict reader. simdjson checks the grammar of RFC 8259 and UTF-8; the walk below adds what
// the RFC leaves open and what readers disagree about: names twice, depth, exact numbers, U+0000.
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/bytes.h"
#include "base/limits.h"
#include "schemas/json.h"

namespace lh::schemas {
namespace {

namespace dom = simdjson::dom;

constexpr std::int64_t kLargestExact = (std::int64_t{1} << 53) - 1;
// A parser keeps about 16 bytes of memory a byte of input: the one kept by a thread stays small.
constexpr std::size_t kKeptParserBytes = 64U << 10U;
// One level more than allowed, so that the walk (not the grammar) names the reason where it can.
constexpr std::size_t kParserDepth = static_cast<std::size_t>(limits::kJsonDepth) + 8;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// ---- why a text was refused (only run on refused texts) ----------------------------------------

// Position after the string that begins at i (its opening quote); size when it never ends.
std::size_t end_of_string(std::string_view text, std::size_t i) {
  for (++i; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

// Position after the first value, by brackets alone; the caller parses it to know that it is one.
std::size_t end_of_first_value(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && is_space(text[i])) ++i;
  if (i == text.size()) return i;
  if (text[i] == '"') return end_of_string(text, i);
  if (text[i] != '{' && text[i] != '[') {
    return std::min(text.find_first_of(" \t\n\r,:]}[{\"", i), text.size());
  }
  for (int depth = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"') {
      i = end_of_string(text, i);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++i;
    if (depth == 0) return i;
  }
  return text.size();
}

std::size_t skip_digits(std::string_view t, std::size_t i) {
  while (i < t.size() && is_digit(t[i])) ++i;
  return i;
}

}  // namespace

// RFC 8259 section 6: number = [ minus ] int [ frac ] [ exp ]
bool is_json_number(std::string_view t) {
  std::size_t i = t.starts_with('-') ? 1 : 0;
  if (i >= t.size() || !is_digit(t[i])) return false;
  i = t[i] == '0' ? i + 1 : skip_digits(t, i);
  if (i < t.size() && t[i] == '.') {
    const std::size_t digits = i + 1;
    i = skip_digits(t, digits);
    if (i == digits) return false;
  }
  if (i < t.size() && (t[i] == 'e' || t[i] == 'E')) {
    ++i;
    if (i < t.size() && (t[i] == '+' || t[i] == '-')) ++i;
    const std::size_t digits = i;
    i = skip_digits(t, digits);
    if (i == digits) return false;
  }
  return i == t.size();
}

namespace {

// True when every number of the text is well formed: then it was the size that was refused.
bool numbers_are_well_formed(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      i = end_of_string(text, i);
    } else if (text[i] == '-' || is_digit(text[i])) {
      const std::size_t end = std::min(text.find_first_of(" \t\n\r,:]}[{\"", i), text.size());
      if (!is_json_number(text.substr(i, end - i))) return false;
      i = end;
    } else {
      ++i;
    }
  }
  return true;
}

// ---- the walk ----------------------------------------------------------------------------------

// Builds the tree in place; a refusal ends the walk and stays in reason_.
class Walk {
 public:
  explicit Walk(bool has_escapes) : has_escapes_(has_escapes) {}
  Reason reason() const { return reason_; }

  bool value(dom::element e, int depth, Json& out) {
    switch (e.type()) {
      case dom::element_type::OBJECT:
        return object(e, depth + 1, out);
      case dom::element_type::ARRAY:
        return array(e, depth + 1, out);
      case dom::element_type::STRING: {
        const std::string_view text = e.get_string().value_unsafe();
        out = Json(text);
        return is_text(text);
      }
      case dom::element_type::BOOL:
        out = Json(e.get_bool().value_unsafe());
        return true;
      case dom::element_type::NULL_VALUE:
        out = Json();
        return true;
      default:
        return number(e, out);
    }
  }

 private:
  bool refuse(Reason reason) {
    reason_ = reason;
    return false;
  }

  bool number(dom::element e, Json& out) {
    if (e.is_uint64() && !e.is_int64()) return refuse(Reason::kJsonNumber);
    if (e.is_int64()) {
      const std::int64_t n = e.get_int64().value_unsafe();
      if (n > kLargestExact || n < -kLargestExact) return refuse(Reason::kJsonNumber);
      out = Json(n);
      return true;
    }
    const double d = e.get_double().value_unsafe();
    if (!std::isfinite(d) || std::fabs(d) > static_cast<double>(kLargestExact)) {
      return refuse(Reason::kJsonNumber);
    }
    out = Json(d);
    return true;
  }

  // The raw text is UTF-8 (checked by the parser); only escapes can bring in more.
  bool is_text(std::string_view s) {
    if (!has_escapes_) return true;
    if (s.find('\0') != std::string_view::npos) return refuse(Reason::kJsonNul);
    return is_utf8(s) || refuse(Reason::kJsonSyntax);  // a lone surrogate
  }

  bool array(dom::element e, int depth, Json& out) {
    if (depth > limits::kJsonDepth) return refuse(Reason::kJsonDepth);
    const dom::array source = e.get_array().value_unsafe();
    Json::Array items;
    items.reserve(std::min<std::size_t>(source.size(), 1024));
    for (const dom::element item : source) {
      if (!value(item, depth, items.emplace_back())) return false;
    }
    out = Json(std::move(items));
    return true;
  }

  bool object(dom::element e, int depth, Json& out) {
    if (depth > limits::kJsonDepth) return refuse(Reason::kJsonDepth);
    const dom::object source = e.get_object().value_unsafe();
    Json::Object members;
    members.reserve(std::min<std::size_t>(source.size(), 1024));
    for (const dom::key_value_pair member : source) {
      if (members.size() == limits::kJsonMembers) return refuse(Reason::kInputTooLarge);
      Json::Member& target = members.emplace_back(std::string(member.key), Json());
      if (!is_text(member.key) || !value(member.value, depth, target.second)) return false;
    }
    if (has_duplicate(members)) return refuse(Reason::kJsonDuplicateKey);
    out = Json(std::move(members));
    return true;
  }

  static bool has_duplicate(const Json::Object& members) {
    if (members.size() <= 16) {
      for (std::size_t i = 1; i < members.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          if (members[i].first == members[j].first) return true;
        }
      }
      return false;
    }
    std::vector<std::string_view> names;
    names.reserve(members.size());
    for (const auto& m : members) names.push_back(m.first);
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) != names.end();
  }

  bool has_escapes_;
  Reason reason_ = Reason::kJsonSyntax;
};

// ---- the door ----------------------------------------------------------------------------------

simdjson::error_code parse_with(dom::parser& parser, std::string_view text, dom::element& root) {
  if (parser.capacity() < text.size() || parser.max_depth() != kParserDepth) {
    if (const auto error = parser.allocate(text.size(), kParserDepth)) return error;
  }
  return parser.parse(text.data(), text.size(), true).get(root);
}

Error refusal(dom::parser& parser, std::string_view text, simdjson::error_code code) {
  if (!is_utf8(text)) return Error(Reason::kInputEncoding);
  if (code == simdjson::DEPTH_ERROR) return Error(Reason::kJsonDepth);
  if (code == simdjson::CAPACITY || code == simdjson::MEMALLOC) {
    return Error(Reason::kInputTooLarge);
  }
  const std::size_t end = end_of_first_value(text);
  const bool more = !std::all_of(text.begin() + static_cast<std::ptrdiff_t>(end), text.end(),
                                 [](char c) { return is_space(c); });
  dom::element root;
  if (more && parse_with(parser, text.substr(0, end), root) == simdjson::SUCCESS) {
    return Error(Reason::kJsonTrailing);
  }
  if (code == simdjson::NUMBER_ERROR && numbers_are_well_formed(text)) {
    return Error(Reason::kJsonNumber);
  }
  return Error(Reason::kJsonSyntax);
}

Result<Json> parse_by(dom::parser& parser, std::string_view text) {
  dom::element root;
  const auto code = parse_with(parser, text, root);
  if (code != simdjson::SUCCESS) return refusal(parser, text, code);
  Walk walk(text.find('\\') != std::string_view::npos);
  Json out;
  if (!walk.value(root, 0, out)) return Error(walk.reason());
  return out;
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) return Error(Reason::kInputTooLarge);
  if (text.starts_with("\xEF\xBB\xBF")) return Error(Reason::kJsonBom);
  if (text.size() <= kKeptParserBytes) {
    thread_local dom::parser kept;
    return parse_by(kept, text);
  }
  dom::parser once;
  return parse_by(once, text);
}

}  // namespace lh::schemas
