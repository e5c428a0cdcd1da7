#include "hub/api/driver.h"

#include <mutex>

#include "base/limits.h"

namespace lh::hub::api {

struct Driver::Flight {
  std::shared_ptr<Call> call;
  Responder respond;
  std::int64_t started_us = 0;
  Responder part_of;  // of a part: takes its response instead of the client
};

// The parts of an All on their way. Whoever brings the last one goes on.
struct Driver::Gathering {
  std::mutex mutex;
  std::vector<Response> responses;
  std::size_t left = 0;
  std::function<Outcome(std::vector<Response>)> next;
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
  if (auto* all = std::get_if<All>(&what)) {
    carry_all(std::move(*all), flight);
    return;
  }
  auto job = std::move(std::get<Offload>(what).job);
  const Status taken = pool_([this, flight, job = std::move(job)] { carry(job(), flight); });
  if (!taken.ok()) {
    land(problem(taken.error(), language_of(flight->call->request.accept_language)), *flight);
  }
}

void Driver::carry_all(All all, const std::shared_ptr<Flight>& flight) {
  const auto gathering = std::make_shared<Gathering>();
  gathering->responses.resize(all.parts.size());
  gathering->left = all.parts.size();
  gathering->next = std::move(all.next);
  if (all.parts.empty()) {
    carry(gathering->next({}), flight);
    return;
  }
  for (std::size_t i = 0; i < all.parts.size(); ++i) {
    const auto part = std::make_shared<Flight>();
    part->call = flight->call;
    part->part_of = [this, flight, gathering, i](Response response) {
      bool last = false;
      {
        const std::lock_guard lock(gathering->mutex);
        gathering->responses[i] = std::move(response);
        last = --gathering->left == 0;
      }
      if (last) carry(gathering->next(std::move(gathering->responses)), flight);
    };
    carry(std::move(all.parts[i]), part);
  }
}

void Driver::land(Response response, const Flight& flight) {
  if (flight.part_of) {
    flight.part_of(std::move(response));
    return;
  }
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
