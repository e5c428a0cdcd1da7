// The bare edge with a handler that does nothing but answer `--bytes` bytes: what the edge costs
// before the hub does anything. Writes its certificates into a folder, prints its port, serves
// until its standard input ends.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "tests/integration/edge_fixture.h"

namespace {

using namespace lh;
using namespace lh::hub;

class Constant final : public api::Handler {
 public:
  explicit Constant(std::size_t bytes) : body_(bytes, 'x') {}
  void handle(api::Request, api::Responder respond) override {
    respond(api::Response{200, "application/json", {}, body_});
  }
  std::size_t body_limit(api::Method, std::string_view) const override { return 1U << 20U; }
  api::Response refuse(Reason reason, std::string_view) override {
    return api::Response{info(reason).http_status, "text/plain", {}, {}};
  }

 private:
  std::string body_;
};

void write_file(const std::string& name, const std::string& text) {
  std::ofstream(name, std::ios::binary) << text;
}

std::string chain_pem(const edge::testing::Identity& id) {
  std::string out;
  for (const auto& c : id.chain) out += pki::to_pem(c);
  return out;
}

std::string key_pem(const edge::testing::Identity& id) {
  return "-----BEGIN PRIVATE KEY-----\n" + to_base64(id.key) + "\n-----END PRIVATE KEY-----\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: edge_server DIR BYTES [THREADS]\n");
    return 2;
  }
  const std::string dir = argv[1];
  edge::testing::Farm farm;
  const auto client = farm.client("bench");
  write_file(dir + "/client.pem", chain_pem(client));
  write_file(dir + "/client.key", key_pem(client));
  write_file(dir + "/server.pem", chain_pem(farm.server()));
  write_file(dir + "/server.key", key_pem(farm.server()));
  std::string anchors;
  for (const auto& c : farm.anchors()) anchors += pki::to_pem(c);
  write_file(dir + "/anchors.pem", anchors);

  const auto trust =
      std::make_shared<const pki::TrustStore>(farm.anchors(), std::set<Digest>{}, 1U);
  Constant handler(static_cast<std::size_t>(std::atoi(argv[2])));
  edge::Metrics metrics;
  const SystemClock clock;
  edge::ServerSettings s;
  s.listeners = {{}};
  s.chain = farm.server().chain;
  s.private_key_pkcs8 = Secret::copy_of(farm.server().key);
  s.threads = argc > 3 ? std::atoi(argv[3]) : 1;
  auto server = edge::Server::start(
      std::move(s), handler, [trust] { return trust; }, clock, metrics);
  if (!server.ok()) {
    std::fprintf(stderr, "%s\n", server.error().describe().c_str());
    return 3;
  }
  std::cout << (*server)->port(api::Listener::kDepartments) << std::endl;
  std::cin.get();
  return 0;
}
