// The gate: what a parsed head must be before a request exists. Everything that could make two
// readers disagree about where a request ends, whom it is for or what it asks is refused.
// Source: RFC 9110, RFC 9112 sections 3.2 (Host), 6 (framing), 9.6 (Connection). Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "hub/api/message.h"
#include "hub/edge/http/head.h"

namespace lh::hub::edge::http {

enum class Framing : std::uint8_t { kNoBody, kLength, kChunked };
enum class Persistence : std::uint8_t { kKeepAlive, kClose };
enum class Expectation : std::uint8_t { kNothing, kContinue };

struct Admitted {
  api::Request request;  // body, listener and certificate are not filled in yet
  Framing framing = Framing::kNoBody;
  std::uint64_t content_length = 0;
  Persistence persistence = Persistence::kKeepAlive;
  Expectation expectation = Expectation::kNothing;
};

// served_hosts: lower case, without port; empty = any well-formed host.
// Errors: http.version, http.method (a method nobody knows, CONNECT, TRACE), http.host,
// http.framing, http.path, http.target_too_long, http.expectation, http.header_too_large,
// http.malformed (a field repeated that must not be). After any of them the connection is closed.
Result<Admitted> admit(const Head& head, std::span<const std::string> served_hosts);

}  // namespace lh::hub::edge::http
