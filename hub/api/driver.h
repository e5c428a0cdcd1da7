// The driver: finds the route, runs it, and carries its Outcome on — to the ledger, to the pool,
// back as a Response. It is what the edge calls. Threads: handle() on any loop; continuations on
// the committer hand over at once.
#pragma once

#include <functional>
#include <string_view>

#include "hub/api/message.h"
#include "hub/api/outcome.h"
#include "hub/api/procedure.h"
#include "hub/api/router.h"

namespace lh::hub::api {

using Submit =
    std::function<void(ledger::Change, std::function<void(Result<std::vector<Recorded>>)>)>;
using RunOnPool =
    std::function<Status(std::function<void()>)>;  // ledger.busy when the pool is full
using Observe = std::function<void(std::string_view route, int status, std::int64_t microseconds)>;

struct DriverParts {
  Submit submit;
  RunOnPool pool;
  Observe observe;
};

class Driver final : public Handler {
 public:
  Driver(const Router& router, const Procedure& procedure, DriverParts parts, const Clock& clock)
      : router_(router),
        procedure_(procedure),
        submit_(std::move(parts.submit)),
        pool_(std::move(parts.pool)),
        observe_(std::move(parts.observe)),
        clock_(clock) {}
  void handle(Request request, Responder respond) override;
  std::size_t body_limit(Method method, std::string_view path) const override;
  Response refuse(Reason reason, std::string_view accept_language) override;

 private:
  struct Flight;
  struct Gathering;
  void carry(Outcome outcome, const std::shared_ptr<Flight>& flight);
  void carry_all(All all, const std::shared_ptr<Flight>& flight);
  void land(Response response, const Flight& flight);
  const Router& router_;
  const Procedure& procedure_;
  Submit submit_;
  RunOnPool pool_;
  Observe observe_;
  const Clock& clock_;
};

}  // namespace lh::hub::api
