// Runs the adapters that are due while the hub serves. A run that is under way when the hub stops
// is finished first: its rows are durable in any case, the next run goes on after them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "hub/app/hub.h"

namespace lh::hub::app::serve {

class AdapterThread {
 public:
  explicit AdapterThread(Hub& hub);
  ~AdapterThread();
  AdapterThread(const AdapterThread&) = delete;
  AdapterThread& operator=(const AdapterThread&) = delete;

 private:
  void work();
  Hub& hub_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;  // the last one: it uses all of the above
};

}  // namespace lh::hub::app::serve
