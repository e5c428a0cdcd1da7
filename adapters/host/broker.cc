#include "adapters/host/broker.h"

#include <algorithm>
#include <chrono>

#include "base/bytes.h"

namespace lh::adapters::host {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr steady_clock::time_point kNever = steady_clock::time_point::max();
constexpr milliseconds kLook(500);

}  // namespace

struct Broker::Waiting {
  Owner owner;
  std::string id;
  std::string task;
  std::optional<std::string> answer;
  std::string instance;                       // that it was given to; empty: not, or a silent one
  steady_clock::time_point lost_at = kNever;  // without a sign of that instance
};

struct Broker::Poll {
  std::string instance;
  Taker taker;
  steady_clock::time_point until;
};

struct Broker::Queue {
  std::deque<std::shared_ptr<Waiting>> tasks;
  std::deque<Poll> polls;
};

Broker::Broker(Random& random, const BrokerLimits& limits)
    : limits_(limits), epoch_(to_hex(view(random.array<16>()))), watcher_([this] { watch(); }) {}

Broker::~Broker() {
  stop();
  watcher_.join();
}

std::optional<Broker::Poll> Broker::next_poll(Queue& queue) {
  if (queue.polls.empty()) return std::nullopt;
  Poll poll = std::move(queue.polls.front());
  queue.polls.pop_front();
  return poll;
}

void Broker::give(Waiting& task, const std::string& instance) const {
  task.instance = instance;
  if (!instance.empty()) task.lost_at = steady_clock::now() + milliseconds(limits_.receipt_ms);
}

// Tasks that are lost wait again, before those that came later.
void Broker::call_back(const std::function<bool(const Waiting&)>& lost) {
  for (auto& [id, task] : given_) {
    if (task->instance.empty() || task->answer || !lost(*task)) continue;
    task->instance.clear();
    task->lost_at = kNever;
    queues_[task->owner].tasks.push_front(task);
  }
}

// What waits meets who waits; to be called when the lock is no longer held.
std::vector<std::function<void()>> Broker::hand_out() {
  std::vector<std::function<void()>> out;
  for (auto& [owner, queue] : queues_) {
    while (!queue.tasks.empty() && !queue.polls.empty()) {
      const auto task = queue.tasks.front();
      queue.tasks.pop_front();
      auto poll = next_poll(queue);
      give(*task, poll->instance);
      out.push_back([taker = std::move(poll->taker), text = task->task] { taker(text); });
    }
  }
  return out;
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
  waiting->id = epoch_ + "-" + std::to_string(next_id_++);
  waiting->task = make(waiting->id);
  given_.emplace(waiting->id, waiting);
  queue.tasks.push_back(waiting);
  const auto met = hand_out();
  lock.unlock();
  for (const auto& one : met) one();
  lock.lock();
  changed_.wait_for(lock, milliseconds(ms),
                    [&] { return waiting->answer.has_value() || stopped_; });
  given_.erase(waiting->id);
  std::erase(queues_[owner].tasks, waiting);
  if (waiting->answer) return std::move(*waiting->answer);
  return Error(Reason::kSourceUnavailable, "the adapter host " + owner.system + " did not answer");
}

void Broker::take(const Host& host, Taker taker) {
  std::unique_lock lock(mutex_);
  if (stopped_) {
    lock.unlock();
    return taker(std::nullopt);
  }
  Queue& queue = queues_[host.owner];
  std::vector<Taker> sent_away;
  if (!host.instance.empty()) {
    call_back([&host](const Waiting& task) {
      return task.instance == host.instance && task.owner == host.owner;
    });
    // The connection it asked on before is gone.
    const auto older = [&host](const Poll& poll) { return poll.instance == host.instance; };
    for (Poll& poll : queue.polls) {
      if (older(poll)) sent_away.push_back(std::move(poll.taker));
    }
    std::erase_if(queue.polls, older);
  }
  if (queue.polls.size() >= limits_.waiting_hosts) {
    if (auto oldest = next_poll(queue)) sent_away.push_back(std::move(oldest->taker));
  }
  const auto until = steady_clock::now() + milliseconds(limits_.longest_poll_ms);
  queue.polls.push_back({host.instance, std::move(taker), until});
  const auto met = hand_out();
  lock.unlock();
  for (const auto& one : met) one();
  for (const Taker& other : sent_away) other(std::nullopt);
}

Status Broker::at_work(const Host& host, const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = given_.find(id);
  const bool theirs = found != given_.end() && found->second->owner == host.owner &&
                      found->second->instance == host.instance && !found->second->answer &&
                      !host.instance.empty();
  if (!theirs) return Error(Reason::kAdapterState, "no such task waits for this host");
  found->second->lost_at = steady_clock::now() + milliseconds(limits_.silence_ms);
  return ok_status();
}

Status Broker::answer(const Owner& owner, const std::string& id, std::string text) {
  const std::lock_guard lock(mutex_);
  const auto found = given_.find(id);
  const bool theirs =
      found != given_.end() && found->second->owner == owner && !found->second->answer;
  if (!theirs) return Error(Reason::kAdapterState, "no such task waits for this host");
  found->second->answer = std::move(text);
  std::erase(queues_[owner].tasks, found->second);  // it was taken for lost
  changed_.notify_all();
  return ok_status();
}

void Broker::stop() {
  std::vector<Taker> takers;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (auto& [owner, queue] : queues_) {
      while (auto poll = next_poll(queue)) takers.push_back(std::move(poll->taker));
    }
    changed_.notify_all();
  }
  for (const Taker& taker : takers) taker(std::nullopt);
}

void Broker::watch() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    changed_.wait_for(lock, kLook, [this] { return stopped_; });
    const auto now = steady_clock::now();
    std::vector<Taker> takers;
    for (auto& [owner, queue] : queues_) {
      while (!queue.polls.empty() && queue.polls.front().until <= now) {
        takers.push_back(std::move(next_poll(queue)->taker));
      }
    }
    call_back([now](const Waiting& task) { return task.lost_at <= now; });
    const auto met = hand_out();
    lock.unlock();
    for (const auto& one : met) one();
    for (const Taker& taker : takers) taker(std::nullopt);
    lock.lock();
  }
}

}  // namespace lh::adapters::host
