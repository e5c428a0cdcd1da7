// Counters and histograms with bounded labels, served as Prometheus text at /metrics.
// Never: personal data, case numbers or identifiers in a label. Threads: any; cost: ~50 ns.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace lh::hub::edge {

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  // Before serving, once a pattern (at most 96); what is not registered is counted as "other".
  void register_route(std::string_view route);
  // route is one of the fixed route patterns, never the path. Counted by whoever routes: the edge
  // knows only paths. Refusals before routing are counted by the edge.
  void count_request(std::string_view route, int status, std::int64_t microseconds);
  void count_refusal(Reason reason);
  void connection_opened();
  void connection_closed();
  void set_gauge(std::string_view name, double value);  // "ledger_size", "store_bytes", …
  std::string text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lh::hub::edge
