#include "hub/api/driver.h"

#include "base/limits.h"

namespace lh::hub::api {

struct Driver::Flight {
  std::shared_ptr<Call> call;
  Responder respond;
  std::int64_t started_us = 0;
};

void Driver::handle(Request request, Responder respond) {
  auto flight = std::make_shared<Flight>();
  flight->respond = std::move(respond);
  flight->started_us = clock_.monotonic_us();
  flight->call = std::make_shared<Call>();
  Call& call = *flight->call;
  auto match = router_.match(request.listener, request.method, request.path);
  call.request = std::move(request);
  if (match.route == nullptr) {
    call.route = "unknown";
    land(procedure_.refuse_anonymous(Error(match.reason), call), *flight);
    return;
  }
  call.params = std::move(match.params);
  call.route = std::string(method_text(match.route->method)) + " " + match.route->pattern;
  carry(match.route->run(flight->call), flight);
}

void Driver::carry(Outcome outcome, const std::shared_ptr<Flight>& flight) {
  auto& what = outcome.get();
  if (auto* reply = std::get_if<Reply>(&what)) {
    land(std::move(reply->response), *flight);
    return;
  }
  if (auto* commit = std::get_if<Commit>(&what)) {
    submit_(std::move(commit->change),
            [this, flight, next = std::move(commit->next)](Result<std::vector<Recorded>> recorded) {
              carry(next(std::move(recorded)), flight);
            });
    return;
  }
  if (auto* await = std::get_if<Await>(&what)) {
    const auto start = std::move(await->start);
    start([this, flight](Outcome next) { carry(std::move(next), flight); });
    return;
  }
  auto job = std::move(std::get<Offload>(what).job);
  const Status taken = pool_([this, flight, job = std::move(job)] { carry(job(), flight); });
  if (!taken.ok()) {
    land(problem(taken.error(), language_of(flight->call->request.accept_language)), *flight);
  }
}

void Driver::land(Response response, const Flight& flight) {
  observe_(flight.call->route, response.status, clock_.monotonic_us() - flight.started_us);
  flight.respond(std::move(response));
}

std::size_t Driver::body_limit(Method method, std::string_view path) const {
  std::size_t limit = 0;
  for (const Listener listener : {Listener::kDepartments, Listener::kPublic}) {
    const auto match = router_.match(listener, method, path);
    if (match.route != nullptr) limit = std::max(limit, match.route->body_limit);
  }
  return limit;
}

Response Driver::refuse(Reason reason, std::string_view accept_language) {
  Call call;
  call.request.accept_language = std::string(accept_language);
  return procedure_.refuse_anonymous(Error(reason), call);
}

}  // namespace lh::hub::api
