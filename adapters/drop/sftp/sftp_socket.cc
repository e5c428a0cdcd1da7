#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "adapters/drop/sftp/sftp_session.h"

namespace lh::adapters::drop {
namespace {

bool is_loopback(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);  // NOLINT: the API's form
    return ntohl(v4->sin_addr.s_addr) >> 24U == 127;
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);  // NOLINT
  return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

// Addresses nobody means to call: any, link-local, multicast, broadcast, IPv4 inside IPv6.
bool is_forbidden(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);  // NOLINT: the API's form
    const std::uint32_t a = ntohl(v4->sin_addr.s_addr);
    return a == 0 || a >> 16U == 0xA9FE || a >> 28U >= 0xE;
  }
  if (address->sa_family != AF_INET6) return true;
  const auto& a = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;  // NOLINT
  return IN6_IS_ADDR_UNSPECIFIED(&a) || IN6_IS_ADDR_LINKLOCAL(&a) || IN6_IS_ADDR_MULTICAST(&a) ||
         IN6_IS_ADDR_V4MAPPED(&a);
}

struct FreeAddresses {
  void operator()(addrinfo* a) const { ::freeaddrinfo(a); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> resolve(const SftpSettings& settings, const Surroundings& around) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(settings.port);
  if (::getaddrinfo(settings.host.c_str(), port.c_str(), &hints, &found) != 0) {
    return Error(Reason::kSourceUnavailable, "no address of " + settings.host);
  }
  Addresses out(found);
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    const bool loopback = is_loopback(a->ai_addr);
    if (is_forbidden(a->ai_addr) || (loopback && !around.allow_loopback)) {
      return Error(Reason::kSourceTarget, "an address that is not allowed: " + settings.host);
    }
  }
  return out;
}

bool connect_within(int fd, const addrinfo& to, int timeout_ms) {
  if (::connect(fd, to.ai_addr, to.ai_addrlen) == 0) return true;
  if (errno != EINPROGRESS) return false;
  pollfd ready = {fd, POLLOUT, 0};
  if (::poll(&ready, 1, timeout_ms) != 1) return false;
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

}  // namespace

Result<int> connect_socket(const SftpSettings& settings, const Surroundings& around) {
  const std::string target = settings.host + ":" + std::to_string(settings.port);
  const auto& allowed = around.allowed_targets;
  if (std::find(allowed.begin(), allowed.end(), target) == allowed.end()) {
    return Error(Reason::kSourceTarget, target);
  }
  const Addresses addresses = LH_TRY(resolve(settings, around));
  for (const addrinfo* a = addresses.get(); a != nullptr; a = a->ai_next) {
    const int fd =
        ::socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
    if (fd < 0) continue;
    if (connect_within(fd, *a, settings.timeout_seconds * 1000)) return fd;
    ::close(fd);
  }
  return Error(Reason::kSourceUnavailable, target);
}

}  // namespace lh::adapters::drop
