#include <gtest/gtest.h>

#include <thread>

#include "hub/edge/metrics.h"

namespace lh::hub::edge {
namespace {

bool has(const std::string& text, const std::string& line) {
  return text.find(line + "\n") != std::string::npos;
}

TEST(EdgeMetrics, CountsByRegisteredRouteAndKnownStatus) {
  Metrics m;
  m.register_route("POST /v1/fetch");
  m.register_route("POST /v1/fetch");
  m.count_request("POST /v1/fetch", 200, 120);
  m.count_request("POST /v1/fetch", 200, 99'999'999);
  m.count_request("POST /v1/fetch", 418, 5);
  const std::string t = m.text();
  EXPECT_TRUE(has(t, "licencehub_requests_total{route=\"POST /v1/fetch\",status=\"200\"} 2"));
  EXPECT_TRUE(has(t, "licencehub_requests_total{route=\"POST /v1/fetch\",status=\"other\"} 1"));
  EXPECT_TRUE(has(t, "licencehub_request_seconds_count{route=\"POST /v1/fetch\"} 3"));
  EXPECT_TRUE(
      has(t, "licencehub_request_seconds_bucket{route=\"POST /v1/fetch\",le=\"0.00025\"} 2"));
  EXPECT_TRUE(has(t, "licencehub_request_seconds_bucket{route=\"POST /v1/fetch\",le=\"+Inf\"} 3"));
}

// A label made of what callers send would grow without end.
TEST(EdgeMetrics, UnknownRoutesFallTogether) {
  Metrics m;
  for (int i = 0; i < 1000; ++i) m.count_request("/probe/" + std::to_string(i), 404, 1);
  const std::string t = m.text();
  EXPECT_TRUE(has(t, "licencehub_requests_total{route=\"other\",status=\"404\"} 1000"));
  EXPECT_EQ(t.find("probe"), std::string::npos);
}

TEST(EdgeMetrics, RefusalsConnectionsAndGauges) {
  Metrics m;
  m.count_refusal(Reason::kHttpFraming);
  m.connection_opened();
  m.connection_opened();
  m.connection_closed();
  m.set_gauge("ledger_size", 7);
  m.set_gauge("ledger_size", 9);
  const std::string t = m.text();
  EXPECT_TRUE(has(t, "licencehub_refusals_total{reason=\"http.framing\"} 1"));
  EXPECT_TRUE(has(t, "licencehub_connections 1"));
  EXPECT_TRUE(has(t, "licencehub_connections_total 2"));
  EXPECT_TRUE(has(t, "licencehub_ledger_size 9"));
}

TEST(EdgeMetrics, NothingIsLostBetweenThreads) {
  Metrics m;
  m.register_route("r");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&m] {
      for (int i = 0; i < 5000; ++i) m.count_request("r", 200, 10);
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_TRUE(has(m.text(), "licencehub_requests_total{route=\"r\",status=\"200\"} 20000"));
}

}  // namespace
}  // namespace lh::hub::edge
