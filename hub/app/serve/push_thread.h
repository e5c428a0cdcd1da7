// The thread that looks for pushes that are due; each adapter's are sent in a lane of its own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "hub/app/hub.h"
#include "hub/app/serve/lanes.h"

namespace lh::hub::app::serve {

class PushThread {
 public:
  explicit PushThread(Hub& hub);
  ~PushThread();  // after the attempts under way
  PushThread(const PushThread&) = delete;
  PushThread& operator=(const PushThread&) = delete;

 private:
  void work();
  void start_due();
  Hub& hub_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> stopping_{false};
  Lanes lanes_;
  std::thread thread_;
};

}  // namespace lh::hub::app::serve
