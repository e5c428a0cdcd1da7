// The outbound client against a small TLS server of the test: who is refused, what is bounded, and
// that a bad answer spoils nothing after it.
#include "adapters/outbound/http_client.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "crypto/system_random.h"
#include "pki/authority.h"
#include "tests/kits/scratch_folder.h"

namespace lh::adapters::outbound {
namespace {

using Poco::Net::Context;
using Poco::Net::SecureStreamSocket;

struct Identity {
  std::string certificate_file, key_file;
};

// A root of its own, and certificates in files.
class Certificates {
 public:
  explicit Certificates(const std::string& folder)
      : folder_(folder), root_key_(key()), root_(make_root()) {
    ca_file = folder_ + "/root.pem";
    kits::store_file(ca_file, pki::to_pem(root_));
  }
  Identity issue(const std::string& name, pki::Usage usage) const {
    const auto own = key();
    pki::CertificateRequest request;
    request.common_name = name;
    if (usage == pki::Usage::kTlsServer) request.dns_names = {name};
    request.usage = usage;
    request.not_before = now().plus_ms(-3600000);
    request.not_after = now().plus_ms(86400000);
    const auto certificate =
        pki::Authority(root_, root_key_).issue(request, own.public_key(), random()).value();
    const Identity out{folder_ + "/" + name + ".pem", folder_ + "/" + name + ".key"};
    kits::store_file(out.certificate_file, pki::to_pem(certificate));
    kits::store_file(out.key_file, "-----BEGIN PRIVATE KEY-----\n" + to_base64(own.pkcs8()) +
                                       "\n-----END PRIVATE KEY-----\n");
    return out;
  }
  std::string ca_file;

