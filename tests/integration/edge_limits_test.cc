// Clients that are slow, many or silent.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/integration/edge_fixture.h"

namespace lh::hub::edge::testing {
namespace {

void short_deadlines(ServerSettings& s) {
  s.header_seconds = s.body_seconds = s.idle_seconds = s.handshake_seconds = 1;
}

int plain_connection(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  return fd;
}

TEST(EdgeLimits, DrippingClientsDoNotStarveAnHonestOne) {
  Edge edge;  // ordinary deadlines: the drippers stay connected throughout
  std::vector<Client> slow;
  for (int i = 0; i < 64; ++i) slow.emplace_back(edge.port());
  const std::string head = get_request("/echo");
  Client honest(edge.port());
  for (std::size_t at = 0; at + 1 < head.size(); ++at) {
    for (Client& c : slow) ASSERT_TRUE(c.send(head.substr(at, 1)));
    EXPECT_EQ(honest.get("/echo").status, 200);
  }
  EXPECT_EQ(edge.handler.seen().size(), head.size() - 1);
  for (Client& c : slow) c.send(head.substr(head.size() - 1));
  for (Client& c : slow) EXPECT_EQ(c.receive()->status, 200);
}

TEST(EdgeLimits, HeadThatNeverEndsIsTimedOut) {
  Edge edge([](ServerSettings& s) { s.header_seconds = 1; });
  std::vector<Client> slow;
  for (int i = 0; i < 64; ++i) slow.emplace_back(edge.port());
  for (Client& c : slow) c.send("GET /echo HTTP/1.1\r\nHos");
  for (Client& c : slow) {
    const auto answer = c.receive();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 408);
    EXPECT_TRUE(c.closed());
  }
  EXPECT_TRUE(edge.handler.seen().empty());
  EXPECT_EQ(Client(edge.port()).get("/echo").status, 200);
}

TEST(EdgeLimits, BodyThatNeverEndsIsTimedOutInTheCallersLanguage) {
  Edge edge(short_deadlines);
  Client client(edge.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: hub\r\nAccept-Language: zh\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(client.receive()->status, 408);
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(edge.handler.refused().at(0), "http.timeout|zh");
}

TEST(EdgeLimits, IdleConnectionIsClosedWithoutAWord) {
  Edge edge(short_deadlines);
  Client fresh(edge.port());
  Client used(edge.port());
  EXPECT_EQ(used.get("/echo").status, 200);
  EXPECT_EQ(fresh.receive_all(), "");
  EXPECT_EQ(used.receive_all(), "");
  EXPECT_TRUE(edge.handler.refused().empty());
}

TEST(EdgeLimits, HandshakeThatNeverComesIsClosed) {
  Edge edge(short_deadlines);
  const int fd = plain_connection(edge.port());
  char byte = 0;
  EXPECT_EQ(::recv(fd, &byte, 1, 0), 0);
  ::close(fd);
}

TEST(EdgeLimits, PlainHttpIsNotAnswered) {
  Edge edge;
  const int fd = plain_connection(edge.port());
  const std::string request = get_request("/echo");
  EXPECT_GT(::send(fd, request.data(), request.size(), MSG_NOSIGNAL), 0);
  std::string all(4096, '\0');
  const ssize_t n = ::recv(fd, all.data(), all.size(), 0);
  EXPECT_TRUE(n <= 0 || all.find("HTTP/1.1 200") == std::string::npos);
  ::close(fd);
  EXPECT_TRUE(edge.handler.seen().empty());
}

TEST(EdgeLimits, PeerBeyondItsCapIsClosedAndOthersStay) {
  Edge edge([](ServerSettings& s) { s.max_connections_per_peer = 3; });
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) clients.emplace_back(edge.port());
  for (Client& c : clients) EXPECT_EQ(c.get("/echo").status, 200);
  EXPECT_FALSE(Client(edge.port()).connected());
  EXPECT_NE(edge.metrics.text().find("http.too_many_connections"), std::string::npos);
  for (Client& c : clients) EXPECT_EQ(c.get("/echo").status, 200);
  clients.back().half_close();
  EXPECT_TRUE(clients.back().closed());
  clients.pop_back();
  // The seat is free once the server has seen the end of that connection.
  while (!Client(edge.port()).connected()) std::this_thread::yield();
}

TEST(EdgeLimits, GlobalCapHoldsOverBothListeners) {
  Edge edge([](ServerSettings& s) { s.max_connections = 2; });
  Client one(edge.port());
  Client two(edge.public_port());
  EXPECT_EQ(one.get("/echo").status, 200);
  EXPECT_EQ(two.get("/echo").status, 200);
  EXPECT_FALSE(Client(edge.port()).connected());
  EXPECT_FALSE(Client(edge.public_port()).connected());
}

TEST(EdgeLimits, LargeBodiesTogetherStayWithinTheirMemory) {
  Edge edge([](ServerSettings& s) { s.max_body_bytes = 6U << 20U; });
  const std::string request = post_request("/large", std::string(5U << 20U, 'y'));
  Client first(edge.port());
  ASSERT_TRUE(first.send(std::string_view(request).substr(0, request.size() - 1)));
  // Until the first one's bytes have arrived the second may still find room; then it does not.
  for (int status = 200; status != 429;) {
    Client second(edge.port());
    second.send(request);
    status = second.receive().value_or(Answer{}).status;
    ASSERT_TRUE(status == 200 || status == 429) << status;
  }
  EXPECT_EQ(Client(edge.port()).get("/echo").status, 200);  // small ones are free
  first.send("y");
  EXPECT_EQ(first.receive()->status, 200);
  Client third(edge.port());
  third.send(request);
  EXPECT_EQ(third.receive()->status, 200);
}

// The limit is lowered for the whole process and set back: this test stands in its own process with
// the others one after the other.
TEST(EdgeLimits, RunningOutOfDescriptorsIsSurvived) {
  Edge edge;
  Client before(edge.port());
  EXPECT_EQ(before.get("/echo").status, 200);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
  std::vector<int> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  }
  rlimit low = old;
  low.rlim_cur = static_cast<rlim_t>(waiting.back() + 1);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(edge.port());
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (const int fd : waiting) {
    EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    char byte = 0;
    EXPECT_LE(::recv(fd, &byte, 1, 0), 0);  // shed, not left hanging
    EXPECT_EQ(before.get("/echo").status, 200);
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);
  for (const int fd : waiting) ::close(fd);
  EXPECT_EQ(Client(edge.port()).get("/echo").status, 200);
}

