// The edge: two TLS listeners, HTTP/1.1 by Boost.Beast, deadlines and caps (docs/facts are in
// docs/decisions/0003-edge.md). Everything malformed is refused here and never reaches a route.
// Threads: `threads` event loops; handlers are called on them and must not block.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/secret.h"
#include "base/time.h"
#include "hub/api/message.h"
#include "hub/edge/loop_state.h"
#include "hub/edge/metrics.h"
#include "pki/certificate.h"
#include "pki/trust_store.h"

namespace lh::hub::edge {

struct ListenerSettings {
  api::Listener kind = api::Listener::kDepartments;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0 = any free port
};

struct ServerSettings {
  std::vector<ListenerSettings> listeners;
  std::vector<std::string> served_hosts;  // accepted Host values without port; empty = any
  std::vector<pki::Certificate> chain;    // server certificate, leaf first
  Secret private_key_pkcs8;               // DER
  int threads = 1;
  std::size_t max_connections = 4096;
  std::size_t max_connections_per_peer = 1024;
  std::size_t max_body_bytes = 128U << 20U;  // of all bodies over 64 KiB under way together
  int header_seconds = 10;
  int body_seconds = 30;
  int idle_seconds = 75;
  int handshake_seconds = 10;
  // Called by every loop on its own thread, kBusy and kIdle in turns; must not block.
  std::function<void(LoopState)> loop_state;
};

// Gives the trust of now; called on every request (cheap: a shared pointer).
using TrustReader = std::function<std::shared_ptr<const pki::TrustStore>()>;

class Server {
 public:
  // Binds and listens. Errors: config.invalid (address in use …), crypto.failure.
  static Result<std::unique_ptr<Server>> start(ServerSettings settings, api::Handler& handler,
                                               TrustReader trust, const Clock& clock,
                                               Metrics& metrics);
  ~Server();  // stop()
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  std::uint16_t port(api::Listener listener) const;
  // Stops accepting, lets requests under way finish for at most `grace_ms`, closes.
  void stop(int grace_ms = 5000);

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lh::hub::edge
