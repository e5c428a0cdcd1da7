// The Obtainer of a hub: its live adapters whose mapping has a lookup, a lane for each.
#pragma once

#include <map>

#include "hub/app/calls/call_lane.h"

namespace lh::hub::app::calls {

class SourcesOnCall final : public exchange::Obtainer {
 public:
  using NameOf = std::function<std::string(const Uscc&)>;
  // board and clock outlive it.
  SourcesOnCall(const Board& board, const Clock& clock, NameOf name_of)
      : board_(board), clock_(clock), name_of_(std::move(name_of)) {}
  ~SourcesOnCall() override { stop(); }
  std::optional<exchange::Offer> find(std::string_view type, IdScheme scheme) const override;
  Result<std::shared_ptr<exchange::Line>> reserve(const std::string& adapter, std::string_view type,
                                                  IdScheme scheme) override;
  void stop();  // no new calls; returns when those under way have been answered

 private:
  using Lanes = std::map<std::string, std::shared_ptr<CallLane>>;
  std::shared_ptr<CallLane> lane_of(const LiveAdapter& adapter) const;  // null: not called yet
  const Board& board_;
  const Clock& clock_;
  NameOf name_of_;
  mutable std::mutex mutex_;
  Lanes lanes_;
  std::vector<std::shared_ptr<CallLane>> retired_;  // of mappings that were replaced
  bool stopping_ = false;
};

}  // namespace lh::hub::app::calls
