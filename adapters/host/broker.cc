#include "adapters/host/broker.h"

#include <chrono>
#include <vector>

namespace lh::adapters::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

}  // namespace

struct Broker::Waiting {
  Owner owner;
  std::string id;
  std::string task;
  std::optional<std::string> answer;
};

struct Broker::Queue {
  std::deque<std::shared_ptr<Waiting>> tasks;
  struct Host {
    Taker taker;
    steady_clock::time_point until;
  };
  std::deque<Host> hosts;
};

Broker::Broker(const BrokerLimits& limits) : limits_(limits), watcher_([this] { watch(); }) {}

Broker::~Broker() {
  stop();
  watcher_.join();
}

std::optional<Broker::Taker> Broker::next_taker(Queue& queue) {
  if (queue.hosts.empty()) return std::nullopt;
  Taker taker = std::move(queue.hosts.front().taker);
  queue.hosts.pop_front();
  return taker;
}

Result<std::string> Broker::ask(const Owner& owner,
                                const std::function<std::string(std::string_view)>& make,
                                std::int64_t ms) {
  auto waiting = std::make_shared<Waiting>();
  waiting->owner = owner;
  std::unique_lock lock(mutex_);
  Queue& queue = queues_[owner];
  if (stopped_) return Error(Reason::kSourceUnavailable, "the hub stops");
  if (queue.tasks.size() >= limits_.waiting_tasks) return Error(Reason::kSourceBusy);
  waiting->id = std::to_string(next_id_++);
  waiting->task = make(waiting->id);
  given_.emplace(waiting->id, waiting);
  if (auto taker = next_taker(queue)) {
    lock.unlock();
    (*taker)(waiting->task);
    lock.lock();
  } else {
    queue.tasks.push_back(waiting);
  }
  changed_.wait_for(lock, milliseconds(ms),
                    [&] { return waiting->answer.has_value() || stopped_; });
  given_.erase(waiting->id);
  std::erase(queues_[owner].tasks, waiting);
  if (waiting->answer) return std::move(*waiting->answer);
  return Error(Reason::kSourceUnavailable, "the adapter host " + owner.system + " did not answer");
}

void Broker::take(const Owner& owner, Taker taker) {
  std::unique_lock lock(mutex_);
  if (stopped_) {
    lock.unlock();
    return taker(std::nullopt);
  }
  Queue& queue = queues_[owner];
  if (!queue.tasks.empty()) {
    const auto waiting = queue.tasks.front();
    queue.tasks.pop_front();
    lock.unlock();
    return taker(waiting->task);
  }
  std::optional<Taker> oldest;
  if (queue.hosts.size() >= limits_.waiting_hosts) oldest = next_taker(queue);
  queue.hosts.push_back(
      {std::move(taker), steady_clock::now() + milliseconds(limits_.longest_poll_ms)});
  lock.unlock();
  if (oldest) (*oldest)(std::nullopt);
}

Status Broker::answer(const Owner& owner, const std::string& id, std::string text) {
  const std::lock_guard lock(mutex_);
  const auto found = given_.find(id);
  const bool theirs =
      found != given_.end() && found->second->owner == owner && !found->second->answer;
  if (!theirs) return Error(Reason::kAdapterState, "no such task waits for this host");
  found->second->answer = std::move(text);
  changed_.notify_all();
  return ok_status();
}

void Broker::stop() {
  std::vector<Taker> takers;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (auto& [owner, queue] : queues_) {
      while (auto taker = next_taker(queue)) takers.push_back(std::move(*taker));
    }
    changed_.notify_all();
  }
  for (const Taker& taker : takers) taker(std::nullopt);
}

void Broker::watch() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    changed_.wait_for(lock, milliseconds(500), [this] { return stopped_; });
    std::vector<Taker> takers;
    for (auto& [owner, queue] : queues_) {
      while (!queue.hosts.empty() && queue.hosts.front().until <= steady_clock::now()) {
        takers.push_back(std::move(*next_taker(queue)));
      }
    }
    lock.unlock();
    for (const Taker& taker : takers) taker(std::nullopt);
    lock.lock();
  }
}

}  // namespace lh::adapters::host
