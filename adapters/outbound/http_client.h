// Calls out over HTTPS with mutual TLS: the one home of Poco::Net. Timeouts are always set, targets
// come from an allow-list, redirects are never followed, a name is resolved once and loopback,
// link-local and unspecified addresses are refused unless the settings allow them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace lh::adapters::outbound {

struct HttpSettings {
  std::string host;
  std::uint16_t port = 443;
  std::vector<std::string> allowed_targets;  // "host:port"; the target must be among them
  std::string ca_file;                       // PEM anchors of the server
  std::string certificate_file;              // client chain, PEM, leaf first; empty = none
  std::string key_file;                      // PEM
  bool allow_loopback = false;
  int timeout_ms = 10000;
  std::size_t max_response_bytes = 32U << 20U;
};
struct HttpRequest {
  std::string method = "GET";
  std::string path;  // with query
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type;
  std::string body;
};
struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
};

// One keep-alive connection; not for use by two threads at once.
class HttpClient {
 public:
  // Errors: config.invalid (target not allowed), source.unavailable (name, address refused).
  static Result<std::unique_ptr<HttpClient>> connect(const HttpSettings& settings);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  // Any status is a response; errors: source.unavailable, input.too_large, input.malformed (a head
  // with anything but visible ASCII: a line end in it would begin another message). After an error
  // the next send connects anew.
  Result<HttpResponse> send(const HttpRequest& request);

 private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lh::adapters::outbound
