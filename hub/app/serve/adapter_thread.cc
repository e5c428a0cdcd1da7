#include "hub/app/serve/adapter_thread.h"

#include "hub/app/adapter_runs.h"

namespace lh::hub::app::serve {
namespace {

constexpr std::chrono::seconds kLook(5);

}  // namespace

AdapterThread::AdapterThread(Hub& hub) : hub_(hub), thread_([this] { work(); }) {}

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
      if (wake_.wait_for(lock, kLook, [this] { return stopping_.load(); })) return;
    }
    run_due_adapters(hub_, stopping_);
  }
}

}  // namespace lh::hub::app::serve
