// What Sources are made of; private to hub/app/sources*.cc.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "crypto/digest.h"
#include "hub/app/peers/foreign_judge.h"
#include "hub/app/sources.h"

namespace lh::hub::app {

// Secrets of adapters: "adapter/<name>" in the key store.
class KeyStoreSecrets final : public adapters::Secrets {
 public:
  explicit KeyStoreSecrets(const crypto::KeyStore& keys) : keys_(keys) {}
  Result<Secret> find(std::string_view name) const override {
    return keys_.get("adapter/" + std::string(name));
  }

 private:
  const crypto::KeyStore& keys_;
};

class CryptoDigests final : public adapters::http::MessageDigests {
 public:
  Digest sha256(ByteView data) const override { return crypto::sha256(data); }
  Digest hmac_sha256(ByteView key, ByteView data) const override {
    return crypto::hmac_sha256(key, data);
  }
};

// Of replays: nothing is sent, so anything will do.
class NoSecrets final : public adapters::Secrets {
 public:
  Result<Secret> find(std::string_view /*name*/) const override {
    return Secret::copy_of("replayed");
  }
};

struct Sources::Impl {
  Impl(const Config& config, const crypto::KeyStore& keys, Random& random, const Clock& clock);

  KeyStoreSecrets secrets;
  CryptoDigests digests;
  adapters::Surroundings surroundings;
  std::unique_ptr<adapters::hub::Judge> judge;
  adapters::host::Broker hosts;
  adapters::Kinds kinds;
  NoSecrets no_secrets;
  struct KnownTerms {
    UtcTime changed;  // of the adapter
    std::filesystem::file_time_type days;
    std::shared_ptr<const ingest::RunTerms> terms;
  };
  std::mutex mutex;
  std::set<std::string> running;
  std::map<std::string, KnownTerms> terms;
  std::map<std::string, std::shared_ptr<adapters::CallTurns>> turns;  // by adapter

  std::optional<KnownTerms> known_terms(const std::string& adapter) {
    const std::lock_guard lock(mutex);
    const auto known = terms.find(adapter);
    return known == terms.end() ? std::nullopt : std::optional<KnownTerms>(known->second);
  }
};

}  // namespace lh::hub::app
