// One connection, TLS or plain, on which every wait ends at a deadline: a peer that gives a byte
// now and then gains nothing by it. Private to this folder.
#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <memory>

#include "adapters/outbound/http_client.h"

namespace lh::adapters::outbound {

using Deadline = std::chrono::steady_clock::time_point;

// Errors: config.invalid (a file or key that cannot be read).
Result<Poco::Net::Context::Ptr> make_context(const HttpSettings& settings);

class Wire {
 public:
  // context: null for plain. The certificate is held against `host`. Errors: source.unavailable.
  static Result<std::unique_ptr<Wire>> open(const Poco::Net::SocketAddress& to,
                                            const std::string& host,
                                            const Poco::Net::Context::Ptr& context, Deadline end);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  // Errors of both: source.unavailable.
  Status send(std::string_view bytes, Deadline end);
  // 0: the peer closed.
  Result<std::size_t> receive(char* out, std::size_t n, Deadline end);
  // Nothing is waiting to be read and the peer has not closed, as far as is known here.
  bool quiet();

 private:
  enum class Direction : std::uint8_t { kRead, kWrite };
  explicit Wire(Poco::Net::StreamSocket socket) : socket_(std::move(socket)) {}
  Status wait(Direction direction, Deadline end);
  Direction wanted(int code, Direction plain) const;
  Poco::Net::StreamSocket socket_;
};

}  // namespace lh::adapters::outbound
