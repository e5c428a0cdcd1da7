#include "hub/edge/server.h"

#include <algorithm>
#include <array>

#include "base/log.h"
#include "hub/edge/caller.h"
#include "hub/edge/listener.h"
#include "hub/edge/loop.h"
#include "hub/edge/session.h"
#include "hub/edge/tls.h"

namespace lh::hub::edge {

namespace {

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return text;
}

Status check(const ServerSettings& s) {
  const auto bad = [](const char* what) { return Error(Reason::kConfigInvalid, what); };
  if (s.listeners.empty()) return bad("no listener");
  if (s.threads < 1 || s.threads > 256) return bad("threads");
  if (s.max_connections < 1 || s.max_connections_per_peer < 1) return bad("connection caps");
  const std::array<int, 4> seconds = {s.header_seconds, s.body_seconds, s.idle_seconds,
                                      s.handshake_seconds};
  if (std::any_of(seconds.begin(), seconds.end(), [](int n) { return n < 1 || n > 86'400; })) {
    return bad("deadlines are between a second and a day");
  }
  return ok_status();
}

}  // namespace

// The order matters: loops go first, then what their sessions use.
struct Server::Impl {
  Impl(const ServerSettings& s, TrustReader trust, const Clock& c)
      : clock(c),
        judge(std::move(trust), c),
        admission(s.max_connections, s.max_connections_per_peer),
        bodies(s.max_body_bytes) {}

  const Clock& clock;
  CallerJudge judge;
  Admission admission;
  BodyBudget bodies;
  std::vector<std::unique_ptr<Surroundings>> surroundings;
  std::vector<std::pair<api::Listener, std::uint16_t>> ports;
  std::vector<std::unique_ptr<Loop>> loops;
  std::size_t next = 0;  // only on the first loop
  bool stopped = false;

  Status add_listener(const ServerSettings& s, const ListenerSettings& l, api::Handler& handler,
                      Metrics& metrics) {
    const auto clients = l.kind == api::Listener::kDepartments ? ClientCertificates::kRequested
                                                               : ClientCertificates::kNeverAsked;
    TlsContext tls = LH_TRY(TlsContext::make(s.chain, s.private_key_pkcs8, clients));
    const int socket = LH_TRY(Listener::bind(l.host, l.port));
    std::vector<std::string> hosts;
    for (const std::string& host : s.served_hosts) hosts.push_back(lower(host));
    auto around = std::make_unique<Surroundings>(
        Surroundings{handler, judge, metrics, bodies, std::move(tls), l.kind, std::move(hosts),
                     s.handshake_seconds, s.header_seconds, s.body_seconds, s.idle_seconds});
    ports.emplace_back(l.kind, Listener::bound_port(socket));
    const auto open = [this, shared = around.get()](const std::shared_ptr<Arrival>& arrival) {
      hand_on(*shared, arrival);
    };
    const auto listener =
        std::make_shared<Listener>(*loops.front(), socket, admission, metrics, open);
    surroundings.push_back(std::move(around));
    loops.front()->run_soon([listener] { listener->begin(); });
    return ok_status();
  }

  // Round robin: with keep-alive an even share of connections is an even share of work.
  void hand_on(const Surroundings& around, const std::shared_ptr<Arrival>& arrival) {
    Loop& loop = *loops[next++ % loops.size()];
    if (&loop == loops.front().get()) return Session::open(loop, around, std::move(*arrival));
    loop.run_soon([&loop, &around, arrival] { Session::open(loop, around, std::move(*arrival)); });
  }
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  stop();
}

Result<std::unique_ptr<Server>> Server::start(ServerSettings settings, api::Handler& handler,
                                              TrustReader trust, const Clock& clock,
                                              Metrics& metrics) {
  LH_TRY(check(settings));
  auto impl = std::make_unique<Impl>(settings, std::move(trust), clock);
  for (int i = 0; i < settings.threads; ++i) {
    impl->loops.push_back(std::make_unique<Loop>(clock, settings.loop_state));
  }
  for (const ListenerSettings& l : settings.listeners) {
    LH_TRY(impl->add_listener(settings, l, handler, metrics));
  }
  for (const auto& loop : impl->loops) loop->start();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port(api::Listener listener) const {
  for (const auto& [kind, port] : impl_->ports) {
    if (kind == listener) return port;
  }
  return 0;
}

void Server::stop(int grace_ms) {
  if (impl_->stopped) return;
  impl_->stopped = true;
  const std::int64_t end_us = impl_->clock.monotonic_us() + std::int64_t{grace_ms} * 1000;
  for (const auto& loop : impl_->loops) loop->drain();
  for (const auto& loop : impl_->loops) {
    const std::int64_t left_ms = (end_us - impl_->clock.monotonic_us()) / 1000;
    if (!loop->wait_empty(static_cast<int>(std::max<std::int64_t>(left_ms, 0)))) {
      log_event(LogLevel::kWarning, "edge.stopped_with_requests_under_way");
    }
  }
  for (const auto& loop : impl_->loops) loop->halt();
}

}  // namespace lh::hub::edge
