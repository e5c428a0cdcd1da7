// Which machines the hub may call: the one judge for every kind of source. What is called is named
// by the hub's configuration, resolved once, and its addresses are judged before one of them is
// used.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace lh::adapters {

// `target` ("host:port", "dsn:NAME") stands in the list. Errors: source.target.
Status check_listed(const std::string& target, const std::vector<std::string>& allowed);

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

enum class Place : std::uint8_t {
  kElsewhere,
  kThisMachine,  // 127.0.0.0/8, ::1
  kNowhere,      // unspecified, link-local (cloud metadata lives there), multicast, reserved,
                 // IPv4 inside IPv6 (RFC 1122 3.2.1.3, RFC 3927, RFC 4291 2.5)
};
Place place_of(const sockaddr* address);

enum class ThisMachine : std::uint8_t { kRefused, kAllowed };
// Every address of the host, each fit to be called: one that is not makes the whole answer suspect.
// Errors: source.unavailable (the name is not known), source.target.
Result<std::vector<Address>> resolve(const std::string& host, std::uint16_t port,
                                     ThisMachine this_machine);

}  // namespace lh::adapters
