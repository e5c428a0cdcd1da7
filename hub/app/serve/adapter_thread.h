// Looks for adapters that are due while the hub serves and gives each a lane of its own. A run that
// is under way when the hub stops ends after the row it is at: its rows are durable, the next run
// goes on after them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "hub/app/hub.h"
#include "hub/app/serve/lanes.h"

namespace lh::hub::app::serve {

class AdapterThread {
 public:
  explicit AdapterThread(Hub& hub);
  ~AdapterThread();
  AdapterThread(const AdapterThread&) = delete;
  AdapterThread& operator=(const AdapterThread&) = delete;

 private:
  void work();
  void start_due();
  Hub& hub_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false;  // a lane became free since the last look
  std::atomic<bool> stopping_ = false;
  Lanes lanes_;
  std::thread thread_;  // the last one: it uses all of the above
};

}  // namespace lh::hub::app::serve
