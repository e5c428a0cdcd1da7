// Outcome: what a route wants to happen next. Routes stay pure: no socket, no waiting.
#pragma once

#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "base/permit.h"
#include "hub/api/message.h"
#include "hub/ledger/change.h"

namespace lh::hub::api {

class Outcome;

struct Reply {
  Response response;
};
// Commit the change; next runs with the Recorded of each entry (or the error) and gives an Outcome.
struct Commit {
  ledger::Change change;
  std::function<Outcome(Result<std::vector<Recorded>>)> next;
};
// Work that burns CPU or waits: runs on a pool, gives an Outcome.
struct Offload {
  std::function<Outcome()> job;
};

// Somebody else will go on with it: `start` returns at once, and what it was given is called
// exactly once with the Outcome, on any thread.
struct Await {
  std::function<void(std::function<void(Outcome)>)> start;
};

// Several at once: each is carried to a Response of its own, with its own entries; `next` runs once
// with all of them, in order.
struct All {
  std::vector<Outcome> parts;
  std::function<Outcome(std::vector<Response>)> next;
};

class Outcome {
 public:
  Outcome(Reply r) : v_(std::move(r)) {}            // NOLINT: implicit by design
  Outcome(Commit c) : v_(std::move(c)) {}           // NOLINT
  Outcome(Offload o) : v_(std::move(o)) {}          // NOLINT
  Outcome(Await a) : v_(std::move(a)) {}            // NOLINT
  Outcome(All a) : v_(std::move(a)) {}              // NOLINT
  Outcome(Response r) : v_(Reply{std::move(r)}) {}  // NOLINT
  std::variant<Reply, Commit, Offload, Await, All>& get() { return v_; }

 private:
  std::variant<Reply, Commit, Offload, Await, All> v_;
};

}  // namespace lh::hub::api
