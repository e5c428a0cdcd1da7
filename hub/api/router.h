// The table of routes: method, pattern, where it is offered, how large a body may be. One place
// says what exists; docs/openapi.yaml is held against it by a test. A path that matches nothing is
// refused.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hub/api/message.h"
#include "hub/api/outcome.h"

namespace lh::hub::api {

enum class Offered : std::uint8_t { kDepartments, kPublic, kBoth };

// A request on its way through a route. Shared, because an Outcome goes on after the call returned.
struct Call {
  Request request;
  std::string route;                // "POST /v1/cases"
  std::vector<std::string> params;  // values of {…} in the pattern, in order; {rest} takes slashes
};
using CallPtr = std::shared_ptr<const Call>;

struct Route {
  Method method = Method::kGet;
  std::string pattern;  // "/v1/cases/{case_id}", "/log/tile/{rest}"
  Offered offered = Offered::kDepartments;
  std::size_t body_limit = 0;
  std::function<Outcome(CallPtr)> run;
};

std::string_view method_text(Method m);

class Router {
 public:
  void add(Route route);
  struct Match {
    const Route* route = nullptr;
    std::vector<std::string> params;
    Reason reason = Reason::kRouteUnknown;  // when route is null: unknown or wrong method
  };
  Match match(Listener listener, Method method, std::string_view path) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace lh::hub::api
