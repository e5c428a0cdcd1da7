#include "adapters/http/request/operation.h"

#include <algorithm>

namespace lh::adapters::http::request {
namespace {

constexpr std::string_view kSecretPrefix = "secret.";
// Fields that are ours to write, and those that would hold a secret in a mapping.
constexpr std::string_view kOwnFields[] = {"host",
                                           "content-length",
                                           "transfer-encoding",
                                           "connection",
                                           "accept-encoding",
                                           "upgrade",
                                           "authorization",
                                           "proxy-authorization",
                                           "content-type",
                                           "expect",
                                           "te",
                                           "trailer",
                                           "cookie",
                                           "if-none-match",
                                           "if-modified-since"};

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

bool is_field_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

Status check_header(const SettingsReader& in, const std::string& name, const std::string& value) {
  const bool own = std::find(std::begin(kOwnFields), std::end(kOwnFields), lowered(name)) !=
                   std::end(kOwnFields);
  if (own) return in.invalid("headers: " + lowered(name) + " is not for a mapping to set");
  const bool visible =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (!is_field_name(name) || !visible) return in.invalid("headers: visible ASCII only");
  return {};
}

Result<Template> read_template(const SettingsReader& in, const std::string& text, Place place,
                               const std::vector<std::string_view>& names) {
  auto made = Template::parse(text, place, names);
  if (!made.ok()) return in.invalid(made.error().detail());
  return made;
}

Result<std::vector<std::pair<std::string, Template>>> read_pairs(
    SettingsReader& in, std::string_view key, const std::vector<std::string_view>& names) {
  std::vector<std::pair<std::string, Template>> out;
  for (const auto& [name, text] : LH_TRY(in.pairs(key))) {
    out.emplace_back(name, LH_TRY(read_template(in, text, Place::kQuery, names)));
  }
  return out;
}

std::optional<Place> body_place(const std::string& content_type) {
  if (content_type.find("json") != std::string::npos) return Place::kJson;
  if (content_type.find("xml") != std::string::npos) return Place::kXml;
  return std::nullopt;
}

Status read_body(SettingsReader& in, Operation& out, const std::vector<std::string_view>& names) {
  out.form = LH_TRY(read_pairs(in, "form", names));
  const std::string body = LH_TRY(in.text("body"));
  out.content_type = LH_TRY(in.text("content_type"));
  if (!out.form.empty()) {
    if (!body.empty() || !out.content_type.empty()) return in.invalid("form or body, not both");
    out.content_type = "application/x-www-form-urlencoded";
  } else if (!body.empty()) {
    if (out.content_type.empty()) out.content_type = "application/json";
    const auto place = body_place(out.content_type);
    if (!place) return in.invalid("content_type: of JSON or XML; other bodies are forms");
    out.body = LH_TRY(read_template(in, body, *place, names));
  }
  const bool has_body = out.body.has_value() || !out.form.empty();
  if (has_body && out.method == "GET") return in.invalid("method: a GET has no body");
  return {};
}

// Adds name=value pairs; a pair of places that are all empty is left out.
Status append_pairs(const std::vector<std::pair<std::string, Template>>& pairs,
                    const Values& values, char joint, std::string& out) {
  for (const auto& [name, text] : pairs) {
    if (text.renders_nothing(values)) continue;
    if (joint != 0) out.push_back(joint);
    out.append(percent_encoded(name)).append("=").append(LH_TRY(text.render(values)));
    joint = '&';
  }
  return {};
}

Result<std::pair<std::string, std::string>> render(const Operation& operation,
                                                   const Values& values) {
  std::string path = LH_TRY(operation.path[0].render(values));
  LH_TRY(append_pairs(operation.query, values, '?', path));
  std::string body;
  if (operation.body) body = LH_TRY(operation.body->render(values));
  LH_TRY(append_pairs(operation.form, values, 0, body));
  return std::pair(std::move(path), std::move(body));
}

std::vector<std::string> names_of(const Operation& operation, std::string_view prefix) {
  std::vector<std::string> out;
  const auto collect = [&out, prefix](const Template& text) {
    for (std::string& name : text.names_with(prefix)) {
      if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
    }
  };
  collect(operation.path[0]);
  for (const auto& [name, text] : operation.query) collect(text);
  for (const auto& [name, text] : operation.form) collect(text);
  if (operation.body) collect(*operation.body);
  return out;
}

}  // namespace

bool Operation::uses(std::string_view name) const {
  const auto in_pairs = [name](const auto& pairs) {
    return std::any_of(pairs.begin(), pairs.end(),
                       [name](const auto& p) { return p.second.uses(name); });
  };
  return path[0].uses(name) || in_pairs(query) || in_pairs(form) || (body && body->uses(name));
}

bool Operation::names_any(std::string_view prefix) const {
  return !names_of(*this, prefix).empty();
}

Result<Operation> read_operation(SettingsReader& in, const Connection& connection,
                                 std::vector<std::string_view> names) {
  Operation out;
  names.push_back(kSecretPrefix);
  out.method = LH_TRY(in.choice("method", {"GET", "POST", "PUT"}));
  std::string path = LH_TRY(in.text("path"));
  if (path.empty() && connection.base_path.empty()) path = "/";
  if (!path.empty() && path[0] != '/') return in.invalid("path begins with /");
  const std::string whole = connection.base_path + path;
  out.path.push_back(LH_TRY(read_template(in, whole, Place::kPath, names)));
  if (!out.path[0].has_places() && !out.path[0].render({}).ok()) {
    return in.invalid("path is visible ASCII without ?, #, . and .. segments");
  }
  out.query = LH_TRY(read_pairs(in, "query", names));
  out.headers = LH_TRY(in.pairs("headers"));
  for (const auto& [name, value] : out.headers) LH_TRY(check_header(in, name, value));
  LH_TRY(read_body(in, out, names));
  return out;
}

Result<Repeat> read_repeat(SettingsReader& in, const Operation& operation) {
  const Flag otherwise = operation.method == "GET" ? Flag::kYes : Flag::kNo;
  return LH_TRY(in.flag("repeat", otherwise)) == Flag::kYes ? Repeat::kSafe : Repeat::kNever;
}

Result<transport::Call> make_call(const Operation& operation, const Values& values,
                                  const Secrets& secrets, std::vector<Secret>& used) {
  const auto names = names_of(operation, kSecretPrefix);
  Values whole = values;
  Values shown = values;
  for (const std::string& name : names) {
    Secret secret = LH_TRY(secrets.find(std::string_view(name).substr(kSecretPrefix.size())));
    whole.set(name, std::string(secret.bytes()));
    shown.set(name, "***");
    used.push_back(std::move(secret));
  }
  transport::Call call;
  call.request.method = operation.method;
  call.request.headers = operation.headers;
  call.request.content_type = operation.content_type;
  auto [path, body] = LH_TRY(render(operation, whole));
  call.request.path = std::move(path);
  call.request.body = std::move(body);
  auto [shown_path, shown_body] = LH_TRY(render(operation, shown));
  call.shown_path = std::move(shown_path);
  call.shown_body = std::move(shown_body);
  return call;
}

}  // namespace lh::adapters::http::request
