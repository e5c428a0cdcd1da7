// HTTP messages as values: what the edge hands in and takes back. No socket, no library type.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace lh::hub::api {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kDelete, kOther };
enum class Listener : std::uint8_t { kDepartments, kPublic };

// What pki said of the client certificate, on this very request (a resumed session brings the leaf
// it had; its state is checked again).
enum class CertificateState : std::uint8_t { kNone, kUntrusted, kTrusted };
struct ClientCertificate {
  CertificateState state = CertificateState::kNone;
  Reason reason = Reason::kCallerNoCertificate;  // the finding when untrusted
  Digest fingerprint{};                          // SHA-256 of the leaf
};

struct Request {
  Listener listener = Listener::kDepartments;
  Method method = Method::kGet;
  std::string path;   // canonical, decoded once, begins with '/', no dot segments
  std::string query;  // raw, without '?'
  std::string body;
  std::string content_type;
  std::string accept_language;
  std::string idempotency_key;
  std::string if_none_match;
  std::string traceparent;
  std::string content_digest;  // RFC 9530, as they came
  std::string repr_digest;
  ClientCertificate certificate;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
};

// Called exactly once a request, on any thread.
using Responder = std::function<void(Response)>;

// What the edge calls. handle() must not block; it may answer before it returns.
class Handler {
 public:
  Handler() = default;
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  virtual ~Handler() = default;
  virtual void handle(Request request, Responder respond) = 0;
  // Bytes a body may have on this route (1 MiB, documents 32 MiB).
  virtual std::size_t body_limit(Method method, std::string_view path) const = 0;
  // Problem answers for requests that never became a Request (bad framing, time out, too large).
  // Counted and audited as anonymous refusals.
  virtual Response refuse(Reason reason, std::string_view accept_language) = 0;
};

}  // namespace lh::hub::api
