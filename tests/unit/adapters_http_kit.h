// What the unit tests of the kinds over HTTP share: a clock that stands, secrets, digests of
// crypto, and a transport that answers from a list and keeps what it was asked.
#pragma once

#include <deque>
#include <map>

#include "adapters/http/http_kind.h"
#include "adapters/http/request/exchange.h"
#include "crypto/digest.h"
#include "tests/kits/seeded_random.h"

namespace lh::adapters::http {

class CryptoDigests final : public MessageDigests {
 public:
  Digest sha256(ByteView data) const override { return crypto::sha256(data); }
  Digest hmac_sha256(ByteView key, ByteView data) const override {
    return crypto::hmac_sha256(key, data);
  }
};

class StandingClock final : public Clock {
 public:
  explicit StandingClock(std::int64_t ms) : ms_(ms) {}
  UtcTime now() const override { return UtcTime{ms_}; }
  std::int64_t monotonic_us() const override { return ms_ * 1000; }

 private:
  std::int64_t ms_;
};

class MapSecrets final : public Secrets {
 public:
  Result<Secret> find(std::string_view name) const override {
    const auto found = values.find(std::string(name));
    if (found == values.end()) return Error(Reason::kKeyMissing, std::string(name));
    return Secret::copy_of(found->second);
  }
  std::map<std::string, std::string> values;
};

// Shared by all the transports it opens.
struct Script {
  std::deque<Result<outbound::HttpResponse>> answers;
  std::vector<outbound::HttpRequest> asked;
  std::vector<transport::Call> shown;  // without secrets

  void answer(int status, std::string body,
              std::vector<std::pair<std::string, std::string>> headers = {}) {
    answers.push_back(outbound::HttpResponse{status, std::move(headers), std::move(body)});
  }
};

class ScriptedTransports final : public transport::Transports {
 public:
  explicit ScriptedTransports(Script& script) : script_(script) {}
  Result<std::unique_ptr<transport::Transport>> open(
      const outbound::HttpSettings& /*settings*/) const override {
    return std::unique_ptr<transport::Transport>(std::make_unique<One>(script_));
  }

 private:
  class One final : public transport::Transport {
   public:
    explicit One(Script& script) : script_(script) {}
    Result<outbound::HttpResponse> send(const transport::Call& call) override {
      script_.asked.push_back(call.request);
      script_.shown.push_back({call.request, call.shown_path, call.shown_body, nullptr});
      if (script_.answers.empty()) return Error(Reason::kSourceUnavailable, "nothing more");
      auto out = std::move(script_.answers.front());
      script_.answers.pop_front();
      return out;
    }

   private:
    Script& script_;
  };
  Script& script_;
};

class NoPauses final : public request::Pauses {
 public:
  void wait_ms(std::int64_t ms) const override { waited.push_back(ms); }
  mutable std::vector<std::int64_t> waited;
};

// 2026-11-22T04:05:06.789Z
constexpr std::int64_t kNow = 1795320306789;

struct World {
  StandingClock clock{kNow};
  kits::SeededRandom random{7};
  MapSecrets secrets;
  Surroundings with{clock, random, secrets, {"source.test:443", "127.0.0.1:80"}, true};
  CryptoDigests digests;
  Script script;
  NoPauses pauses;
  ScriptedTransports transports{script};
  request::Tools tools{with, digests, transports, pauses};
};

inline SettingsNode source_of(const std::string& toml) {
  static std::deque<SettingsNode> kept;  // settings are used while tests run
  kept.push_back(parse_settings("[source]\n" + toml).value());
  return *kept.back().find("source");
}

// The [source] of most tests, with more lines behind it.
inline std::string plain_source(const std::string& more = "") {
  return R"(url = "https://source.test/api"
path = "/items"
rows = "data.list"
columns = { "编号" = "id", "名称" = "who.name", "时间" = "at" }
)" + more +
         R"(
[source.tls]
ca = "ca.pem"
)";
}

}  // namespace lh::adapters::http
