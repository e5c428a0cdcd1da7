// Calls that were announced by a hub that ended before it could record their outcome: each gets the
// outcome "unknown" (house.md, law 3). Found when the hub opens, before it makes any call.
#pragma once

#include <mutex>

#include "hub/app/calls/calls.h"
#include "hub/exchange/calls/open_calls.h"

namespace lh::hub::app::calls {

class Unfinished {
 public:
  // Errors: store.corrupt.
  static Result<std::unique_ptr<Unfinished>> find(const CallParts& parts);
  // Writes what is left of it; does nothing once all is written. Errors: audit.unavailable, store.*
  // (to be tried again), ledger.*.
  Status conclude();

 private:
  explicit Unfinished(const CallParts& parts) : parts_(parts) {}
  Status conclude(const exchange::OpenCall& call);
  CallParts parts_;
  std::mutex mutex_;
  std::vector<exchange::OpenCall> left_;
};

}  // namespace lh::hub::app::calls
