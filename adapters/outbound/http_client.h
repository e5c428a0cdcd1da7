// Calls out over HTTP/1.1 with mutual TLS: the one home of Poco::Net. Every wait has an end,
// targets come from an allow-list, redirects are never followed, a name is resolved once and its
// address kept; loopback, link-local and unspecified addresses are refused unless the settings
// allow them. Never: a compressed answer (identity is asked for), a proxy, plain HTTP beyond this
// machine.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace lh::adapters::outbound {

enum class Security : std::uint8_t { kTls, kPlainLoopback };

struct HttpSettings {
  std::string host;
  std::uint16_t port = 443;
  std::vector<std::string> allowed_targets;  // "host:port"; the target must be among them
  std::string ca_file;                       // PEM anchors of the server
  std::string certificate_file;              // client chain, PEM, leaf first; empty = none
  std::string key_file;                      // PEM
  bool allow_loopback = false;
  int timeout_ms = 10000;        // to connect, and from a sent request to the answer's first byte
  int total_timeout_ms = 60000;  // of one send, connecting included
  std::size_t max_response_bytes = 32U << 20U;
  Security security = Security::kTls;  // plain: to loopback addresses only
  const Secret* key_pem = nullptr;     // instead of key_file; used while connect runs
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
  // Connects with the first send. Errors: source.target (target or address not allowed),
  // config.invalid (key or certificate that cannot be read), source.unavailable (the name).
  static Result<std::unique_ptr<HttpClient>> connect(const HttpSettings& settings);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  // Any status is a response; errors: source.unavailable, source.answer (not HTTP as the reader
  // takes it), input.too_large, input.malformed (a head with anything but visible ASCII: a line end
  // in it would begin another message). After an error the next send connects anew. A GET or HEAD
  // on a kept connection that the server had closed is sent again, once, on a new one.
  Result<HttpResponse> send(const HttpRequest& request);

 private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lh::adapters::outbound
