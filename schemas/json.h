// Json: the one tree that rooms exchange; made only by the strict reader or by code.
// Numbers are integers within ±(2^53-1) or finite doubles; objects keep their order and have no
// name twice. The writer gives compact UTF-8 without escaping beyond what RFC 8259 demands; it is
// not RFC 8785: what is signed is exact bytes, never a re-serialisation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace lh::schemas {

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;                                            // null
  Json(bool b) : v_(b) {}                                      // NOLINT: implicit by design
  Json(std::int64_t n) : v_(n) {}                              // NOLINT
  Json(int n) : v_(std::int64_t{n}) {}                         // NOLINT
  Json(std::uint64_t n) : v_(static_cast<std::int64_t>(n)) {}  // NOLINT: LH_CHECKed when written
  Json(double d) : v_(d) {}                                    // NOLINT
  Json(std::string s) : v_(std::move(s)) {}                    // NOLINT
  Json(std::string_view s) : v_(std::string(s)) {}             // NOLINT
  Json(const char* s) : v_(std::string(s)) {}                  // NOLINT
  Json(Array a) : v_(std::move(a)) {}                          // NOLINT
  Json(Object o) : v_(std::move(o)) {}                         // NOLINT
  static Json object() { return Json(Object{}); }
  static Json array() { return Json(Array{}); }

  bool is_null() const { return std::holds_alternative<std::monostate>(v_); }
  const bool* boolean() const { return std::get_if<bool>(&v_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&v_); }
  const double* number() const { return std::get_if<double>(&v_); }
  const std::string* string() const { return std::get_if<std::string>(&v_); }
  const Array* items() const { return std::get_if<Array>(&v_); }
  const Object* members() const { return std::get_if<Object>(&v_); }
  Array* items() { return std::get_if<Array>(&v_); }
  Object* members() { return std::get_if<Object>(&v_); }

  const Json* find(std::string_view name) const;  // null when absent or not an object
  Json& set(std::string name, Json value);        // appends or replaces; *this becomes an object
  Json& push(Json value);                         // appends; *this becomes an array

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> v_;
};

// Input: one JSON text, UTF-8, at most max_bytes. Refuses: duplicate names, depth > 32, BOM,
// numbers beyond 2^53, U+0000, trailing text, more than limits::kJsonMembers members in one object.
// Errors: json.*, input.too_large, input.encoding. Threads: any. Cost: about 3 µs a KiB.
Result<Json> parse_json(std::string_view text, std::size_t max_bytes);
std::string to_text(const Json& value);
bool is_json_number(std::string_view text);  // the whole of it, RFC 8259 section 6
void append_json_string(std::string& out, std::string_view s);  // quoted and escaped
// A member's name from outside as errors may show it: itself when it looks like a name
// ([A-Za-z_][A-Za-z0-9_.-]{0,63}), else a placeholder, so that no value can pose as a name.
std::string shown_name(std::string_view name);

// Reads the members of one object strictly: every member must be asked for, finish() refuses the
// rest (json.unknown_member). `where` names the object in errors ("purpose.operator").
class ObjectReader {
 public:
  static Result<ObjectReader> open(const Json& value, std::string where);
  Result<std::string> string(std::string_view name, std::size_t max_bytes = 1024);
  Result<std::optional<std::string>> optional_string(std::string_view name,
                                                     std::size_t max_bytes = 1024);
  Result<std::int64_t> integer(std::string_view name);
  Result<std::optional<std::int64_t>> optional_integer(std::string_view name);
  Result<std::optional<bool>> optional_boolean(std::string_view name);
  Result<const Json*> object(std::string_view name);
  Result<const Json*> array(std::string_view name);
  const Json* optional(std::string_view name);  // null when absent or JSON null
  Status finish() const;
  std::string path(std::string_view name) const { return where_ + "." + std::string(name); }

 private:
  ObjectReader(const Json::Object& members, std::string where);
  const Json* take(std::string_view name);
  Result<const std::string*> text(std::string_view name, std::size_t max_bytes);  // null: absent
  const Json::Object* members_;
  std::vector<bool> taken_;
  std::string where_;
};

}  // namespace lh::schemas
