// Where tasks for adapter hosts wait until their host comes for them: hosts dial out only, so the
// hub never calls one. In memory; a hub that ends forgets what waits, and whoever waited for it.
// Its ids are of this broker only: an answer from before a restart fits no task of now. A task is
// not lost with the connection it was given to: a host that says who it is says that it is at work,
// and one that falls silent, or comes for work again, has lost what it was given.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "base/result.h"

namespace lh::adapters::host {

// Whose certificate may serve: one system of one organisation.
struct Owner {
  std::string organisation;
  std::string system;
  auto operator<=>(const Owner&) const = default;
};

// One running host of an owner, by the name it gave itself; an empty one says nothing of itself,
// and what it is given stays with it.
struct Host {
  Owner owner;
  std::string instance{};
};

struct BrokerLimits {
  std::size_t waiting_tasks = 64;  // of one owner; more: source.busy
  std::size_t waiting_hosts = 4;   // of one owner; another sends the oldest away
  std::int64_t longest_poll_ms = 20000;
  std::int64_t receipt_ms = 2000;  // a task given to a host that does not say it has it, …
  std::int64_t silence_ms = 6000;  // … or no more that it works on it, is given to the next
};

// Threads: any.
class Broker {
 public:
  explicit Broker(Random& random, const BrokerLimits& limits = {});
  ~Broker();
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  // Asks the owner's host and waits. make: the task's text with the id it was given. Errors:
  // source.busy, source.unavailable (no host came, or none answered, within `ms`; the hub stops).
  Result<std::string> ask(const Owner& owner,
                          const std::function<std::string(std::string_view)>& make,
                          std::int64_t ms);

  // A task, as soon as there is one; nothing after longest_poll_ms, or when the hub stops. Called
  // exactly once, on any thread, perhaps before this returns. Tasks that this host has already are
  // lost, and given again first: a host works on one at a time.
  using Taker = std::function<void(std::optional<std::string>)>;
  void take(const Host& host, Taker taker);
  // The host has the task and works on it. Errors: as answer; then it need not go on.
  Status at_work(const Host& host, const std::string& id);
  // Errors: adapter.state (the owner was not given this task, or its time is over).
  Status answer(const Owner& owner, const std::string& id, std::string text);
  // Sends all waiting hosts away and takes no more.
  void stop();

 private:
  struct Waiting;
  struct Queue;
  struct Poll;
  void watch();
  static std::optional<Poll> next_poll(Queue& queue);
  void give(Waiting& task, const std::string& instance) const;
  void call_back(const std::function<bool(const Waiting&)>& lost);
  std::vector<std::function<void()>> hand_out();
  const BrokerLimits limits_;
  const std::string epoch_;
  std::mutex mutex_;
  std::condition_variable changed_;  // an answer came, or the end
  std::map<Owner, Queue> queues_;
  std::map<std::string, std::shared_ptr<Waiting>> given_;  // by id: answers are waited for
  std::uint64_t next_id_ = 1;
  bool stopped_ = false;
  std::thread watcher_;  // sends hosts away that waited long enough
};

}  // namespace lh::adapters::host
