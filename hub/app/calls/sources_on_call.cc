#include "hub/app/calls/sources_on_call.h"

namespace lh::hub::app::calls {

std::shared_ptr<CallLane> SourcesOnCall::lane_of(const LiveAdapter& adapter) const {
  const std::lock_guard lock(mutex_);
  const auto lane = lanes_.find(adapter.name);
  const bool known = lane != lanes_.end() && lane->second->changed() == adapter.changed;
  return known ? lane->second : nullptr;
}

std::optional<exchange::Offer> SourcesOnCall::find(std::string_view type, IdScheme scheme) const {
  const auto view = board_.view();
  for (const auto& adapter : *view) {
    if (adapter.lookup_for(type, scheme) == nullptr) continue;
    const auto lane = lane_of(adapter);
    if (lane != nullptr && !lane->supported()) continue;
    return exchange::Offer{adapter.name, adapter.organisation, name_of_(adapter.organisation),
                           adapter.mapping->issuer_name,
                           lane == nullptr ? std::nullopt : lane->last_answer()};
  }
  return std::nullopt;
}

Result<std::shared_ptr<exchange::Line>> SourcesOnCall::reserve(const std::string& name,
                                                               std::string_view type,
                                                               IdScheme scheme) {
  const auto view = board_.view();
  const LiveAdapter* adapter = find_adapter(*view, name);
  const auto* rule = adapter == nullptr ? nullptr : adapter->lookup_for(type, scheme);
  if (rule == nullptr) return Error(Reason::kReferenceStale);
  std::shared_ptr<CallLane> lane;
  std::shared_ptr<CallLane> replaced;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return Error(Reason::kShuttingDown);
    auto& known = lanes_[name];
    if (known == nullptr || known->changed() != adapter->changed) {
      if (known != nullptr) {
        std::erase_if(retired_, [](const auto& old) { return old.use_count() == 1; });
        replaced = known;
        retired_.push_back(std::move(known));
      }
      known = std::make_shared<CallLane>(*adapter, clock_);
    }
    lane = known;
  }
  if (replaced != nullptr) replaced->stop();  // outside the lock: those who waited are answered
  return lane->reserve(*rule);
}

void SourcesOnCall::stop() {
  Lanes lanes;
  std::vector<std::shared_ptr<CallLane>> retired;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    lanes.swap(lanes_);
    retired.swap(retired_);
  }
  for (auto& [name, lane] : lanes) retired.push_back(std::move(lane));
  for (const auto& lane : retired) lane->stop();
  for (const auto& lane : retired) lane->wait_ended();
}

}  // namespace lh::hub::app::calls
