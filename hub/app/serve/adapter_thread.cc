#include "hub/app/serve/adapter_thread.h"

#include "base/log.h"
#include "hub/app/runs/adapter_runs.h"

namespace lh::hub::app::serve {
namespace {

constexpr std::chrono::seconds kLook(5);
constexpr std::chrono::milliseconds kBreath(200);  // between two looks in any case
constexpr std::size_t kMostLanes = 16;

}  // namespace

AdapterThread::AdapterThread(Hub& hub)
    : hub_(hub),
      lanes_(kMostLanes,
             [this] {
               const std::lock_guard lock(mutex_);
               ended_ = true;
               wake_.notify_all();
             }),
      thread_([this] { work(); }) {}

AdapterThread::~AdapterThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void AdapterThread::work() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, kBreath, [this] { return stopping_.load(); })) return;
      wake_.wait_for(lock, kLook, [this] { return stopping_ || ended_; });
      if (stopping_) return;
      ended_ = false;
    }
    // A run that cannot be kept would be due again at once, and its source asked for nothing.
    if (hub_.ledger().state().writable) start_due();
  }
}

void AdapterThread::start_due() {
  auto due = due_tasks(hub_);
  if (!due.ok()) {
    log_event(LogLevel::kError, "adapters.unreadable", {{"reason", due.error().reason()}});
    return;
  }
  for (auto& task : *due) {
    const std::string lane = task.adapter.name;
    lanes_.start(lane, [this, task = std::move(task)] { perform_task(hub_, task, stopping_); });
  }
}

}  // namespace lh::hub::app::serve
