// A hub's edge on loopback with certificates made on the spot, a handler of the tests behind it and
// a client that can say anything. Nothing here is shared between tests.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "crypto/sign.h"
#include "crypto/system_random.h"
#include "hub/edge/server.h"
#include "pki/authority.h"

namespace lh::hub::edge::testing {

// Wall time the test sets; monotonic time is real, so that deadlines work.
class SettableClock final : public Clock {
 public:
  UtcTime now() const override;
  std::int64_t monotonic_us() const override { return real_.monotonic_us(); }
  void advance_ms(std::int64_t ms);

 private:
  SystemClock real_;
  std::atomic<std::int64_t> offset_ms_ = 0;
};

struct Identity {
  std::vector<pki::Certificate> chain;  // leaf first
  Bytes key;                            // PKCS#8
};

// One hub's certificates: root, issuing CA, server, and clients on demand.
class Farm {
 public:
  Farm();
  Identity client(const std::string& name, std::int64_t from_days = -1, std::int64_t to_days = 30);
  const Identity& server() const { return server_; }
  std::vector<pki::Certificate> anchors() const;

 private:
  Identity issue(pki::CertificateRequest request);
  crypto::SystemRandom random_;
  UtcTime now_;
  std::optional<crypto::PrivateKey> root_key_;
  std::optional<crypto::PrivateKey> issuing_key_;
  std::optional<pki::Authority> root_;
  std::optional<pki::Authority> issuing_;
  Identity server_;
};

// Routes: /echo answers with the request's body, at once; /elsewhere from another thread; /keep
// keeps the responder; /drop drops it; /throw throws; /twice answers twice; /large answers 1 MiB.
class TestHandler final : public api::Handler {
 public:
  ~TestHandler() override;
  void handle(api::Request request, api::Responder respond) override;
  std::size_t body_limit(api::Method method, std::string_view path) const override;
  api::Response refuse(Reason reason, std::string_view accept_language) override;

  std::vector<api::Request> seen();
  std::vector<std::string> refused();                           // "reason id|accept-language"
  std::vector<api::Responder> take_kept(std::size_t at_least);  // waits until there are so many
  void forget();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<api::Request> seen_;
  std::vector<std::string> refused_;
  std::vector<api::Responder> kept_;
  std::vector<std::thread> threads_;
};

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
};

struct ClientOptions {
  const Identity* identity = nullptr;
  int max_version = 0;  // 0 = the library's
  int min_version = 0;
  std::string alpn;         // wire form
  void* session = nullptr;  // SSL_SESSION to resume
};

// Blocking, with a time out far beyond anything but a hang.
class Client {
 public:
  explicit Client(std::uint16_t port, ClientOptions options = {});
  ~Client();
  Client(Client&&) noexcept;
  bool connected() const;
  bool resumed() const;
  std::string version() const;
  bool send(std::string_view bytes);
  std::optional<Answer> receive(bool head = false);  // nullopt: closed first
  Answer get(const std::string& path);               // keep-alive; fails the test when closed
  std::string receive_all();                         // until the server closes
  bool closed();                                     // true when nothing more comes
  bool was_asked_for_certificate() const;
  void half_close();     // close_notify and FIN, still reading
  void abort();          // RST
  void* take_session();  // owned by the caller: free_session

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
void free_session(void* session);

// Server, handler, trust and clock together.
class Edge {
 public:
  explicit Edge(const std::function<void(ServerSettings&)>& change = {});
  std::uint16_t port() const { return server->port(api::Listener::kDepartments); }
  std::uint16_t public_port() const { return server->port(api::Listener::kPublic); }
  void set_trust(std::vector<pki::Certificate> anchors, std::set<Digest> revoked);

  Farm farm;
  TestHandler handler;
  Metrics metrics;
  SettableClock clock;
  std::unique_ptr<Server> server;

 private:
  std::mutex trust_mutex_;
  std::shared_ptr<const pki::TrustStore> trust_;
  std::uint64_t epoch_ = 0;
};

std::string get_request(const std::string& path, const std::string& more = "");
std::string post_request(const std::string& path, const std::string& body);

}  // namespace lh::hub::edge::testing
