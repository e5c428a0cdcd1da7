// Which databases the hub may call.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>

#include "adapters/sql/sql_settings.h"

namespace lh::adapters::sql {
namespace {

enum class Place : std::uint8_t { kElsewhere, kThisMachine, kNowhere };

// RFC 1122 3.2.1.3, RFC 3927, RFC 4291 2.5: loopback, link-local (cloud metadata lives there),
// unspecified.
Place place_of_v4(std::uint32_t address) {
  if (address >> 24U == 127) return Place::kThisMachine;
  if (address >> 16U == 0xA9FE || address >> 24U == 0 || address >> 28U == 14) {
    return Place::kNowhere;
  }
  return Place::kElsewhere;
}

Place place_of_v6(const in6_addr& address) {
  if (IN6_IS_ADDR_LOOPBACK(&address)) return Place::kThisMachine;
  if (IN6_IS_ADDR_V4MAPPED(&address) || IN6_IS_ADDR_V4COMPAT(&address)) {
    const std::uint8_t* b = address.s6_addr + 12;
    return place_of_v4(static_cast<std::uint32_t>(b[0]) << 24U |
                       static_cast<std::uint32_t>(b[1]) << 16U |
                       static_cast<std::uint32_t>(b[2]) << 8U | b[3]);
  }
  if (IN6_IS_ADDR_UNSPECIFIED(&address) || IN6_IS_ADDR_LINKLOCAL(&address) ||
      IN6_IS_ADDR_MULTICAST(&address)) {
    return Place::kNowhere;
  }
  return Place::kElsewhere;
}

Place place_of(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    return place_of_v4(ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr));
  }
  if (address->sa_family == AF_INET6) {
    return place_of_v6(reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
  }
  return Place::kNowhere;
}

struct FreeList {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

}  // namespace

Status check_target(const Connection& to, const Surroundings& around) {
  if (to.dsn.empty() && to.server.empty()) return {};  // a file
  const std::string target =
      to.dsn.empty() ? to.server + ":" + std::to_string(to.port) : "dsn:" + to.dsn;
  const auto& allowed = around.allowed_targets;
  if (std::find(allowed.begin(), allowed.end(), target) == allowed.end()) {
    return Error(Reason::kSourceTarget, target + " is not among the allowed targets");
  }
  if (!to.dsn.empty()) return {};  // the operator wrote it into odbc.ini and allowed it by name
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(to.server.c_str(), nullptr, &hints, &found) != 0) {
    return Error(Reason::kSourceUnavailable, target + ": the name is not known");
  }
  const std::unique_ptr<addrinfo, FreeList> list(found);
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    const Place place = place_of(a->ai_addr);
    if (place == Place::kNowhere || (place == Place::kThisMachine && !around.allow_loopback)) {
      return Error(Reason::kSourceTarget, target + " is at an address that is not allowed");
    }
  }
  return {};
}

}  // namespace lh::adapters::sql
