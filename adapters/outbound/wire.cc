#include "adapters/outbound/wire.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLManager.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <signal.h>

#include <sstream>

namespace lh::adapters::outbound {
namespace {

using Poco::Net::Context;
using Poco::Net::SecureStreamSocket;

Error gone(const std::string& why) {
  return Error(Reason::kSourceUnavailable, why);
}

// TLS writes by write(2): a peer that went away would end the process. The signal is held back in
// this thread and eaten when it was ours.
class PipeGuard {
 public:
  PipeGuard() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  PipeGuard(const PipeGuard&) = delete;
  PipeGuard& operator=(const PipeGuard&) = delete;
  ~PipeGuard() {
    const timespec at_once{};
    if (!was_pending_) ::sigtimedwait(&pipe_, nullptr, &at_once);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

// The key comes as a secret; the library keeps its own copy in the context.
Status use_key(Context& context, const HttpSettings& s) {
  if (!s.certificate_file.empty()) {
    const auto chain = Poco::Crypto::X509Certificate::readPEM(s.certificate_file);
    if (chain.empty()) return Error(Reason::kConfigInvalid, "no certificate in the file");
    context.useCertificate(chain.front());
    for (std::size_t i = 1; i < chain.size(); ++i) context.addChainCertificate(chain[i]);
  }
  std::string pem(s.key_pem->bytes());
  std::istringstream in(pem);
  const Poco::Crypto::EVPPKey key(nullptr, &in);
  wipe(pem);
  context.usePrivateKey(key);
  return {};
}

}  // namespace

Result<Context::Ptr> make_context(const HttpSettings& settings) {
  try {
    Context::Params params;
    if (settings.key_pem == nullptr) {
      params.privateKeyFile = settings.key_file;
      params.certificateFile = settings.certificate_file;
    }
    params.caLocation = settings.ca_file;
    params.verificationMode = Context::VERIFY_STRICT;
    params.loadDefaultCAs = false;
    Context::Ptr context(new Context(Context::TLS_CLIENT_USE, params));
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    context->enableExtendedCertificateVerification(true);
    if (settings.key_pem != nullptr) LH_TRY(use_key(*context, settings));
    return context;
  } catch (const Poco::Exception& e) {
    return Error(Reason::kConfigInvalid, e.displayText());
  }
}

Result<std::unique_ptr<Wire>> Wire::open(const Poco::Net::SocketAddress& to,
                                         const std::string& host, const Context::Ptr& context,
                                         Deadline end) {
  const PipeGuard guard;
  try {
    if (context.isNull()) {
      auto wire = std::unique_ptr<Wire>(new Wire(Poco::Net::StreamSocket()));
      wire->socket_.connectNB(to);
      LH_TRY(wire->wait(Direction::kWrite, end));
      if (const int e = wire->socket_.impl()->socketError()) {
        return gone("connect: error " + std::to_string(e));
      }
      wire->socket_.setNoDelay(true);
      return wire;
    }
    SecureStreamSocket secure(context);
    secure.setPeerHostName(host);
    auto wire = std::unique_ptr<Wire>(new Wire(secure));
    secure.connectNB(to);
    LH_TRY(wire->wait(Direction::kWrite, end));
    if (const int e = secure.impl()->socketError()) {
      return gone("connect: error " + std::to_string(e));
    }
    secure.setNoDelay(true);
    for (;;) {
      const int code = secure.completeHandshake();
      if (code == 1) break;
      if (code == 0) return gone("the connection was closed in the handshake");
      LH_TRY(wire->wait(wire->wanted(code, Direction::kRead), end));
    }
    secure.verifyPeerCertificate(host);
    return wire;
  } catch (const Poco::Exception& e) {
    return gone(e.displayText());
  }
}

Wire::~Wire() {
  const PipeGuard guard;
  try {
    socket_.close();
  } catch (const Poco::Exception&) {
    return;  // the peer went first
  }
}

Wire::Direction Wire::wanted(int code, Direction plain) const {
  if (!socket_.secure()) return plain;
  return code == SecureStreamSocket::ERR_SSL_WANT_WRITE ? Direction::kWrite : Direction::kRead;
}

Status Wire::wait(Direction direction, Deadline end) {
  const auto left =
      std::chrono::duration_cast<std::chrono::microseconds>(end - std::chrono::steady_clock::now())
          .count();
  const int mode = direction == Direction::kRead ? Poco::Net::Socket::SELECT_READ
                                                 : Poco::Net::Socket::SELECT_WRITE;
  if (left <= 0 || !socket_.poll(Poco::Timespan(left), mode | Poco::Net::Socket::SELECT_ERROR)) {
    return gone("timeout");
  }
  return {};
}

Status Wire::send(std::string_view bytes, Deadline end) {
  const PipeGuard guard;
  try {
    while (!bytes.empty()) {
      const int chunk = static_cast<int>(std::min<std::size_t>(bytes.size(), 1U << 20U));
      const int n = socket_.sendBytes(bytes.data(), chunk);
      if (n == 0) return gone("the connection was closed");
      if (n < 0) {
        LH_TRY(wait(wanted(n, Direction::kWrite), end));
      } else {
        bytes.remove_prefix(static_cast<std::size_t>(n));
      }
    }
    return {};
  } catch (const Poco::Exception& e) {
    return gone(e.displayText());
  }
}

Result<std::size_t> Wire::receive(char* out, std::size_t n, Deadline end) {
  const PipeGuard guard;
  try {
    for (;;) {
      const int got = socket_.receiveBytes(out, static_cast<int>(n));
      if (got >= 0) {
        if (std::chrono::steady_clock::now() >= end) return gone("timeout");
        return static_cast<std::size_t>(got);
      }
      LH_TRY(wait(wanted(got, Direction::kRead), end));
    }
  } catch (const Poco::Exception& e) {
    return gone(e.displayText());
  }
}

// A session ticket may be waiting, which is no answer: so it is read, not only looked for.
bool Wire::quiet() {
  const PipeGuard guard;
  try {
    char one = 0;
    return socket_.receiveBytes(&one, 1) < 0;
  } catch (const Poco::Exception&) {
    return false;
  }
}

}  // namespace lh::adapters::outbound
