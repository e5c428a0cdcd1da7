// One request of a mapping: method, path, query, header fields and body, with places for values.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/http/request/connection.h"

namespace lh::adapters::http::request {

struct Operation {
  std::string method = "GET";
  std::vector<Template> path;  // one
  std::vector<std::pair<std::string, Template>> query;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, Template>> form;
  std::optional<Template> body;
  std::string content_type;

  bool uses(std::string_view name) const;
  bool names_any(std::string_view prefix) const;  // a place whose name begins so
};

// Whether a request may be sent again when its answer did not come.
enum class Repeat : std::uint8_t { kNever, kSafe };

// Asks `in` for method, path, query, headers, form, body, content_type and repeat. names: what
// places may be called; {secret.NAME} is always one. Errors: mapping.invalid.
Result<Operation> read_operation(SettingsReader& in, const Connection& connection,
                                 std::vector<std::string_view> names);
// A GET, or what the mapping calls safe ("repeat = true").
Result<Repeat> read_repeat(SettingsReader& in, const Operation& operation);

// The secrets that the operation names are looked up and put into `used`. Errors: key.missing,
// input.malformed (Template::render).
Result<transport::Call> make_call(const Operation& operation, const Values& values,
                                  const Secrets& secrets, std::vector<Secret>& used);

}  // namespace lh::adapters::http::request
