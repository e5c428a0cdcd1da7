#include "hub/edge/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace lh::hub::edge {

namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using SslContextPtr = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Freed<SSL_free>>;
using BioMethodPtr = std::unique_ptr<BIO_METHOD, Freed<BIO_meth_free>>;
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

constexpr long kCachedSessions = 2048;  // about 4 KiB each with a client's chain
constexpr long kSessionSeconds = 3600;
constexpr long kPeerChainBytes = 64L << 10;

Error tls_error(const char* what) {
  const unsigned long code = ERR_peek_last_error();
  const char* words = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return Error(Reason::kCryptoFailure,
               std::string(what) + (words == nullptr ? "" : std::string(": ") + words));
}

// A socket BIO of our own: the library's writes with write(2), which raises SIGPIPE.
int socket_of(BIO* bio) {
  int fd = -1;
  BIO_get_fd(bio, &fd);
  return fd;
}

int finish_io(BIO* bio, ssize_t n, int retry_flag) {
  BIO_clear_retry_flags(bio);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
    BIO_set_flags(bio, retry_flag | BIO_FLAGS_SHOULD_RETRY);
  }
  return static_cast<int>(n);
}

int bio_write(BIO* bio, const char* data, int size) {
  const ssize_t n = ::send(socket_of(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  return finish_io(bio, n, BIO_FLAGS_WRITE);
}

int bio_read(BIO* bio, char* data, int room) {
  const ssize_t n = ::recv(socket_of(bio), data, static_cast<std::size_t>(room), 0);
  if (n == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return finish_io(bio, n, BIO_FLAGS_READ);
}

long bio_control(BIO* bio, int command, long /*number*/, void* pointer) {
  switch (command) {
    case BIO_C_SET_FD:
      // The macro passes the descriptor by pointer. Kept plus one, so that 0 is not "none".
      BIO_set_data(bio, reinterpret_cast<void*>(
                            static_cast<std::intptr_t>(*static_cast<const int*>(pointer)) + 1));
      BIO_set_init(bio, 1);
      return 1;
    case BIO_C_GET_FD: {
      const auto fd = static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)) - 1);
      if (pointer != nullptr) *static_cast<int*>(pointer) = fd;
      return fd;
    }
    case BIO_CTRL_EOF:
      return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    case BIO_CTRL_FLUSH:
      return 1;
    default:
      return 0;
  }
}

BioMethodPtr make_bio_method() {
  BioMethodPtr m(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket"));
  if (m == nullptr) return m;
  BIO_meth_set_write(m.get(), bio_write);
  BIO_meth_set_read(m.get(), bio_read);
  BIO_meth_set_ctrl(m.get(), bio_control);
  return m;
}

// The chain is judged by pki on every request; here it only has to be kept.
int accept_any_chain(X509_STORE_CTX* /*context*/, void* /*arg*/) {
  return 1;
}

// RFC 7301 3.2: a client that names protocols, but not ours, is told so.
int choose_http11(const unsigned char** out, unsigned char* size,
                  std::span<const unsigned char> offered) {
  static constexpr std::array<unsigned char, 9> kOurs = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, size, kOurs.data(), kOurs.size(), offered.data(),
                            static_cast<unsigned int>(offered.size())) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

void set_alpn(SSL_CTX* ctx) {
  SSL_CTX_set_alpn_select_cb(
      ctx,
      [](SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered,
         unsigned int n, void*) {
        return choose_http11(out, size, {offered, n});
      },
      nullptr);
}

Result<X509Ptr> parsed(const pki::Certificate& c) {
  const auto* p = reinterpret_cast<const unsigned char*>(c.der().data());
  X509Ptr x(d2i_X509(nullptr, &p, static_cast<long>(c.der().size())));
  if (x == nullptr) return tls_error("server certificate");
  return x;
}

Status use_identity(SSL_CTX* ctx, std::span<const pki::Certificate> chain, const Secret& pkcs8) {
  if (chain.empty()) return Error(Reason::kConfigInvalid, "no server certificate");
  X509Ptr leaf = LH_TRY(parsed(chain.front()));
  if (SSL_CTX_use_certificate(ctx, leaf.get()) != 1) return tls_error("server certificate");
  for (const pki::Certificate& c : chain.subspan(1)) {
    X509Ptr x = LH_TRY(parsed(c));
    if (SSL_CTX_add0_chain_cert(ctx, x.get()) != 1) return tls_error("server chain");
    static_cast<void>(x.release());  // the context owns it now
  }
  const unsigned char* p = pkcs8.data();
  const KeyPtr key(d2i_AutoPrivateKey(nullptr, &p, static_cast<long>(pkcs8.size())));
  if (key == nullptr) return tls_error("server key");
  if (SSL_CTX_use_PrivateKey(ctx, key.get()) != 1 || SSL_CTX_check_private_key(ctx) != 1) {
    return tls_error("server key");
  }
  return ok_status();
}

Status set_protocol(SSL_CTX* ctx) {
  // RFC 9325: no 1.1, no renegotiation, no compression, forward secrecy only.
  constexpr const char* kTls12 =
      "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
      "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384";
  constexpr const char* kTls13 =
      "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
  if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(ctx, kTls12) != 1 || SSL_CTX_set_ciphersuites(ctx, kTls13) != 1 ||
      SSL_CTX_set1_groups_list(ctx, "X25519:P-256") != 1) {
    return tls_error("protocol settings");
  }
  SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                               SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(ctx, 1);
  set_alpn(ctx);
  return ok_status();
}

