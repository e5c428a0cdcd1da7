#include "adapters/targets.h"

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace lh::adapters {
namespace {

Place place_of_v4(std::uint32_t address) {
  const std::uint32_t first = address >> 24U;
  if (first == 127) return Place::kThisMachine;
  const bool nowhere = first == 0 || first >= 224 || address >> 16U == 0xA9FE;
  return nowhere ? Place::kNowhere : Place::kElsewhere;
}

Place place_of_v6(const in6_addr& address) {
  if (IN6_IS_ADDR_LOOPBACK(&address)) return Place::kThisMachine;
  const bool nowhere = IN6_IS_ADDR_UNSPECIFIED(&address) || IN6_IS_ADDR_LINKLOCAL(&address) ||
                       IN6_IS_ADDR_MULTICAST(&address) || IN6_IS_ADDR_V4MAPPED(&address) ||
                       IN6_IS_ADDR_V4COMPAT(&address);
  return nowhere ? Place::kNowhere : Place::kElsewhere;
}

struct FreeList {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

}  // namespace

Status check_listed(const std::string& target, const std::vector<std::string>& allowed) {
  if (std::find(allowed.begin(), allowed.end(), target) != allowed.end()) return {};
  return Error(Reason::kSourceTarget, target + " is not among the allowed targets");
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

Result<std::vector<Address>> resolve(const std::string& host, std::uint16_t port,
                                     ThisMachine this_machine) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return Error(Reason::kSourceUnavailable, "no address of " + host);
  }
  const std::unique_ptr<addrinfo, FreeList> list(found);
  std::vector<Address> out;
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    const Place place = place_of(a->ai_addr);
    if (place == Place::kNowhere ||
        (place == Place::kThisMachine && this_machine == ThisMachine::kRefused)) {
      return Error(Reason::kSourceTarget, "an address that is not allowed: " + host);
    }
    Address address;
    address.size = a->ai_addrlen;
    std::memcpy(&address.storage, a->ai_addr, a->ai_addrlen);
    out.push_back(address);
  }
  return out;
}

}  // namespace lh::adapters
