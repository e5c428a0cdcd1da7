#include "hub/api/router.h"

#include <optional>

namespace lh::hub::api {
namespace {

bool offered_on(Offered offered, Listener listener) {
  if (offered == Offered::kBoth) return true;
  return (offered == Offered::kPublic) == (listener == Listener::kPublic);
}

// HEAD is answered by the GET route; the edge leaves the body out.
bool method_fits(Method route, Method asked) {
  return route == asked || (route == Method::kGet && asked == Method::kHead);
}

std::optional<std::vector<std::string>> match_pattern(std::string_view pattern,
                                                      std::string_view path) {
  std::vector<std::string> params;
  while (!pattern.empty()) {
    if (pattern == "{rest}") {
      if (path.empty()) return std::nullopt;
      params.emplace_back(path);
      return params;
    }
    if (pattern.front() == '{') {
      const auto end = std::min(path.find('/'), path.size());
      if (end == 0) return std::nullopt;
      params.emplace_back(path.substr(0, end));
      path.remove_prefix(end);
      pattern.remove_prefix(pattern.find('}') + 1);
      continue;
    }
    if (path.empty() || path.front() != pattern.front()) return std::nullopt;
    path.remove_prefix(1);
    pattern.remove_prefix(1);
  }
  if (!path.empty()) return std::nullopt;
  return params;
}

}  // namespace

std::string_view method_text(Method m) {
  switch (m) {
    case Method::kGet:
      return "GET";
    case Method::kHead:
      return "HEAD";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kDelete:
      return "DELETE";
    case Method::kOther:
      break;
  }
  return "OTHER";
}

void Router::add(Route route) {
  routes_.push_back(std::move(route));
}

Router::Match Router::match(Listener listener, Method method, std::string_view path) const {
  Match found;
  for (const Route& route : routes_) {
    if (!offered_on(route.offered, listener)) continue;
    auto params = match_pattern(route.pattern, path);
    if (!params) continue;
    if (method_fits(route.method, method)) {
      found.route = &route;
      found.params = std::move(*params);
      return found;
    }
    found.reason = Reason::kMethodNotAllowed;
  }
  return found;
}

}  // namespace lh::hub::api
