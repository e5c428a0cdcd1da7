#include "hub/app/serve/lanes.h"

#include <algorithm>

namespace lh::hub::app::serve {

Lanes::~Lanes() {
  std::map<std::string, Lane> lanes;
  {
    const std::lock_guard lock(mutex_);
    most_ = 0;
    lanes.swap(lanes_);
  }
  for (auto& [name, lane] : lanes) lane.thread.join();
}

void Lanes::reap() {
  for (auto it = lanes_.begin(); it != lanes_.end();) {
    if (!it->second.done) {
      ++it;
      continue;
    }
    it->second.thread.join();  // nothing is left for it but to say that it is idle
    it = lanes_.erase(it);
  }
}

void Lanes::set_done(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto lane = lanes_.find(name);
  if (lane != lanes_.end()) lane->second.done = true;  // else: the destructor waits for it
}

Lanes::Started Lanes::start(const std::string& name, std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  reap();
  if (lanes_.contains(name)) return Started::kLaneBusy;
  if (lanes_.size() >= most_) return Started::kAllBusy;
  Lane& lane = lanes_[name];
  lane.thread = std::thread([this, name, work = std::move(job)] {
    work();
    set_done(name);
    idle_();
  });
  return Started::kYes;
}

std::size_t Lanes::working() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::count_if(lanes_.begin(), lanes_.end(), [](const auto& l) { return !l.second.done; }));
}

}  // namespace lh::hub::app::serve
