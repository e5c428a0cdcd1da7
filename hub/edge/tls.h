// TLS 1.2 and 1.3 over one non-blocking socket, by OpenSSL.
// Source: RFC 8446, RFC 5246, RFC 7301. The handshake always completes, whatever certificate the
// client shows or does not show: who it is, is judged on every request (caller.h).
// Threads: a context anywhere; a stream on the loop that owns it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/secret.h"
#include "pki/certificate.h"

namespace lh::hub::edge {

enum class ClientCertificates : std::uint8_t { kRequested, kNeverAsked };

class TlsContext {
 public:
  struct Impl;
  // chain: leaf first. Errors: crypto.failure (a key that is not the leaf's, …).
  static Result<TlsContext> make(std::span<const pki::Certificate> chain,
                                 const Secret& private_key_pkcs8, ClientCertificates clients);

 private:
  friend class TlsStream;
  explicit TlsContext(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

enum class Io : std::uint8_t {
  kDone,       // progress was made
  kWantRead,   // call again when the socket is readable
  kWantWrite,  // call again when it is writable
  kEnd,        // the peer said it will send no more
  kFailed,     // nothing more can be done but close the socket
};

class TlsStream {
 public:
  // socket: non-blocking; stays the caller's, who outlives the stream.
  static Result<TlsStream> accept(const TlsContext& context, int socket);
  TlsStream(TlsStream&&) noexcept;
  TlsStream& operator=(TlsStream&&) noexcept;
  ~TlsStream();

  Io handshake();
  Io read(char* out, std::size_t room, std::size_t& n);
  Io write(std::string_view bytes, std::size_t& n);
  void close_notify();  // best effort, does not wait
  // Gives back the 34 KiB of record buffers; they come again with the next byte. For idle streams:
  // giving them back after every record costs more than the record's encryption.
  void drop_buffers();
  // Bytes that were received and wait inside: the socket will not become readable for them.
  bool holds_input() const;
  // DER, leaf first, as the client sent it (a resumed session: as it sent it then). Empty: none.
  std::vector<Bytes> peer_chain() const;

 private:
  struct Impl;
  explicit TlsStream(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lh::hub::edge
