#include <gtest/gtest.h>

#include "hub/edge/http/chunked.h"
#include "hub/edge/http/gate.h"
#include "tests/kits/http_probes.h"

namespace lh::hub::edge::http {
namespace {

struct Outcome {
  Reason reason = Reason::kVerdictGood;
  Admitted admitted;
};

Outcome pass(const std::string& bytes, const std::vector<std::string>& hosts = {}) {
  HeadScanner scanner;
  const auto n = scanner.scan(bytes);
  if (!n.ok()) return {n.error().reason(), {}};
  Head head;
  const Status read = read_head(std::string_view(bytes).substr(0, *n), head);
  if (!read.ok()) return {read.error().reason(), {}};
  auto admitted = admit(head, hosts);
  if (!admitted.ok()) return {admitted.error().reason(), {}};
  return {Reason::kVerdictGood, std::move(admitted).value()};
}

Outcome with(const std::string& fields) {
  return pass("POST /a HTTP/1.1\r\nHost: hub\r\n" + fields + "\r\n");
}

// The lines of the hostile table that are about heads; the others are about bodies and limits.
TEST(EdgeGate, HostileHeadsAreRefusedForTheirReason) {
  int judged = 0;
  for (const auto& probe : kits::load_http_probes(LH_SOURCE_DIR)) {
    if (probe.name.starts_with("chunk_") || probe.name == "body_huge") continue;
    SCOPED_TRACE(probe.name);
    EXPECT_EQ(reason_id(pass(probe.bytes).reason), probe.reason_id);
    ++judged;
  }
  EXPECT_GT(judged, 90);
}

TEST(EdgeGate, FramingIsClear) {
  EXPECT_EQ(with("").admitted.framing, Framing::kNoBody);
  EXPECT_EQ(with("Content-Length: 0\r\n").admitted.framing, Framing::kNoBody);
  EXPECT_EQ(with("content-length: 007\r\n").admitted.content_length, 7U);
  EXPECT_EQ(with("Content-Length: 12\r\n").admitted.framing, Framing::kLength);
  EXPECT_EQ(with("Transfer-Encoding: CHUNKED\r\n").admitted.framing, Framing::kChunked);
  EXPECT_EQ(with("Content-Length: 999999999999999\r\n").admitted.content_length, 999999999999999U);
  EXPECT_EQ(with("Content-Length: 9999999999999999\r\n").reason, Reason::kInputTooLarge);
}

TEST(EdgeGate, MethodsAreKnown) {
  const std::pair<const char*, api::Method> known[] = {
      {"GET", api::Method::kGet},       {"HEAD", api::Method::kHead},
      {"POST", api::Method::kPost},     {"PUT", api::Method::kPut},
      {"DELETE", api::Method::kDelete}, {"PATCH", api::Method::kOther},
      {"OPTIONS", api::Method::kOther}};
  for (const auto& [text, method] : known) {
    const auto o = pass(std::string(text) + " /a HTTP/1.1\r\nHost: hub\r\n\r\n");
    ASSERT_EQ(o.reason, Reason::kVerdictGood) << text;
    EXPECT_EQ(o.admitted.request.method, method);
  }
}

TEST(EdgeGate, HostsAreWellFormedAndServed) {
  const auto host = [](const std::string& h, const std::vector<std::string>& served = {}) {
    return pass("GET / HTTP/1.1\r\nHost: " + h + "\r\n\r\n", served).reason;
  };
  for (const char* good : {"hub", "hub.example.cn", "hub:8443", "127.0.0.1:1", "[::1]", "[::1]:443",
                           "a_b-c.1", "HUB"}) {
    EXPECT_EQ(host(good), Reason::kVerdictGood) << good;
  }
  for (const char* bad : {"", ":80", "hub:", "hub:123456", "hub:8a", "[", "[]", "[g]", "[::1",
                          "hub]", "a@b", "a/b", "a b", "a,b", "证照"}) {
    EXPECT_EQ(host(bad), Reason::kHttpHost) << bad;
  }
  EXPECT_EQ(host("hUb:1", {"hub"}), Reason::kVerdictGood);
  EXPECT_EQ(host("hub.", {"hub"}), Reason::kHttpHost);
  EXPECT_EQ(host("xhub", {"hub", "other"}), Reason::kHttpHost);
}

TEST(EdgeGate, ConnectionAndExpectationAreRead) {
  EXPECT_EQ(with("").admitted.persistence, Persistence::kKeepAlive);
  EXPECT_EQ(with("Connection: keep-alive\r\n").admitted.persistence, Persistence::kKeepAlive);
  EXPECT_EQ(with("Connection: te , CLOSE\r\n").admitted.persistence, Persistence::kClose);
  EXPECT_EQ(with("Connection: te\r\nConnection: close\r\n").admitted.persistence,
            Persistence::kClose);
  EXPECT_EQ(with("Connection: closed\r\n").admitted.persistence, Persistence::kKeepAlive);
  EXPECT_EQ(with("Expect: 100-Continue\r\n").admitted.expectation, Expectation::kContinue);
  EXPECT_EQ(with("Expect: 200-ok\r\n").reason, Reason::kHttpExpectation);
}

TEST(EdgeGate, ListsAreJoinedAndSinglesAreNot) {
  const auto o =
      with("Accept-Language: zh\r\nAccept-Language: en;q=0.5\r\nIf-None-Match: \"a\"\r\n");
  EXPECT_EQ(o.admitted.request.accept_language, "zh, en;q=0.5");
  EXPECT_EQ(o.admitted.request.if_none_match, "\"a\"");
  EXPECT_EQ(with("Content-Type: a/b\r\nContent-Type: a/b\r\n").reason, Reason::kHttpMalformed);
  EXPECT_EQ(with("Idempotency-Key: a\r\nIdempotency-Key: a\r\n").reason, Reason::kHttpMalformed);
  EXPECT_EQ(with("traceparent: a\r\n").admitted.request.traceparent, "a");
  EXPECT_EQ(with("traceparent: a\r\ntraceparent: a\r\n").admitted.request.traceparent, "");
}

}  // namespace
}  // namespace lh::hub::edge::http
