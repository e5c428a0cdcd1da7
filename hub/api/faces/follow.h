// What the faces share: an Outcome whose answer is translated when it is there, and refusals and
// bodies as the families' clients send and read them.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/ids.h"
#include "hub/api/outcome.h"
#include "hub/api/problem.h"
#include "hub/api/router.h"
#include "schemas/json.h"

namespace lh::hub::api::faces {

using Translate = std::function<Response(const Response&)>;

// The same outcome, whose answer passes through `translate`: nothing of it runs earlier, and
// nothing of it is left out.
Outcome follow(Outcome first, const Translate& translate);

// A refusal of the hub as read from its problem answer.
struct Refusal {
  std::string reason;  // stable id, docs/errors.md
  std::string title;   // in the language of the call
  std::string detail;  // names the member that is wrong or missing
};
Refusal refusal_of(const Response& problem);
// Application refusals travel as HTTP 200 in both families; who is not let in (401), is too fast
// (429) or meets a hub in trouble (5xx) gets that status and its Retry-After as well.
Response refused_as(const Response& problem, const schemas::Json& body);
Response answered(const schemas::Json& body);
// The answer of an act; nothing when it was refused.
std::optional<schemas::Json> answer_of(const Response& r);
// The family's body with what proves it: the receipt of the entry this answer is recorded in.
Response answered(schemas::Json body, const schemas::Json& answer);

// The families answer in Chinese unless the client asks for something.
CallPtr in_chinese(const CallPtr& call);

// One value of the query; the values of both families need no escapes. Errors:
// json.missing_member with the name, also when it is empty, repeated or escaped.
Result<std::string> query_value(const std::string& query, std::string_view name);

// Members of an object, of which clients send more than anybody uses: unknown ones are passed
// over. Errors: json.missing_member (absent, null or empty), json.wrong_type, json.value.
class Members {
 public:
  static Result<Members> open(const schemas::Json& value, std::string where);
  Result<std::string> line(std::string_view name, std::size_t max_bytes) const;
  Result<std::string> optional_line(std::string_view name, std::size_t max_bytes) const;
  Result<Members> object(std::string_view name) const;
  bool has(std::string_view name) const;  // present and not an empty text
  std::string path(std::string_view name) const { return where_ + std::string(name); }

 private:
  Members(const schemas::Json& value, std::string where)
      : value_(&value), where_(std::move(where)) {}
  const schemas::Json* value_;
  std::string where_;  // "data." or empty at the top
};

// A holder's number of either kind. Errors: id.format, id.check_digit, id.birth_date at `where`.
Result<SubjectId> holder_number(std::string_view text, std::string where);

}  // namespace lh::hub::api::faces
