// Texts with places, "{since}", "{key.证照编号}": what a mapping says a request is. A value is
// encoded for where it stands, so it never ends its place, whatever it holds. Braces around
// anything else than a name are text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace lh::adapters::http::request {

// Names and values of one request; wiped at the end, for some of them are secrets.
class Values {
 public:
  Values() = default;
  Values(Values&&) = default;
  Values& operator=(Values&&) = default;
  Values(const Values&) = default;
  Values& operator=(const Values&) = delete;
  ~Values();
  void set(std::string_view name, std::string value);
  const std::string* find(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

// Where a template stands.
enum class Place : std::uint8_t {
  kPath,    // a path: values are one segment or part of one, percent-encoded
  kQuery,   // a query or form value, percent-encoded, the text between the places too
  kJson,    // a JSON text: inside quotes, escaped; bare only where the value is of digits
  kXml,     // an XML text: in text or an attribute value, escaped
  kAsItIs,  // what is signed, a header's value
};

class Template {
 public:
  // Errors: input.malformed (a name that is not in `known`; a place where none can be). A name in
  // `known` that ends in "." stands for all that begin so.
  static Result<Template> parse(std::string_view text, Place place,
                                const std::vector<std::string_view>& known);
  // Errors: input.malformed: a value that cannot stand there (of a path: empty, ".", "..", or with
  // U+0000; of XML: characters XML has not).
  Result<std::string> render(const Values& values) const;
  bool uses(std::string_view name) const;
  bool has_places() const;
  std::vector<std::string> names_with(std::string_view prefix) const;
  bool empty() const { return parts_.empty(); }
  // Every place is empty with these values and there is no text beside them.
  bool renders_nothing(const Values& values) const;

 private:
  struct Part {
    std::string text;  // as it is, or the name
    bool is_place = false;
    bool bare = false;  // JSON: not inside quotes
  };
  explicit Template(Place place) : place_(place) {}
  Result<std::string> encode(const Part& part, const std::string& value) const;
  Place place_;
  std::vector<Part> parts_;
};

std::string percent_encoded(std::string_view text);  // all but RFC 3986 unreserved
// A path of a mapping: begins with '/', no query, no fragment, no "." or ".." segment.
bool is_plain_path(std::string_view path);

}  // namespace lh::adapters::http::request
