// Where a source is and how it is reached: the parts of a [source] table that every kind over HTTP
// has in common (url, [source.tls], [source.auth], [source.limits]).
#pragma once

#include <string>

#include "adapters/http/request/auth.h"
#include "adapters/outbound/http_client.h"
#include "base/limits.h"

namespace lh::adapters::http::request {

struct Limits {
  int first_byte_ms = 10000;
  int total_ms = 60000;  // of one exchange
  std::size_t response_bytes = 32U << 20U;
  std::size_t row_bytes = limits::kRowBytes;
  std::size_t items = 100000;   // of one answer
  std::size_t pages = 100000;   // of one run
  int retries = 2;              // where a request may be sent again
  int longest_wait_ms = 10000;  // for one of them
};

struct Connection {
  std::string scheme;  // "https", "http"
  std::string host;
  std::uint16_t port = 443;
  std::string base_path;  // "", or "/api" without a slash at the end
  std::string ca_file;
  std::string certificate_file;
  std::string key_secret;
  Auth auth;
  Limits limits;
  std::string target() const { return host + ":" + std::to_string(port); }
};

// Asks `in` for its keys. Errors: mapping.invalid.
Result<Connection> read_connection(SettingsReader& in);

// Errors: source.target, key.missing, source.unavailable, config.invalid.
Result<std::unique_ptr<transport::Transport>> open_transport(const Connection& connection,
                                                             const Surroundings& with,
                                                             const transport::Transports& by);

}  // namespace lh::adapters::http::request
