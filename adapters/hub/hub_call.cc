#include "adapters/hub/hub_call.h"

namespace lh::adapters::hub {

using http::request::Exchange;
using http::request::Operation;
using http::request::Template;
using schemas::Json;

namespace {

Operation posting(const Place& place, const char* path) {
  Operation out;
  out.method = "POST";
  auto whole = Template::parse(place.connection.base_path + path, http::request::Place::kPath, {});
  auto body = Template::parse("{body}", http::request::Place::kAsItIs, {"body"});
  LH_CHECK(whole.ok() && body.ok(), "templates of the contract");
  out.path.push_back(std::move(whole).value());
  out.body = std::move(body).value();
  out.content_type = "application/json";
  return out;
}

}  // namespace

std::string text_at(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
}

Json operator_json(std::string_view id, std::string_view name) {
  Json out = Json::object();
  return out.set("id", std::string(id)).set("name", std::string(name));
}

Result<Json> HubCalls::post(const Place& place, const char* path, const Json& body,
                            http::request::Repeat repeat) {
  auto& exchange = exchanges_[&place];
  if (exchange == nullptr) exchange = LH_TRY(Exchange::open(place.connection, tools_));
  exchange->obey(calls_);
  http::request::Values values;
  values.set("body", schemas::to_text(body));
  http::request::Sending sending;
  sending.repeat = repeat;
  const auto response = LH_TRY(exchange->run(posting(place, path), values, sending));
  auto tree = schemas::parse_json(response.body, kAnswerBytes);
  if (!tree.ok() || tree->members() == nullptr) return not_as_agreed("not a JSON object");
  return tree;
}

}  // namespace lh::adapters::hub
