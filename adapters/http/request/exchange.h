// Sends a request until it is answered or may not be sent again, and says what an HTTP status means
// for us. Every sending is authorised anew (time and nonce are never used twice).
#pragma once

#include <memory>
#include <vector>

#include "adapters/http/request/operation.h"

namespace lh::adapters::http::request {

// Waiting between two sendings; tests do not wait.
class Pauses {
 public:
  Pauses() = default;
  Pauses(const Pauses&) = delete;
  Pauses& operator=(const Pauses&) = delete;
  virtual ~Pauses() = default;
  virtual void wait_ms(std::int64_t ms) const = 0;
};
std::unique_ptr<Pauses> make_pauses();  // sleeps

// What kinds over HTTP are made of; outlives their sources.
struct Tools {
  const Surroundings& with;
  const MessageDigests& digests;
  const transport::Transports& transports;
  const Pauses& pauses;
};

struct Sending {
  std::vector<std::pair<std::string, std::string>> headers;  // beside those of the operation
  std::vector<int> accepted;                                 // statuses beside 2xx
  Repeat repeat = Repeat::kNever;
};

// Not for use by two threads at once.
class Exchange {
 public:
  static Result<std::unique_ptr<Exchange>> open(const Connection& connection, const Tools& tools);
  // Errors: source.unavailable (408, 429, 500, 502, 503, 504, no answer), source.refused (other 4xx
  // and 5xx), source.answer (redirects, which are never followed), input.too_large, key.missing,
  // input.malformed (a value that cannot stand in its place).
  Result<outbound::HttpResponse> run(const Operation& operation, const Values& values,
                                     const Sending& sending);
  // Every sending asks it first; null: nobody. It outlives this.
  void obey(CallGate* calls) { calls_ = calls; }
  // Another path of the same server ("next" links) instead of the operation's own.
  Result<outbound::HttpResponse> run_at(const std::string& path, const Operation& operation,
                                        const Sending& sending);

 private:
  Exchange(const Connection& connection, const Tools& tools,
           std::unique_ptr<transport::Transport> transport)
      : connection_(connection), tools_(tools), transport_(std::move(transport)) {}
  template <class Make>
  Result<outbound::HttpResponse> send_once(const Make& make, const Sending& sending);
  template <class Make>
  Result<outbound::HttpResponse> run_with(const Make& make, const Sending& sending);
  std::int64_t pause_before(int attempt, const outbound::HttpResponse* answer) const;
  Connection connection_;
  Tools tools_;
  std::unique_ptr<transport::Transport> transport_;
  CallGate* calls_ = nullptr;
};

// The value of a header field; empty: not there.
std::string_view header_of(const outbound::HttpResponse& response, std::string_view name);

}  // namespace lh::adapters::http::request
