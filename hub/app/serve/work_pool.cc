#include "hub/app/serve/work_pool.h"

namespace lh::hub::app::serve {

WorkPool::WorkPool(int threads, std::size_t max_waiting) : max_waiting_(max_waiting) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkPool::~WorkPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

Status WorkPool::run(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Error(Reason::kShuttingDown);
    if (jobs_.size() >= max_waiting_) return Error(Reason::kLedgerBusy, "work pool");
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return ok_status();
}

void WorkPool::work() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace lh::hub::app::serve
