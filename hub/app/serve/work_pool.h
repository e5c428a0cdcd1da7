// A small pool for work that burns CPU (collecting, status lists). Bounded: a full queue refuses.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"

namespace lh::hub::app::serve {

class WorkPool {
 public:
  WorkPool(int threads, std::size_t max_waiting);
  ~WorkPool();  // finishes what was taken
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;
  Status run(std::function<void()> job);  // ledger.busy when max_waiting jobs wait

 private:
  void work();
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  std::size_t max_waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace lh::hub::app::serve
