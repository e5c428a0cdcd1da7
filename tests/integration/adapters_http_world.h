// A real source for the tests of kinds over HTTP: certificates by the openssl tool, the service of
// adapters_http_server.py on free ports of loopback, and the hub's side of the surroundings.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <map>

#include "adapters/http/http_kind.h"
#include "adapters/soap/soap_kind.h"
#include "crypto/digest.h"
#include "crypto/system_random.h"
#include "tests/kits/scratch_folder.h"

namespace lh::adapters::http {

// Runs the service as long as it lives.
class Service {
 public:
  Service() {
    if (std::system(certificates().c_str()) != 0) {
      ADD_FAILURE() << "the openssl tool is needed (package openssl)";
      return;
    }
    start();
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service() {
    if (input_ >= 0) ::close(input_);  // it ends with its input
    if (child_ > 0) ::waitpid(child_, nullptr, 0);
  }
  kits::ScratchFolder folder;
  std::array<int, 3> ports{};  // plain, TLS, TLS with client certificates

 private:
  std::string certificates() const {
    const std::string d = folder.path();
    const std::string key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
    const auto root = [&](const std::string& name) {
      return "openssl req -x509 " + key + "-keyout " + d + "/" + name + ".key -out " + d + "/" +
             name + ".pem -subj /CN=" + name + " -days 2 2>/dev/null";
    };
    const auto leaf = [&](const std::string& name, const std::string& extension) {
      return "openssl req " + key + "-keyout " + d + "/" + name + ".key -subj /CN=" + name +
             " -out " + d + "/" + name + ".csr 2>/dev/null && printf '" + extension + "' > " + d +
             "/" + name + ".ext && openssl x509 -req -in " + d + "/" + name + ".csr -CA " + d +
             "/root.pem -CAkey " + d + "/root.key -CAcreateserial -days 2 -extfile " + d + "/" +
             name + ".ext -out " + d + "/" + name + ".pem 2>/dev/null";
    };
    return root("root") + " && " + root("stranger") + " && " +
           leaf("server", "subjectAltName=DNS:localhost\\nextendedKeyUsage=serverAuth") + " && " +
           leaf("client", "extendedKeyUsage=clientAuth");
  }

  void start() {
    int to_child[2];
    int from_child[2];
    if (::pipe(to_child) != 0 || ::pipe(from_child) != 0) return;
    const std::string script =
        std::string(LH_SOURCE_DIR) + "/tests/integration/adapters_http_server.py";
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(to_child[0], 0);
      ::dup2(from_child[1], 1);
      for (int fd = 3; fd < 64; ++fd) ::close(fd);
      ::execlp("python3", "python3", script.c_str(), folder.path().c_str(), nullptr);
      ::_exit(127);
    }
    ::close(to_child[0]);
    ::close(from_child[1]);
    input_ = to_child[1];
    FILE* out = ::fdopen(from_child[0], "r");
    const int read = std::fscanf(out, "ready %d %d %d", &ports[0], &ports[1], &ports[2]);
    std::fclose(out);
    EXPECT_EQ(read, 3) << "the service did not start (package python3)";
  }

  pid_t child_ = -1;
  int input_ = -1;
};

class Digests final : public MessageDigests {
 public:
  Digest sha256(ByteView data) const override { return crypto::sha256(data); }
  Digest hmac_sha256(ByteView key, ByteView data) const override {
    return crypto::hmac_sha256(key, data);
  }
};

// The machine's clock, moved.
class MovedClock final : public Clock {
 public:
  UtcTime now() const override { return clock_.now().plus_ms(by_ms); }
  std::int64_t monotonic_us() const override { return clock_.monotonic_us(); }
  std::int64_t by_ms = 0;

 private:
  SystemClock clock_;
};

class NamedSecrets final : public Secrets {
 public:
  Result<Secret> find(std::string_view name) const override {
    const auto found = values.find(std::string(name));
    if (found == values.end()) return Error(Reason::kKeyMissing, std::string(name));
    return Secret::copy_of(found->second);
  }
  std::map<std::string, std::string> values;
};

class HttpWorld : public testing::Test {
 protected:
  static void SetUpTestSuite() { service() = std::make_unique<Service>(); }
  static void TearDownTestSuite() { service().reset(); }
  static std::unique_ptr<Service>& service() {
    static std::unique_ptr<Service> the_service;
    return the_service;
  }
  void SetUp() override {
    secrets.values["app"] = "app-secret-001";
    secrets.values["client-key"] = kits::load_file(service()->folder / "client.key");
    for (const int port : service()->ports) {
      with.allowed_targets.push_back("localhost:" + std::to_string(port));
    }
    with.allow_loopback = true;
  }

  // [source] for a path of the service on port `which`, with more lines.
  SettingsNode source(const std::string& path, const std::string& more = "",
                      std::size_t which = 0) {
    std::string toml = "[source]\nurl = '" + std::string(which == 0 ? "http" : "https") +
                       "://localhost:" + std::to_string(service()->ports[which]) + "'\npath = '" +
                       path + "'\nrows = 'data.list'\ncolumns = { id = 'id', name = 'name' }\n" +
                       more;
    if (which != 0 && more.find("[source.tls]") == std::string::npos) {
      toml += "\n[source.tls]\nca = '" + (service()->folder / "root.pem") + "'\n";
    }
    return keep(toml);
  }
  SettingsNode keep(const std::string& toml) {
    auto tree = parse_settings(toml);
    EXPECT_TRUE(tree.ok()) << toml;
    trees.push_back(std::make_unique<SettingsNode>(std::move(tree).value()));
    return *trees.back()->find("source");
  }

  struct Pulled {
    std::vector<RawRow> rows;
    std::string end = "end";  // or the error
    Cursor cursor;
  };
  static Pulled pull(const Kind& kind, const SettingsNode& source, const Cursor& from = {}) {
    Pulled out;
    auto opened = kind.pull(source, {}, from);
    if (!opened.ok()) {
      out.end = opened.error().describe();
      return out;
    }
    for (;;) {
      auto row = (*opened)->next();
      out.cursor = (*opened)->cursor();
      if (!row.ok()) {
        out.end = row.error().describe();
        return out;
      }
      if (!*row) return out;
      out.rows.push_back(std::move(**row));
    }
  }
  Pulled pull(const SettingsNode& source, const Cursor& from = {}) {
    return pull(*kind, source, from);
  }

  MovedClock clock;
  crypto::SystemRandom random;
  NamedSecrets secrets;
  Surroundings with{clock, random, secrets, {}, false};
  Digests digests;
  std::unique_ptr<Kind> kind = make_kind(with, digests);
  std::unique_ptr<Kind> soap = soap::make_kind(with, digests);
  std::vector<std::unique_ptr<SettingsNode>> trees;
};

}  // namespace lh::adapters::http
