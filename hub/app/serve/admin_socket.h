// D/admin.sock: how a command speaks to the hub that runs on D. Owner only (mode 0600, and the
// peer's uid is checked). One request a connection: a JSON line {"operation":…,"arguments":{…}};
// answers are lines {"progress":{…}} and then one {"result":{…}} or
// {"error":{"reason":…,"detail":…}}.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "hub/app/operations/operations.h"

namespace lh::hub::app::serve {

class AdminSocket {
 public:
  static Result<std::unique_ptr<AdminSocket>> start(Hub& hub);
  ~AdminSocket();
  AdminSocket(const AdminSocket&) = delete;
  AdminSocket& operator=(const AdminSocket&) = delete;

 private:
  AdminSocket(Hub& hub, int listener) : hub_(hub), listener_(listener) {}
  void accept_loop();
  void answer(int peer);
  Hub& hub_;
  int listener_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

// nullopt: no hub is running there. Errors: what the operation answered.
Result<std::optional<schemas::Json>> ask_running_hub(const DataDir& dir, std::string_view operation,
                                                     const schemas::Json& arguments,
                                                     const operations::Progress& progress);

}  // namespace lh::hub::app::serve
