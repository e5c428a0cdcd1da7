#include "adapters/http/request/template.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/secret.h"
#include "schemas/json.h"

namespace lh::adapters::http::request {
namespace {

Error refused(const std::string& what) {
  return Error(Reason::kInputMalformed, what);
}

// A name: letters, digits, '_', '.', and any character beyond ASCII.
bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || static_cast<unsigned char>(c) >= 0x80;
  });
}

// Text of a mapping as it stands on the wire: a query value is encoded whole, of a path only what
// is not ASCII.
std::string literal(std::string_view text, Place place) {
  if (place == Place::kQuery) return percent_encoded(text);
  if (place != Place::kPath) return std::string(text);
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x80) {
      out.push_back(c);
    } else {
      out += percent_encoded(std::string_view(&c, 1));
    }
  }
  return out;
}

bool is_known(std::string_view name, const std::vector<std::string_view>& known) {
  return std::any_of(known.begin(), known.end(), [name](std::string_view k) {
    return k.ends_with('.') ? name.starts_with(k) && name.size() > k.size() : name == k;
  });
}

// What a JSON or XML text is in the middle of, as far as places are concerned.
class Scanner {
 public:
  void json(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '"') quoted_ = !quoted_;
      if (text[i] == '\\' && quoted_) ++i;
    }
  }
  void xml(std::string_view text) {
    for (const char c : text) {
      if (quote_ != 0) {
        if (c == quote_) quote_ = 0;
      } else if (tag_ && (c == '"' || c == '\'')) {
        quote_ = c;
      } else if (c == '<') {
        tag_ = true;
      } else if (c == '>') {
        tag_ = false;
      }
    }
  }
  bool in_json_string() const { return quoted_; }
  bool xml_place() const { return !tag_ || quote_ != 0; }

 private:
  bool quoted_ = false;
  bool tag_ = false;
  char quote_ = 0;
};

// XML 1.0 section 2.2: Char. Line ends and tabs are written so that no reader normalises them.
Result<std::string> xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\t':
        out += "&#9;";
        break;
      case '\n':
        out += "&#10;";
        break;
      case '\r':
        out += "&#13;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) return refused("a character XML has not");
        out.push_back(c);
    }
  }
  // U+FFFE and U+FFFF
  if (out.find("\xEF\xBF\xBE") != std::string::npos ||
      out.find("\xEF\xBF\xBF") != std::string::npos) {
    return refused("a character XML has not");
  }
  return out;
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.size() <= 15 &&
         text.find_first_not_of("0123456789") == std::string_view::npos &&
         (text.size() == 1 || text[0] != '0');
}

}  // namespace

Values::~Values() {
  for (auto& [name, value] : items_) wipe(value);
}

void Values::set(std::string_view name, std::string value) {
  for (auto& [known, old] : items_) {
    if (known != name) continue;
    wipe(old);
    old = std::move(value);
    return;
  }
  items_.emplace_back(std::string(name), std::move(value));
}

const std::string* Values::find(std::string_view name) const {
  for (const auto& [known, value] : items_) {
    if (known == name) return &value;
  }
  return nullptr;
}

Result<Template> Template::parse(std::string_view text, Place place,
                                 const std::vector<std::string_view>& known) {
  Template out(place);
  if (place == Place::kXml && (text.find("<!") != std::string_view::npos || !is_utf8(text))) {
    return refused("no DOCTYPE, CDATA or comment in a template");
  }
  Scanner scanner;
  std::string plain;
  while (!text.empty()) {
    const auto close = text.find('}');
    const bool place_here =
        text[0] == '{' && close != std::string_view::npos && is_name(text.substr(1, close - 1));
    if (!place_here) {
      const auto next = text.find('{', 1);
      const auto piece = text.substr(0, next);
      plain.append(piece);
      scanner.json(piece);
      scanner.xml(piece);
      text.remove_prefix(piece.size());
      continue;
    }
    const std::string name(text.substr(1, close - 1));
    if (!is_known(name, known)) return refused("no value is called {" + name + "}");
    if (place == Place::kXml && !scanner.xml_place()) {
      return refused("{" + name + "} stands inside a tag");
    }
    if (!plain.empty()) out.parts_.push_back({literal(plain, place)});
    plain.clear();
    out.parts_.push_back({name, true, place == Place::kJson && !scanner.in_json_string()});
    text.remove_prefix(close + 1);
  }
  if (!plain.empty()) out.parts_.push_back({literal(plain, place)});
  return out;
}

Result<std::string> Template::encode(const Part& part, const std::string& value) const {
  if (place_ != Place::kAsItIs && !is_utf8(value)) return refused(part.text + " is not UTF-8");
  switch (place_) {
    case Place::kPath:
      // RFC 3986 section 3.3. A server may undo the encoding of a segment before it looks at it.
      if (value.empty() || value == "." || value == ".." || value.find('\0') != std::string::npos) {
        return refused(part.text + " cannot stand in a path");
      }
      return percent_encoded(value);
    case Place::kQuery:
      return percent_encoded(value);
    case Place::kJson: {
      if (part.bare && !all_digits(value)) return refused(part.text + " is not a number");
      if (part.bare) return value;
      std::string quoted;
      schemas::append_json_string(quoted, value);
      return quoted.substr(1, quoted.size() - 2);
    }
    case Place::kXml:
      return xml_escaped(value);
    case Place::kAsItIs:
      return value;
  }
  return value;
}

Result<std::string> Template::render(const Values& values) const {
  std::string out;
  for (const Part& part : parts_) {
    if (!part.is_place) {
      out += part.text;
      continue;
    }
    const std::string* value = values.find(part.text);
    if (value == nullptr) return refused("no value for {" + part.text + "}");
    out += LH_TRY(encode(part, *value));
  }
  // Two places side by side, or a place beside a dot, may make a segment that each alone is not.
  if (place_ == Place::kPath && !is_plain_path(out)) return refused("a path that goes elsewhere");
  return out;
}

bool Template::uses(std::string_view name) const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [name](const Part& p) { return p.is_place && p.text == name; });
}

bool Template::has_places() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const Part& p) { return p.is_place; });
}

std::vector<std::string> Template::names_with(std::string_view prefix) const {
  std::vector<std::string> out;
  for (const Part& part : parts_) {
    if (part.is_place && part.text.starts_with(prefix)) out.push_back(part.text);
  }
  return out;
}

bool Template::renders_nothing(const Values& values) const {
  return has_places() && std::all_of(parts_.begin(), parts_.end(), [&values](const Part& p) {
           const std::string* value = p.is_place ? values.find(p.text) : nullptr;
           return value != nullptr && value->empty();
         });
}

std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto b = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kHex[b >> 4U]);
      out.push_back(kHex[b & 15U]);
    }
  }
  return out;
}

bool is_plain_path(std::string_view path) {
  if (!path.starts_with('/')) return false;
  for (const char c : path) {
    if (c <= ' ' || c > '~' || c == '?' || c == '#' || c == '\\') return false;
  }
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == "..") return false;
    path.remove_prefix(segment.size());
  }
  return true;
}

}  // namespace lh::adapters::http::request
