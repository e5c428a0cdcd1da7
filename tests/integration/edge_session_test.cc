// Connections that behave, and some that leave early.
#include <gtest/gtest.h>

#include "tests/integration/edge_fixture.h"

namespace lh::hub::edge::testing {
namespace {

TEST(EdgeSession, AnswersManyRequestsOnOneConnection) {
  Edge edge;
  Client client(edge.port());
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.version(), "TLSv1.3");
  for (int i = 0; i < 50; ++i) {
    const std::string body(static_cast<std::size_t>(i) * 97, 'b');
    const char* path = i % 2 == 0 ? "/echo" : "/elsewhere";
    ASSERT_TRUE(client.send(post_request(path, body)));
    const auto answer = client.receive();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, body);
  }
  EXPECT_EQ(edge.handler.seen().size(), 50U);
}

TEST(EdgeSession, RequestCarriesWhatTheRoutesNeed) {
  Edge edge;
  Client client(edge.port());
  client.send(
      "PUT /v1/x%41%E8%AF%81?a=%20b HTTP/1.1\r\nhOST: hub:443\r\nContent-Type: application/json\r\n"
      "Accept-Language: zh\r\nIdempotency-Key: k1\r\nIf-None-Match: \"e\"\r\ntraceparent: 00-1\r\n"
      "Content-Length: 2\r\n\r\n{}");
  ASSERT_TRUE(client.receive().has_value());
  const api::Request r = edge.handler.seen().at(0);
  EXPECT_EQ(r.method, api::Method::kPut);
  EXPECT_EQ(r.listener, api::Listener::kDepartments);
  EXPECT_EQ(r.path, "/v1/xA证");
  EXPECT_EQ(r.query, "a=%20b");
  EXPECT_EQ(r.content_type, "application/json");
  EXPECT_EQ(r.accept_language, "zh");
  EXPECT_EQ(r.idempotency_key, "k1");
  EXPECT_EQ(r.if_none_match, "\"e\"");
  EXPECT_EQ(r.traceparent, "00-1");
  EXPECT_EQ(r.body, "{}");
}

TEST(EdgeSession, AnswerHasTheDefaultHeaders) {
  Edge edge;
  Client client(edge.port());
  const Answer a = client.get("/echo");
  EXPECT_EQ(a.headers.at("cache-control"), "no-store");
  EXPECT_EQ(a.headers.at("x-content-type-options"), "nosniff");
  EXPECT_TRUE(a.headers.contains("strict-transport-security"));
  EXPECT_FALSE(a.headers.contains("server"));
  EXPECT_FALSE(a.headers.contains("connection"));
}

TEST(EdgeSession, PipelinedRequestsAreAnsweredInOrder) {
  Edge edge;
  Client client(edge.port());
  std::string all;
  for (int i = 0; i < 300; ++i) {
    all += post_request(i % 3 == 0 ? "/elsewhere" : "/echo", "body " + std::to_string(i));
  }
  client.send(all);
  for (int i = 0; i < 300; ++i) {
    const auto answer = client.receive();
    ASSERT_TRUE(answer.has_value()) << i;
    EXPECT_EQ(answer->body, "body " + std::to_string(i));
  }
}

TEST(EdgeSession, ChunkedBodyIsPutTogether) {
  Edge edge;
  Client client(edge.port());
  client.send("POST /echo HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: Chunked\r\n\r\n");
  for (const char* part :
       {"5", "\r", "\nhel", "lo\r\n", "1", "\r\n \r\n5\r\nworld\r\n0", "\r\n\r"}) {
    client.send(part);
  }
  client.send("\n" + get_request("/echo"));
  EXPECT_EQ(client.receive()->body, "hello world");
  EXPECT_EQ(client.receive()->status, 200);
}

