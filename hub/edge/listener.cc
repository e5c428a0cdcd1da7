#include "hub/edge/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/log.h"

namespace lh::hub::edge {

namespace {

constexpr int kBacklog = 1024;
constexpr std::size_t kFreeBody = 64U << 10U;
constexpr std::size_t kBodyStep = 1U << 20U;
constexpr int kAcceptsAtOnce = 32;  // then the connections get their turn

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
};

Result<Address> parse_address(const std::string& host, std::uint16_t port) {
  Address out;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    out.size = sizeof(sockaddr_in);
    return out;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    out.size = sizeof(sockaddr_in6);
    return out;
  }
  return Error(Reason::kConfigInvalid, "listen address is not an IP address");
}

// One peer is one IPv4 address, or one /64: a single IPv6 host owns all addresses of it.
std::string peer_key(const sockaddr_storage& from) {
  if (from.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&from);
    return {reinterpret_cast<const char*>(&v4->sin_addr), 4};
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&from);
  return {reinterpret_cast<const char*>(&v6->sin6_addr), 8};
}

int open_spare() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

Error bind_error(int error) {
  return Error(Reason::kConfigInvalid, std::string("cannot listen: ") + std::strerror(error));
}

}  // namespace

bool Admission::enter(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  if (all_ >= max_all_) return false;
  std::size_t& n = peers_[peer];
  if (n >= max_per_peer_) {
    if (n == 0) peers_.erase(peer);
    return false;
  }
  ++n;
  ++all_;
  return true;
}

void Admission::leave(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  --all_;
  const auto it = peers_.find(peer);
  if (--it->second == 0) peers_.erase(it);
}

bool BodyBudget::take(std::size_t bytes) {
  const auto n = static_cast<std::int64_t>(bytes);
  if (left_.fetch_sub(n) >= n) return true;
  left_ += n;
  return false;
}

bool BodyShare::cover(std::size_t body_bytes) {
  if (body_bytes <= kFreeBody || body_bytes <= held_) return true;
  const std::size_t wanted = (body_bytes / kBodyStep + 1) * kBodyStep;
  if (!budget_.take(wanted - held_)) return false;
  held_ = wanted;
  return true;
}

void BodyShare::release() {
  budget_.give_back(held_);
  held_ = 0;
}

Arrival::~Arrival() {
  if (socket_ >= 0) ::close(socket_);
}

int Arrival::take_socket() {
  const int s = socket_;
  socket_ = -1;
  return s;
}

Result<int> Listener::bind(const std::string& host, std::uint16_t port) {
  Address address = LH_TRY(parse_address(host, port));
  const int fd = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return bind_error(errno);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, address.raw(), address.size) != 0 || ::listen(fd, kBacklog) != 0) {
    const int error = errno;
    ::close(fd);
    return bind_error(error);
  }
  return fd;
}

std::uint16_t Listener::bound_port(int socket) {
  Address a;
  a.size = sizeof a.storage;
  if (::getsockname(socket, a.raw(), &a.size) != 0) return 0;
  // The port stands at the same place in both kinds of address.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&a.storage)->sin_port);
}

Listener::Listener(Loop& loop, int socket, Admission& admission, Metrics& metrics, Opener open)
    : loop_(loop),
      watch_(loop, socket),
      admission_(admission),
      metrics_(metrics),
      open_(std::move(open)),
      spare_(open_spare()) {}

Listener::~Listener() {
  if (spare_ >= 0) ::close(spare_);
}

void Listener::begin() {
  loop_.join(shared_from_this());
  watch_.wait(Direction::kRead, shared_from_this());
}

Listener::Accepted Listener::accept_one() {
  Address from;
  from.size = sizeof from.storage;
  const int fd = ::accept4(watch_.socket(), from.raw(), &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    if (errno == EMFILE || errno == ENFILE) return shed_one();
    if (errno == ENOBUFS || errno == ENOMEM) return Accepted::kNoRoom;
    if (errno == EAGAIN) return Accepted::kNone;
    return Accepted::kOne;  // that one is gone already (ECONNABORTED, EPROTO, …); the next may not
                            // be
  }
  Arrival arrival(fd, nullptr);
  const std::string peer = peer_key(from.storage);
  if (!admission_.enter(peer)) {
    metrics_.count_refusal(Reason::kTooManyConnections);
    return Accepted::kOne;  // closed before it costs a handshake
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  open_(std::make_shared<Arrival>(arrival.take_socket(), std::make_shared<Seat>(admission_, peer)));
  return Accepted::kOne;
}

// No descriptor left: with the spare one the waiting connection is at least closed, instead of
// keeping the listening socket readable for ever.
Listener::Accepted Listener::shed_one() {
  if (spare_ < 0) return Accepted::kNoRoom;
  ::close(spare_);
  const int fd = ::accept4(watch_.socket(), nullptr, nullptr, SOCK_CLOEXEC);
  if (fd >= 0) ::close(fd);
  spare_ = open_spare();
  metrics_.count_refusal(Reason::kTooManyConnections);
  return fd >= 0 ? Accepted::kOne : Accepted::kNoRoom;
}

void Listener::on_ready() {
  for (int i = 0; i < kAcceptsAtOnce && !closed_; ++i) {
    const Accepted a = accept_one();
    if (a == Accepted::kNone) break;
    // Without room the next attempt is the next tick's, not now and again and again.
    if (a == Accepted::kNoRoom) return;
  }
  if (!closed_) watch_.wait(Direction::kRead, shared_from_this());
}

void Listener::on_tick(std::int64_t /*now_us*/) {
  if (spare_ < 0) spare_ = open_spare();
  if (!closed_) watch_.wait(Direction::kRead, shared_from_this());
}

void Listener::on_drain() {
  on_halt();
}

void Listener::on_halt() {
  if (closed_) return;
  closed_ = true;
  watch_.close();
  loop_.leave(*this);
}

}  // namespace lh::hub::edge
