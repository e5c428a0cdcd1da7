// What a lookup by key over HTTP adds to a bare request of the outbound client: the same answer of
// 1.4 KB, one kept connection over loopback, signed with the app-key profile and not.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "adapters/http/http_kind.h"
#include "crypto/digest.h"
#include "crypto/system_random.h"

namespace lh::adapters::http {
namespace {

class Digests final : public MessageDigests {
 public:
  Digest sha256(ByteView data) const override { return crypto::sha256(data); }
  Digest hmac_sha256(ByteView key, ByteView data) const override {
    return crypto::hmac_sha256(key, data);
  }
};

class OneSecret final : public Secrets {
 public:
  Result<Secret> find(std::string_view /*name*/) const override {
    return Secret::copy_of("app-secret-001");
  }
};

std::string answer() {
  std::string fields;
  for (int i = 0; i < 30; ++i) {
    fields +=
        ",\"field" + std::to_string(i) + "\":\"测试企业00" + std::to_string(i) + "的一项内容\"";
  }
  const std::string body = "{\"code\":\"0\",\"data\":{\"id\":\"1\"" + fields + "}}";
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Answers every request head with the same text until the peer goes away.
void serve(int listener) {
  const std::string text = answer();
  for (int peer = ::accept(listener, nullptr, nullptr); peer >= 0;
       peer = ::accept(listener, nullptr, nullptr)) {
    char buffer[16384];
    for (ssize_t n = ::read(peer, buffer, sizeof buffer); n > 0;
         n = ::read(peer, buffer, sizeof buffer)) {
      if (::write(peer, text.data(), text.size()) < 0) break;
    }
    ::close(peer);
  }
}

template <class Once>
double median_us(const Once& once) {
  constexpr int kRounds = 20000;
  std::vector<double> took;
  took.reserve(kRounds);
  for (int i = 0; i < kRounds; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (!once()) return -1;
    const auto end = std::chrono::steady_clock::now();
    took.push_back(std::chrono::duration<double, std::micro>(end - begin).count());
  }
  std::nth_element(took.begin(), took.begin() + kRounds / 2, took.end());
  return took[kRounds / 2];
}

double lookup_us(const Kind& kind, const std::string& port, const std::string& more) {
  const auto tree = parse_settings("[source]\nurl='http://127.0.0.1:" + port +
                                   "'\nrows='data'\ncolumns={id='id', a='field1', b='field29'}\n"
                                   "[source.lookup]\npath='/items/{key.id}'\n" +
                                   more)
                        .value();
  auto lookup = kind.lookup(*tree.find("source")).value();
  return median_us([&] {
    const auto rows = lookup->find({{"id", "JY19901020000017"}});
    return rows.ok() && rows->size() == 1 && (*rows)[0].values[0] == "1";
  });
}

int run() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* address = reinterpret_cast<sockaddr*>(&at);  // NOLINT: the interface of the system
  if (::bind(listener, address, size) != 0 || ::listen(listener, 8) != 0 ||
      ::getsockname(listener, address, &size) != 0) {
    return 1;
  }
  std::thread(serve, listener).detach();
  const std::uint16_t number = ntohs(at.sin_port);
  const std::string port = std::to_string(number);
  const SystemClock clock;
  crypto::SystemRandom random;
  const OneSecret secrets;
  const Digests digests;
  const Surroundings with{clock, random, secrets, {"127.0.0.1:" + port}, true};
  const auto kind = make_kind(with, digests);

  outbound::HttpSettings settings;
  settings.host = "127.0.0.1";
  settings.port = number;
  settings.allowed_targets = with.allowed_targets;
  settings.allow_loopback = true;
  settings.security = outbound::Security::kPlainLoopback;
  auto client = outbound::HttpClient::connect(settings).value();
  outbound::HttpRequest request;
  request.path = "/items/JY19901020000017";
  const double bare = median_us([&] { return client->send(request).ok(); });
  client.reset();
  const double plain = lookup_us(*kind, port, "");
  const double with_signature = lookup_us(
      *kind, port,
      "[source.auth]\nkind='signed'\nprofile='app-key-hmac'\napp_id='hub'\nsecret='app'\n");
  std::printf(
      "http lookup, 1.4 KB of JSON: bare request %.1f us, lookup +%.1f us, signed +%.1f us\n", bare,
      plain - bare, with_signature - bare);
  return bare > 0 && plain > 0 && with_signature > 0 ? 0 : 1;
}

}  // namespace
}  // namespace lh::adapters::http

int main() {
  return lh::adapters::http::run();
}
