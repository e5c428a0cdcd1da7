#include "hub/app/serve/push_thread.h"

#include "base/log.h"
#include "hub/app/calls/pushes.h"

namespace lh::hub::app::serve {
namespace {

constexpr std::chrono::seconds kLook(1);
constexpr std::size_t kMostLanes = 16;

void warn(std::string_view event, const Error& error) {
  log_event(LogLevel::kWarning, event, {{"reason", error.reason()}});
}

}  // namespace

PushThread::PushThread(Hub& hub)
    : hub_(hub), lanes_(kMostLanes, [] {}), thread_([this] { work(); }) {}

PushThread::~PushThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void PushThread::work() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, kLook, [this] { return stopping_.load(); })) return;
    }
    start_due();
  }
}

void PushThread::start_due() {
  const auto due = hub_.pushes().due();
  if (!due.ok()) return warn("pushes.unreadable", due.error());
  for (const auto& adapter : *due) {
    lanes_.start(adapter, [this, adapter] {
      const Status done = hub_.pushes().deliver(adapter, stopping_);
      if (!done.ok()) warn("pushes.stopped", done.error());
    });
  }
}

}  // namespace lh::hub::app::serve