// Stateful resumption: the session, and with it the client's chain, never leaves this process.
Status set_sessions(SSL_CTX* ctx, ClientCertificates clients) {
  const bool asks = clients == ClientCertificates::kRequested;
  const std::string_view id = asks ? "licencehub.departments" : "licencehub.public";
  if (SSL_CTX_set_session_id_context(ctx, reinterpret_cast<const unsigned char*>(id.data()),
                                     static_cast<unsigned int>(id.size())) != 1 ||
      SSL_CTX_set_num_tickets(ctx, 1) != 1) {
    return tls_error("session settings");
  }
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_SERVER);
  SSL_CTX_sess_set_cache_size(ctx, kCachedSessions);
  SSL_CTX_set_timeout(ctx, kSessionSeconds);
  SSL_CTX_set_max_cert_list(ctx, kPeerChainBytes);
  if (asks) {
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(ctx, accept_any_chain, nullptr);
  }
  return ok_status();
}

Bytes der_of(X509* x) {
  unsigned char* raw = nullptr;
  const int n = i2d_X509(x, &raw);
  if (n <= 0) return {};
  Bytes out(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(n));
  OPENSSL_free(raw);
  return out;
}

}  // namespace

struct TlsContext::Impl {
  BioMethodPtr bio_method;
  SslContextPtr context;
};

Result<TlsContext> TlsContext::make(std::span<const pki::Certificate> chain,
                                    const Secret& private_key_pkcs8, ClientCertificates clients) {
  auto impl = std::make_shared<Impl>();
  impl->bio_method = make_bio_method();
  impl->context.reset(SSL_CTX_new(TLS_server_method()));
  if (impl->bio_method == nullptr || impl->context == nullptr) return tls_error("TLS context");
  LH_TRY(set_protocol(impl->context.get()));
  LH_TRY(set_sessions(impl->context.get(), clients));
  LH_TRY(use_identity(impl->context.get(), chain, private_key_pkcs8));
  return TlsContext(std::move(impl));
}

struct TlsStream::Impl {
  std::shared_ptr<const TlsContext::Impl> context;  // outlives the SSL and its BIO
  SslPtr ssl;
  bool broken = false;

  Io outcome(int result) {
    switch (SSL_get_error(ssl.get(), result)) {
      case SSL_ERROR_NONE:
        return Io::kDone;
      case SSL_ERROR_WANT_READ:
        return Io::kWantRead;
      case SSL_ERROR_WANT_WRITE:
        return Io::kWantWrite;
      case SSL_ERROR_ZERO_RETURN:
        return Io::kEnd;
      default:
        broken = true;
        return Io::kFailed;
    }
  }
};

TlsStream::TlsStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsStream::TlsStream(TlsStream&&) noexcept = default;
TlsStream& TlsStream::operator=(TlsStream&&) noexcept = default;
TlsStream::~TlsStream() = default;

Result<TlsStream> TlsStream::accept(const TlsContext& context, int socket) {
  auto impl = std::make_unique<Impl>();
  impl->context = context.impl_;
  impl->ssl.reset(SSL_new(context.impl_->context.get()));
  BIO* bio = BIO_new(context.impl_->bio_method.get());
  if (impl->ssl == nullptr || bio == nullptr) {
    BIO_free(bio);
    return tls_error("TLS stream");
  }
  BIO_set_fd(bio, socket, BIO_NOCLOSE);
  SSL_set_bio(impl->ssl.get(), bio, bio);
  SSL_set_accept_state(impl->ssl.get());
  return TlsStream(std::move(impl));
}

Io TlsStream::handshake() {
  ERR_clear_error();
  return impl_->outcome(SSL_do_handshake(impl_->ssl.get()));
}

Io TlsStream::read(char* out, std::size_t room, std::size_t& n) {
  ERR_clear_error();
  n = 0;
  const int ok = SSL_read_ex(impl_->ssl.get(), out, room, &n);
  return ok == 1 ? Io::kDone : impl_->outcome(ok);
}

Io TlsStream::write(std::string_view bytes, std::size_t& n) {
  ERR_clear_error();
  n = 0;
  const int ok = SSL_write_ex(impl_->ssl.get(), bytes.data(), bytes.size(), &n);
  return ok == 1 ? Io::kDone : impl_->outcome(ok);
}

void TlsStream::close_notify() {
  // After a fatal error the library must not be asked to shut down.
  if (impl_->broken || SSL_is_init_finished(impl_->ssl.get()) != 1) return;
  ERR_clear_error();
  SSL_shutdown(impl_->ssl.get());
  ERR_clear_error();
}

void TlsStream::drop_buffers() {
  SSL_free_buffers(impl_->ssl.get());  // refused while something waits in them
}

bool TlsStream::holds_input() const {
  return SSL_has_pending(impl_->ssl.get()) == 1;
}

std::vector<Bytes> TlsStream::peer_chain() const {
  std::vector<Bytes> out;
  X509* leaf = SSL_get0_peer_certificate(impl_->ssl.get());
  if (leaf == nullptr) return out;
  out.push_back(der_of(leaf));
  // On the server's side this list does not hold the leaf.
  STACK_OF(X509)* others = SSL_get_peer_cert_chain(impl_->ssl.get());
  for (int i = 0; others != nullptr && i < sk_X509_num(others); ++i) {
    out.push_back(der_of(sk_X509_value(others, i)));
  }
  return out;
}

}  // namespace lh::hub::edge
