// A hub with its listeners, pool, timers and admin socket: what `serve` and `demo` run.
#pragma once

#include <memory>

#include "hub/api/message.h"
#include "hub/app/hub.h"

namespace lh::hub::app::serve {

class Service {
 public:
  static Result<std::unique_ptr<Service>> start(Hub& hub);
  ~Service();  // stops accepting, finishes what is under way, records hub.stopped
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  std::uint16_t port(api::Listener listener) const;

 private:
  struct Parts;
  explicit Service(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace lh::hub::app::serve