TEST(EdgeLimits, AddressInUseAndBadSettingsAreErrorsNotCrashes) {
  Edge edge;
  ServerSettings s;
  s.listeners = {{api::Listener::kDepartments, "127.0.0.1", edge.port()}};
  s.chain = edge.farm.server().chain;
  const auto start = [&](const std::function<void(ServerSettings&)>& change) {
    ServerSettings t;
    t.listeners = s.listeners;
    t.chain = s.chain;
    t.private_key_pkcs8 = Secret::copy_of(edge.farm.server().key);
    change(t);
    auto r = Server::start(
        std::move(t), edge.handler, [] { return std::make_shared<const pki::TrustStore>(); },
        edge.clock, edge.metrics);
    return r.ok() ? Reason::kVerdictGood : r.error().reason();
  };
  const auto free_port = [](ServerSettings& t) { t.listeners[0].port = 0; };
  EXPECT_EQ(start([](ServerSettings&) {}), Reason::kConfigInvalid);
  EXPECT_EQ(start(free_port), Reason::kVerdictGood);
  EXPECT_EQ(start([](ServerSettings& t) { t.listeners[0].host = "no.address"; }),
            Reason::kConfigInvalid);
  EXPECT_EQ(start([](ServerSettings& t) { t.listeners.clear(); }), Reason::kConfigInvalid);
  EXPECT_EQ(start([](ServerSettings& t) { t.threads = 0; }), Reason::kConfigInvalid);
  EXPECT_EQ(start([](ServerSettings& t) { t.idle_seconds = 0; }), Reason::kConfigInvalid);
  EXPECT_EQ(start([](ServerSettings& t) { t.chain.clear(); }), Reason::kConfigInvalid);
  const Identity other = edge.farm.client("other");
  EXPECT_EQ(start([&](ServerSettings& t) { t.private_key_pkcs8 = Secret::copy_of(other.key); }),
            Reason::kCryptoFailure);
}

}  // namespace
}  // namespace lh::hub::edge::testing