TEST(EdgeSession, ExpectationIsMet) {
  Edge edge;
  Client client(edge.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: hub\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 100);
  client.send("ab");
  EXPECT_EQ(client.receive()->body, "ab");
  client.send(
      "POST /echo HTTP/1.1\r\nHost: hub\r\nExpect: 100-continue\r\nContent-Length: "
      "99999999\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 413);
  EXPECT_TRUE(client.closed());
}

TEST(EdgeSession, HeadHasTheLengthAndNoBody) {
  Edge edge;
  Client client(edge.port());
  client.send("HEAD /large HTTP/1.1\r\nHost: hub\r\n\r\n");
  EXPECT_EQ(client.receive(true)->headers.at("content-length"), "1048576");
  EXPECT_EQ(client.get("/echo").status, 200);
}

TEST(EdgeSession, LargeBodiesGoBothWays) {
  Edge edge;
  Client client(edge.port());
  std::thread writer([&] { client.send(post_request("/large", std::string(4U << 20U, 'y'))); });
  writer.join();
  EXPECT_EQ(client.receive()->body.size(), 1U << 20U);
  EXPECT_EQ(edge.handler.seen().at(0).body.size(), 4U << 20U);
}

TEST(EdgeSession, CloseIsHonoured) {
  Edge edge;
  Client client(edge.port());
  client.send(get_request("/echo", "Connection: TE, Close\r\n") + get_request("/echo"));
  EXPECT_EQ(client.receive()->headers.at("connection"), "close");
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(edge.handler.seen().size(), 1U);
}

TEST(EdgeSession, BodyOverTheLimitIsRefusedWithAnAnswerThatArrives) {
  Edge edge;
  Client client(edge.port());
  // The body is already on its way; the answer must not be lost to a reset.
  client.send(post_request("/echo", std::string(100U << 10U, 'z')));
  EXPECT_EQ(client.receive()->status, 413);
  EXPECT_TRUE(client.closed());
}

TEST(EdgeSession, HalfClosedClientGetsItsAnswer) {
  Edge edge;
  Client client(edge.port());
  client.send(post_request("/keep", "a"));
  const auto kept = edge.handler.take_kept(1);
  client.half_close();
  kept[0](api::Response{200, "text/plain", {}, "late"});
  EXPECT_EQ(client.receive()->body, "late");
  EXPECT_TRUE(client.closed());
}

TEST(EdgeSession, AnswerForAConnectionThatIsGoneIsDropped) {
  Edge edge;
  std::vector<api::Responder> kept;
  for (int i = 0; i < 8; ++i) {
    Client client(edge.port());
    client.send(post_request("/keep", "a"));
    kept = edge.handler.take_kept(1);
    client.abort();
    kept[0](api::Response{200, "text/plain", {}, std::string(1U << 20U, 'x')});
    kept[0](api::Response{});
  }
  EXPECT_EQ(Client(edge.port()).get("/echo").status, 200);
}

TEST(EdgeSession, OnlyTheFirstAnswerCounts) {
  Edge edge;
  Client client(edge.port());
  client.send(post_request("/twice", "first"));
  EXPECT_EQ(client.receive()->body, "first");
  client.send(post_request("/echo", "next"));
  EXPECT_EQ(client.receive()->body, "next");
}

TEST(EdgeSession, ForgottenAnswerIsAFailureNotASilence) {
  Edge edge;
  Client client(edge.port());
  EXPECT_EQ(client.get("/drop").status, 500);
  EXPECT_EQ(client.get("/throw").status, 500);
  EXPECT_EQ(client.get("/echo").status, 200);
  client.send(get_request("/keep"));
  edge.handler.take_kept(1);  // and let go of it, on this thread
  EXPECT_EQ(client.receive()->status, 500);
}

TEST(EdgeSession, StopWaitsForTheRequestUnderWay) {
  Edge edge;  // one loop: when the idle connection is closed, the busy one knows it too
  Client idle(edge.port());
  EXPECT_EQ(idle.get("/echo").status, 200);
  Client busy(edge.port());
  busy.send(get_request("/keep"));
  const auto kept = edge.handler.take_kept(1);
  std::thread stopper([&] { edge.server->stop(60'000); });
  EXPECT_TRUE(idle.closed());  // draining has begun
  kept[0](api::Response{200, "text/plain", {}, "done"});
  const auto answer = busy.receive();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->body, "done");
  EXPECT_EQ(answer->headers.at("connection"), "close");
  EXPECT_TRUE(busy.closed());
  { const Client gone(std::move(busy)); }
  { const Client gone(std::move(idle)); }
  stopper.join();
  EXPECT_FALSE(Client(edge.port()).connected());
}

TEST(EdgeSession, StopWithoutGraceCutsAndLateAnswersAreHarmless) {
  auto edge = std::make_unique<Edge>();
  Client client(edge->port());
  client.send(get_request("/keep"));
  const auto kept = edge->handler.take_kept(1);
  edge->server->stop(0);
  EXPECT_TRUE(client.closed());
  edge->server.reset();
  kept[0](api::Response{});
}

TEST(EdgeSession, ManyConnectionsOnSeveralLoops) {
  Edge edge([](ServerSettings& s) { s.threads = 3; });
  std::vector<Client> clients;
  for (int i = 0; i < 24; ++i) clients.emplace_back(edge.port());
  for (int round = 0; round < 5; ++round) {
    for (Client& c : clients) c.send(post_request("/elsewhere", std::to_string(round)));
    for (Client& c : clients) EXPECT_EQ(c.receive()->body, std::to_string(round));
  }
}

}  // namespace
}  // namespace lh::hub::edge::testing