 private:
  static crypto::SystemRandom& random() {
    static crypto::SystemRandom the_random;
    return the_random;
  }
  static crypto::PrivateKey key() {
    return crypto::PrivateKey::generate(crypto::Algorithm::kEs256, random()).value();
  }
  static UtcTime now() { return SystemClock().now(); }
  pki::Certificate make_root() const {
    return pki::make_root(root_key_, "Outbound Test Root", now().plus_ms(-3600000),
                          now().plus_ms(86400000), random())
        .value();
  }
  std::string folder_;
  crypto::PrivateKey root_key_;
  pki::Certificate root_;
};

// Answers each request with what `answer` says; an empty text is silence.
class Server {
 public:
  using Answer = std::function<std::string(const std::string& request)>;
  Server(const std::string& ca_file, const Identity& identity, Answer answer)
      : answer_(std::move(answer)),
        socket_(Poco::Net::SocketAddress("127.0.0.1", 0), 8, context(ca_file, identity)),
        thread_([this] { serve(); }) {}
  ~Server() {
    stopping_ = true;
    thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  std::uint16_t port() const { return socket_.address().port(); }
  std::atomic<int> connections{0};
  std::atomic<int> requests{0};

 private:
  static Context::Ptr context(const std::string& ca_file, const Identity& identity) {
    Context::Params params;
    params.privateKeyFile = identity.key_file;
    params.certificateFile = identity.certificate_file;
    params.caLocation = ca_file;
    params.verificationMode = Context::VERIFY_STRICT;  // a client certificate is demanded
    Context::Ptr out(new Context(Context::TLS_SERVER_USE, params));
    out->enableExtendedCertificateVerification(false);  // clients have no host name
    return out;
  }
  void serve() {
    while (!stopping_) {
      if (!socket_.poll(Poco::Timespan(0, 20000), Poco::Net::Socket::SELECT_READ)) continue;
      try {
        SecureStreamSocket peer = socket_.acceptConnection();
        ++connections;
        talk(peer);
      } catch (const Poco::Exception&) {
        continue;  // a client that went away
      }
    }
  }
  void talk(SecureStreamSocket& peer) {
    peer.setReceiveTimeout(Poco::Timespan(0, 20000));
    std::string text;
    while (!stopping_) {
      char buffer[4096];
      int got = 0;
      try {
        got = peer.receiveBytes(buffer, sizeof buffer);
      } catch (const Poco::TimeoutException&) {
        continue;
      }
      if (got <= 0) return;
      text.append(buffer, static_cast<std::size_t>(got));
      if (text.find("\r\n\r\n") == std::string::npos) continue;
      ++requests;
      std::string out = answer_(text);
      text.clear();
      if (out.empty()) continue;
      const bool close = out.ends_with("<close>");
      if (close) out.resize(out.size() - 7);
      peer.sendBytes(out.data(), static_cast<int>(out.size()));
      if (close) return peer.shutdown();
    }
  }
  Answer answer_;
  Poco::Net::SecureServerSocket socket_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

std::string ok_with(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-One: Yes\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

class Outbound : public testing::Test {
 protected:
  Identity server_identity() { return certificates.issue("localhost", pki::Usage::kTlsServer); }
  HttpSettings settings(const Server& server) {
    HttpSettings s;
    s.host = "localhost";
    s.port = server.port();
    s.allowed_targets = {"localhost:" + std::to_string(server.port())};
    s.ca_file = certificates.ca_file;
    const auto own = certificates.issue("client", pki::Usage::kTlsClient);
    s.certificate_file = own.certificate_file;
    s.key_file = own.key_file;
    s.allow_loopback = true;
    s.timeout_ms = 5000;
    return s;
  }
  static Result<HttpResponse> get(const HttpSettings& s, std::string path = "/a?b=c") {
    auto client = LH_TRY(HttpClient::connect(s));
    HttpRequest request;
    request.path = std::move(path);
    return client->send(request);
  }
  static std::string reason(const Result<HttpResponse>& r) {
    return r.ok() ? "ok" : std::string(r.error().id());
  }

  kits::ScratchFolder folder;
  Certificates certificates{folder.path()};
};

TEST_F(Outbound, SendsAndReadsOverMutualTls) {
  std::string seen;
  Server server(certificates.ca_file, server_identity(), [&seen](const std::string& request) {
    seen = request;
    return ok_with("body");
  });
  auto client = HttpClient::connect(settings(server)).value();
  HttpRequest request;
  request.method = "POST";
  request.path = "/v1/fetch";
  request.headers = {{"Idempotency-Key", "k-1"}};
  request.content_type = "application/json";
  request.body = "{}";
  const auto response = client->send(request);
  ASSERT_TRUE(response.ok()) << response.error().describe();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "body");
  const auto& headers = response->headers;
  EXPECT_NE(std::find(headers.begin(), headers.end(),
                      std::make_pair(std::string("x-one"), std::string("Yes"))),
            headers.end());
  EXPECT_TRUE(seen.starts_with("POST /v1/fetch HTTP/1.1\r\n")) << seen;
  EXPECT_NE(seen.find("Idempotency-Key: k-1\r\n"), std::string::npos);
  EXPECT_NE(seen.find("Host: localhost:" + std::to_string(server.port())), std::string::npos)
      << "the name, not the address it was resolved to";
}

TEST_F(Outbound, OneConnectionServesManyRequests) {
  Server server(certificates.ca_file, server_identity(),
                [](const std::string&) { return ok_with("x"); });
  auto client = HttpClient::connect(settings(server)).value();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(client->send({"GET", "/", {}, {}, {}}).ok());
  EXPECT_EQ(server.connections, 1);
  EXPECT_EQ(server.requests, 10);
}

TEST_F(Outbound, OnlyAllowedTargetsAreSpokenTo) {
  Server server(certificates.ca_file, server_identity(),
                [](const std::string&) { return ok_with("x"); });
  auto s = settings(server);
  s.allowed_targets = {"localhost:1", "localhost", "127.0.0.1:" + std::to_string(s.port)};
  EXPECT_EQ(reason(get(s)), "source.target");
  s.allowed_targets.clear();
  EXPECT_EQ(reason(get(s)), "source.target");
  EXPECT_EQ(server.connections, 0);
}

TEST_F(Outbound, InnerAddressesAreRefusedUnlessAllowed) {
  for (const char* host : {"localhost", "127.0.0.1", "::1", "0.0.0.0", "169.254.169.254",
                           "224.0.0.1", "::ffff:127.0.0.1"}) {
    HttpSettings s;
    s.host = host;
    s.port = 443;
    s.allowed_targets = {std::string(host) + ":443"};
    s.timeout_ms = 300;
    EXPECT_EQ(reason(get(s)), "source.target") << host;
  }
  HttpSettings s;
  s.host = "169.254.169.254";  // link-local stays refused where loopback is allowed
  s.allowed_targets = {"169.254.169.254:443"};
  s.allow_loopback = true;
  s.timeout_ms = 300;
  EXPECT_EQ(reason(get(s)), "source.target");
}

TEST_F(Outbound, AServerOfAnotherNameOrRootIsRefused) {
  Server other(certificates.ca_file, certificates.issue("other.test", pki::Usage::kTlsServer),
               [](const std::string&) { return ok_with("x"); });
  EXPECT_EQ(reason(get(settings(other))), "source.unavailable");
  const kits::ScratchFolder elsewhere;
  const Certificates strangers(elsewhere.path());
  Server server(certificates.ca_file, server_identity(),
                [](const std::string&) { return ok_with("x"); });
  auto s = settings(server);
  s.ca_file = strangers.ca_file;
  EXPECT_EQ(reason(get(s)), "source.unavailable");
  EXPECT_EQ(other.requests + server.requests, 0);
}

TEST_F(Outbound, WithoutItsOwnCertificateTheServerRefuses) {
  Server server(certificates.ca_file, server_identity(),
                [](const std::string&) { return ok_with("x"); });
  auto s = settings(server);
  s.certificate_file.clear();
  s.key_file.clear();
  EXPECT_EQ(reason(get(s)), "source.unavailable");
  EXPECT_EQ(server.requests, 0);
}

TEST_F(Outbound, SilenceEndsAtTheTimeout) {
  Server server(certificates.ca_file, server_identity(),
                [](const std::string&) { return std::string(); });
  auto s = settings(server);
  s.timeout_ms = 300;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(reason(get(s)), "source.unavailable");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
}

TEST_F(Outbound, AResponseBeyondTheLimitIsGivenUp) {
  Server server(certificates.ca_file, server_identity(),
                [](const std::string&) { return ok_with(std::string(300000, 'x')); });
  auto s = settings(server);
  s.max_response_bytes = 100000;
  EXPECT_EQ(reason(get(s)), "input.too_large");
  s.max_response_bytes = 300000;
  EXPECT_EQ(reason(get(s)), "ok");
}

TEST_F(Outbound, AnEndlessChunkedResponseIsGivenUp) {
  Server server(certificates.ca_file, server_identity(), [](const std::string&) {
    std::string out = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 40; ++i) out += "1000\r\n" + std::string(4096, 'x') + "\r\n";
    return out;  // and no end
  });
  auto s = settings(server);
  s.max_response_bytes = 50000;
  EXPECT_EQ(reason(get(s)), "input.too_large");
}

TEST_F(Outbound, AResponseThatWasCutShortIsNoResponse) {
  Server server(certificates.ca_file, server_identity(), [](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf<close>");
  });
  EXPECT_EQ(reason(get(settings(server))), "source.unavailable");
}

TEST_F(Outbound, RedirectsAreNotFollowed) {
  Server server(certificates.ca_file, server_identity(), [](const std::string&) {
    return std::string(
        "HTTP/1.1 302 Found\r\nLocation: https://localhost/other\r\nContent-Length: 0\r\n\r\n");
  });
  const auto response = get(settings(server));
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(server.requests, 1);
}

TEST_F(Outbound, AfterAFailureTheNextRequestConnectsAnewAndChecksTheNameAgain) {
  std::atomic<int> number{0};
  Server server(certificates.ca_file, server_identity(), [&number](const std::string&) {
    return ++number == 1 ? std::string("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1<close>")
                         : ok_with("good");
  });
  auto client = HttpClient::connect(settings(server)).value();
  EXPECT_FALSE(client->send({"GET", "/", {}, {}, {}}).ok());
  const auto second = client->send({"GET", "/", {}, {}, {}});
  ASSERT_TRUE(second.ok()) << second.error().describe();
  EXPECT_EQ(second->body, "good");
  EXPECT_EQ(server.connections, 2);

  Server other(certificates.ca_file, certificates.issue("other.test", pki::Usage::kTlsServer),
               [](const std::string&) { return ok_with("x"); });
  auto stranger = HttpClient::connect(settings(other)).value();
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(stranger->send({"GET", "/", {}, {}, {}}).ok()) << i;
  EXPECT_EQ(other.requests, 0);
}

TEST_F(Outbound, NothingCanBeSmuggledThroughTheHead) {
  Server server(certificates.ca_file, server_identity(),
                [](const std::string&) { return ok_with("x"); });
  auto client = HttpClient::connect(settings(server)).value();
  const std::vector<HttpRequest> bad{{"GET", "/a\r\nX: y", {}, {}, {}},
                                     {"GET", "a", {}, {}, {}},
                                     {"GET", "", {}, {}, {}},
                                     {"GET", "/a b", {}, {}, {}},
                                     {"GE T", "/", {}, {}, {}},
                                     {"", "/", {}, {}, {}},
                                     {"GET", "/", {{"X", "y\r\nZ: 1"}}, {}, {}},
                                     {"GET", "/", {{"X:", "y"}}, {}, {}},
                                     {"GET", "/", {{"", "y"}}, {}, {}},
                                     {"GET", "/", {}, "a\nb", {}}};
  for (const auto& request : bad) {
    EXPECT_EQ(reason(client->send(request)), "input.malformed") << request.path;
  }
  EXPECT_EQ(server.requests, 0);
}

}  // namespace
}  // namespace lh::adapters::outbound
