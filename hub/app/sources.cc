#include "hub/app/sources.h"

#include <mutex>
#include <set>

#include "adapters/drop/drop_kind.h"
#include "adapters/example/example_kind.h"
#include "adapters/file/file_source.h"
#include "adapters/host/host_kind.h"
#include "adapters/http/http_kind.h"
#include "adapters/hub/hub_kind.h"
#include "adapters/message/message_kind.h"
#include "adapters/remote/remote_kind.h"
#include "adapters/shipped_mappings.h"
#include "adapters/soap/soap_kind.h"
#include "adapters/sql/sql_kind.h"
#include "crypto/digest.h"
#include "hub/app/data_dir.h"
#include "hub/app/peers/foreign_judge.h"

namespace lh::hub::app {
namespace {

constexpr std::size_t kMappingBytes = 1U << 20U;

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

// Database drivers crash: they run in a child that is this very program.
adapters::sql::HostCommand driver_host() {
  return {{"/proc/self/exe", "adapter-driver"}};
}

}  // namespace

struct Sources::Impl {
  Impl(const Config& config, const crypto::KeyStore& keys, Random& random, const Clock& clock)
      : secrets(keys),
        surroundings{clock, random, secrets, config.outbound_targets, config.outbound_loopback},
        judge(make_foreign_judge(clock)) {
    add_kinds(kinds, surroundings, digests);
    kinds.add(adapters::hub::make_kind(surroundings, digests, *judge));
    kinds.add(adapters::host::make_kind(hosts));
  }

  KeyStoreSecrets secrets;
  CryptoDigests digests;
  adapters::Surroundings surroundings;
  std::unique_ptr<adapters::hub::Judge> judge;
  adapters::host::Broker hosts;
  adapters::Kinds kinds;
  std::mutex mutex;
  std::set<std::string> running;
};

void add_kinds(adapters::Kinds& to, const adapters::Surroundings& with,
               const adapters::http::MessageDigests& digests) {
  to.add(adapters::file::make_kind());
  to.add(adapters::drop::make_kind(with));
  to.add(adapters::sql::make_kind(with, driver_host()));
  to.add(adapters::http::make_kind(with, digests));
  to.add(adapters::soap::make_kind(with, digests));
  to.add(adapters::message::make_kind());
  to.add(adapters::remote::make_kind(with, digests));
  to.add(adapters::example::make_kind());
}

const adapters::http::MessageDigests& message_digests() {
  static const CryptoDigests instance;
  return instance;
}

adapters::host::Broker& Sources::hosts() const {
  return impl_->hosts;
}

Sources::Sources(const Config& config, const crypto::KeyStore& keys, Random& random,
                 const Clock& clock)
    : impl_(std::make_unique<Impl>(config, keys, random, clock)) {}
Sources::~Sources() = default;

Result<adapters::Mapping> Sources::mapping(const std::string& name) const {
  return parse(LH_TRY(mapping_text(name)));
}

Result<adapters::Mapping> Sources::parse(std::string_view toml) const {
  auto mapping = LH_TRY(adapters::parse_mapping(toml));
  const adapters::Kind* kind = LH_TRY(kind_of(mapping));
  LH_TRY(kind->check(mapping.source));
  return mapping;
}

Result<const adapters::Kind*> Sources::kind_of(const adapters::Mapping& mapping) const {
  return impl_->kinds.find(mapping.kind, mapping.source);
}

Result<Sources::Turn> Sources::take_turn(const std::string& adapter) const {
  const std::lock_guard lock(impl_->mutex);
  if (!impl_->running.insert(adapter).second) {
    return Error(Reason::kAdapterState, "a run of " + adapter + " is under way");
  }
  return Turn(*this, adapter);
}

Sources::Turn::~Turn() {
  if (of_ == nullptr) return;
  const std::lock_guard lock(of_->impl_->mutex);
  of_->impl_->running.erase(name_);
}

Result<std::string> mapping_text(const std::string& name) {
  if (name.find('/') == std::string::npos && !exists(name)) {
    if (const auto shipped = adapters::find_shipped_mapping(name)) return std::string(*shipped);
  }
  return read_file(name, kMappingBytes);
}

Result<adapters::Mapping> load_mapping(const std::string& name) {
  return adapters::parse_mapping(LH_TRY(mapping_text(name)));
}

}  // namespace lh::hub::app
