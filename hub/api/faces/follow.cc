#include "hub/api/faces/follow.h"

#include "base/limits.h"
#include "schemas/purpose_parts.h"

namespace lh::hub::api::faces {

using schemas::Json;

Outcome follow(Outcome first, const Translate& translate) {
  auto& what = first.get();
  if (auto* reply = std::get_if<Reply>(&what)) return translate(reply->response);
  if (auto* commit = std::get_if<Commit>(&what)) {
    commit->next = [next = std::move(commit->next),
                    translate](Result<std::vector<Recorded>> recorded) {
      return follow(next(std::move(recorded)), translate);
    };
    return first;
  }
  if (auto* await = std::get_if<Await>(&what)) {
    return Await{
        [start = std::move(await->start), translate](const std::function<void(Outcome)>& go_on) {
          start([go_on, translate](Outcome next) { go_on(follow(std::move(next), translate)); });
        }};
  }
  if (auto* all = std::get_if<All>(&what)) {
    all->next = [next = std::move(all->next), translate](std::vector<Response> responses) {
      return follow(next(std::move(responses)), translate);
    };
    return first;
  }
  return Offload{[job = std::move(std::get<Offload>(what).job), translate] {
    return follow(job(), translate);
  }};
}

Refusal refusal_of(const Response& problem) {
  Refusal out;
  const auto body = schemas::parse_json(problem.body, limits::kJsonBodyBytes);
  if (!body.ok()) return {std::string(reason_id(Reason::kInternalFailure)), {}, {}};
  const auto text = [&body](std::string_view name) {
    const Json* member = body->find(name);
    return member != nullptr && member->string() != nullptr ? *member->string() : std::string();
  };
  return {text("reason"), text("title"), text("detail")};
}

Response refused_as(const Response& problem, const Json& body) {
  constexpr int kNotOffered = 501;
  Response r = json_response(200, schemas::to_text(body));
  const int status = problem.status;
  if (status == 401 || status == 429 || (status >= 500 && status != kNotOffered)) {
    r.status = status;
    for (const auto& header : problem.headers) {
      if (header.first == "retry-after") r.headers.push_back(header);
    }
  }
  return r;
}

Response answered(const Json& body) {
  return json_response(200, schemas::to_text(body));
}

std::optional<Json> answer_of(const Response& r) {
  if (r.status != 200 && r.status != 201) return std::nullopt;
  auto body = schemas::parse_json(r.body, limits::kDocumentBytes);
  if (!body.ok()) return std::nullopt;
  return std::move(*body);
}

Response answered(Json body, const Json& answer) {
  if (const Json* receipt = answer.find("receipt")) body.set("receipt", *receipt);
  return answered(body);
}

CallPtr in_chinese(const CallPtr& call) {
  if (!call->request.accept_language.empty()) return call;
  auto copy = std::make_shared<Call>(*call);
  copy->request.accept_language = "zh-CN";
  return copy;
}

Result<std::string> query_value(const std::string& query, std::string_view name) {
  const Error missing(Reason::kJsonMissingMember, std::string(name));
  std::optional<std::string> found;
  std::string_view rest = query;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    if (found) return missing;
    found = pair.substr(equals + 1);
  }
  constexpr std::size_t kMostBytes = 256;
  if (!found || found->empty() || found->size() > kMostBytes ||
      found->find('%') != std::string::npos) {
    return missing;
  }
  return *found;
}

Result<Members> Members::open(const Json& value, std::string where) {
  if (value.members() == nullptr) {
    return Error(Reason::kJsonWrongType, where.empty() ? "body" : where);
  }
  if (!where.empty()) where += '.';
  return Members(value, std::move(where));
}

Result<std::string> Members::optional_line(std::string_view name, std::size_t max_bytes) const {
  const Json* member = value_->find(name);
  if (member == nullptr || member->is_null()) return std::string();
  const std::string* text = member->string();
  if (text == nullptr) return Error(Reason::kJsonWrongType, path(name));
  if (text->size() > max_bytes || schemas::has_control_characters(*text)) {
    return Error(Reason::kJsonValue, path(name));
  }
  return *text;
}

Result<std::string> Members::line(std::string_view name, std::size_t max_bytes) const {
  std::string text = LH_TRY(optional_line(name, max_bytes));
  if (text.empty()) return Error(Reason::kJsonMissingMember, path(name));
  return text;
}

Result<Members> Members::object(std::string_view name) const {
  const Json* member = value_->find(name);
  if (member == nullptr || member->is_null()) {
    return Error(Reason::kJsonMissingMember, path(name));
  }
  return open(*member, path(name));
}

bool Members::has(std::string_view name) const {
  const Json* member = value_->find(name);
  if (member == nullptr || member->is_null()) return false;
  return member->string() == nullptr || !member->string()->empty();
}

Result<SubjectId> holder_number(std::string_view text, std::string where) {
  auto person = parse_subject_id(IdScheme::kResidentId, text);
  auto entity = parse_subject_id(IdScheme::kUscc, text);
  if (person.ok() && entity.ok()) return Error(Reason::kIdFormat, where + ": of either kind");
  if (person.ok()) return std::move(*person);
  if (entity.ok()) return std::move(*entity);
  // The letters tell which of the two it was meant to be.
  const bool digits = text.substr(0, 17).find_first_not_of("0123456789") == std::string_view::npos;
  return Error(digits ? person.error().reason() : entity.error().reason(), std::move(where));
}

}  // namespace lh::hub::api::faces
