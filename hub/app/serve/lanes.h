// A lane for each source: two sources never wait for each other, and one lane does one job at a
// time. A lane has a thread only while it works; at most `most` work at once, so that sources that
// hang cannot take all threads of the process.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace lh::hub::app::serve {

class Lanes {
 public:
  // idle: called on the thread of a lane when its job has ended.
  Lanes(std::size_t most, std::function<void()> idle) : most_(most), idle_(std::move(idle)) {}
  ~Lanes();  // waits for the jobs under way
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  enum class Started : std::uint8_t { kYes, kLaneBusy, kAllBusy };
  Started start(const std::string& lane, std::function<void()> job);
  std::size_t working() const;

 private:
  struct Lane {
    std::thread thread;
    bool done = false;
  };
  void set_done(const std::string& name);
  void reap();  // with the lock held: joins the threads that are done
  mutable std::mutex mutex_;
  std::size_t most_;
  std::function<void()> idle_;
  std::map<std::string, Lane> lanes_;
};

}  // namespace lh::hub::app::serve
