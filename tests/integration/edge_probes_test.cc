// Every line of tests/hostile/http: one answer, the right one, and then the end.
#include <gtest/gtest.h>

#include "tests/integration/edge_fixture.h"
#include "tests/kits/http_probes.h"

namespace lh::hub::edge::testing {
namespace {

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string_view::npos; ++at) ++n;
  return n;
}

int status_of_id(const std::string& id) {
  for (const ReasonInfo& r : all_reasons()) {
    if (r.id == id) return r.http_status;
  }
  return 0;
}

TEST(EdgeProbes, EachIsRefusedOnceAndNeverReachesTheHandler) {
  Edge edge;
  const auto probes = kits::load_http_probes(LH_SOURCE_DIR);
  ASSERT_GT(probes.size(), 100U);
  for (const auto& probe : probes) {
    SCOPED_TRACE(probe.name);
    edge.handler.forget();
    Client client(edge.port());
    ASSERT_TRUE(client.connected());
    client.send(probe.bytes);
    const std::string all = client.receive_all();
    EXPECT_EQ(count(all, "HTTP/1.1 "), 1U) << all;
    EXPECT_EQ(all.substr(0, 13), "HTTP/1.1 " + std::to_string(status_of_id(probe.reason_id)) + " ");
    EXPECT_NE(all.find("\r\nconnection: close\r\n"), std::string::npos);
    EXPECT_TRUE(edge.handler.seen().empty());
    const auto refused = edge.handler.refused();
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0], probe.reason_id + "|");
  }
}

// The same, one byte a write: where the bytes are cut must not matter. The longest are left out:
// they would only be longer.
TEST(EdgeProbes, EachIsRefusedWhenItComesInSmallPieces) {
  Edge edge;
  for (const auto& probe : kits::load_http_probes(LH_SOURCE_DIR)) {
    if (probe.bytes.size() > 400) continue;
    SCOPED_TRACE(probe.name);
    edge.handler.forget();
    Client client(edge.port());
    for (std::size_t at = 0; at < probe.bytes.size(); at += 3) {
      if (!client.send(std::string_view(probe.bytes).substr(at, 3))) break;
    }
    EXPECT_EQ(count(client.receive_all(), "HTTP/1.1 "), 1U);
    EXPECT_TRUE(edge.handler.seen().empty());
    EXPECT_EQ(edge.handler.refused(), std::vector<std::string>{probe.reason_id + "|"});
  }
}

TEST(EdgeProbes, RefusalSpeaksTheLanguageOfTheRequest) {
  Edge edge;
  Client client(edge.port());
  client.send("GET /a//b HTTP/1.1\r\nHost: hub\r\nAccept-Language: zh-CN\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 400);
  EXPECT_EQ(edge.handler.refused().at(0), "http.path|zh-CN");
}

TEST(EdgeProbes, OnlyServedHostsAreServed) {
  Edge edge([](ServerSettings& s) { s.served_hosts = {"Hub"}; });
  Client good(edge.port());
  EXPECT_EQ(good.get("/echo").status, 200);
  Client other(edge.port());
  other.send("GET /echo HTTP/1.1\r\nHost: elsewhere:8443\r\n\r\n");
  EXPECT_EQ(other.receive()->status, 400);
  EXPECT_TRUE(other.closed());
}

}  // namespace
}  // namespace lh::hub::edge::testing
