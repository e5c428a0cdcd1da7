// The client of the edge's tests: OpenSSL on a blocking socket.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "tests/integration/edge_fixture.h"

namespace lh::hub::edge::testing {

struct Client::Impl {
  SSL_CTX* context = nullptr;
  SSL* ssl = nullptr;
  int fd = -1;
  bool connected = false;
  bool asked = false;
  std::string in;

  ~Impl() {
    SSL_free(ssl);
    SSL_CTX_free(context);
    if (fd >= 0) ::close(fd);
  }

  void use(const Identity& id) {
    for (std::size_t i = 0; i < id.chain.size(); ++i) {
      const auto* p = reinterpret_cast<const unsigned char*>(id.chain[i].der().data());
      X509* x = d2i_X509(nullptr, &p, static_cast<long>(id.chain[i].der().size()));
      if (i == 0) {
        SSL_CTX_use_certificate(context, x);
        X509_free(x);
      } else {
        SSL_CTX_add0_chain_cert(context, x);
      }
    }
    const auto* k = reinterpret_cast<const unsigned char*>(id.key.data());
    EVP_PKEY* key = d2i_AutoPrivateKey(nullptr, &k, static_cast<long>(id.key.size()));
    SSL_CTX_use_PrivateKey(context, key);
    EVP_PKEY_free(key);
  }

  bool fill() {
    char buffer[16384];
    const int n = SSL_read(ssl, buffer, sizeof buffer);
    if (n > 0) in.append(buffer, static_cast<std::size_t>(n));
    return n > 0;
  }
};

namespace {

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{60, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) return fd;
  ::close(fd);
  return -1;
}

}  // namespace

Client::Client(std::uint16_t port, ClientOptions options) : impl_(std::make_unique<Impl>()) {
  ::signal(SIGPIPE, SIG_IGN);
  Impl& c = *impl_;
  c.context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(c.context, 0);  // so that old protocols can be offered at all
  if (options.max_version != 0) {
    SSL_CTX_set_min_proto_version(c.context, options.min_version);
    SSL_CTX_set_max_proto_version(c.context, options.max_version);
  }
  if (options.identity != nullptr) c.use(*options.identity);
  SSL_CTX_set_client_cert_cb(c.context, [](SSL* ssl, X509**, EVP_PKEY**) {
    static_cast<Impl*>(SSL_get_app_data(ssl))->asked = true;
    return 0;
  });
  c.fd = connect_to(port);
  c.ssl = SSL_new(c.context);
  SSL_set_app_data(c.ssl, &c);
  SSL_set_fd(c.ssl, c.fd);
  if (!options.alpn.empty()) {
    SSL_set_alpn_protos(c.ssl, reinterpret_cast<const unsigned char*>(options.alpn.data()),
                        static_cast<unsigned>(options.alpn.size()));
  }
  if (options.session != nullptr) {
    SSL_set_session(c.ssl, static_cast<SSL_SESSION*>(options.session));
  }
  ERR_clear_error();
  c.connected = c.fd >= 0 && SSL_connect(c.ssl) == 1;
}

Client::~Client() = default;
Client::Client(Client&&) noexcept = default;

bool Client::connected() const {
  return impl_->connected;
}

bool Client::resumed() const {
  return SSL_session_reused(impl_->ssl) == 1;
}

std::string Client::version() const {
  return SSL_get_version(impl_->ssl);
}

bool Client::was_asked_for_certificate() const {
  return impl_->asked;
}

bool Client::send(std::string_view bytes) {
  ERR_clear_error();
  return SSL_write(impl_->ssl, bytes.data(), static_cast<int>(bytes.size())) ==
         static_cast<int>(bytes.size());
}

std::optional<Answer> Client::receive(bool head) {
  std::size_t end;
  while ((end = impl_->in.find("\r\n\r\n")) == std::string::npos) {
    if (!impl_->fill()) return std::nullopt;
  }
  Answer out;
  out.status = std::stoi(impl_->in.substr(9, 3));
  std::size_t at = impl_->in.find("\r\n") + 2;
  while (at < end + 2) {
    const std::size_t stop = impl_->in.find("\r\n", at);
    const std::size_t colon = impl_->in.find(": ", at);
    out.headers[impl_->in.substr(at, colon - at)] = impl_->in.substr(colon + 2, stop - colon - 2);
    at = stop + 2;
  }
  impl_->in.erase(0, end + 4);
  const std::size_t size = head || !out.headers.contains("content-length")
                               ? 0
                               : std::stoul(out.headers["content-length"]);
  while (impl_->in.size() < size) {
    if (!impl_->fill()) return std::nullopt;
  }
  out.body = impl_->in.substr(0, size);
  impl_->in.erase(0, size);
  return out;
}

Answer Client::get(const std::string& path) {
  EXPECT_TRUE(send(get_request(path)));
  const auto answer = receive();
  EXPECT_TRUE(answer.has_value()) << path;
  return answer.value_or(Answer{});
}

std::string Client::receive_all() {
  while (impl_->fill()) {
  }
  return std::exchange(impl_->in, {});
}

bool Client::closed() {
  return impl_->in.empty() && !impl_->fill();
}

void Client::half_close() {
  SSL_shutdown(impl_->ssl);
  ::shutdown(impl_->fd, SHUT_WR);
}

void Client::abort() {
  const linger now{1, 0};
  ::setsockopt(impl_->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(impl_->fd);
  impl_->fd = -1;
}

void* Client::take_session() {
  return SSL_get1_session(impl_->ssl);
}

void free_session(void* session) {
  SSL_SESSION_free(static_cast<SSL_SESSION*>(session));
}

}  // namespace lh::hub::edge::testing
