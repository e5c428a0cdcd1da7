#include "hub/app/sources_impl.h"

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
#include "hub/app/calls/board.h"
#include "hub/app/data_dir.h"

namespace lh::hub::app {
namespace {

constexpr std::size_t kMappingBytes = 1U << 20U;
constexpr std::int64_t kLookUs = 60'000'000;

// Database drivers crash: they run in a child that is this very program.
adapters::sql::HostCommand driver_host() {
  return {{"/proc/self/exe", "adapter-driver"}};
}

}  // namespace

Sources::Impl::Impl(const Config& config, const crypto::KeyStore& keys, Random& random,
                    const Clock& clock)
    : secrets(keys),
      surroundings{clock, random, secrets, config.outbound_targets, config.outbound_loopback},
      judge(make_foreign_judge(clock)),
      hosts(random) {
  add_kinds(kinds, surroundings, digests);
  kinds.add(adapters::hub::make_kind(surroundings, digests, *judge));
  kinds.add(adapters::host::make_kind(hosts));
}

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
  LH_TRY(calls::check_calls(mapping));
  return mapping;
}

Result<const adapters::Kind*> Sources::kind_of(const adapters::Mapping& mapping) const {
  return impl_->kinds.find(mapping.kind, mapping.source);
}

std::shared_ptr<adapters::CallTurns> Sources::turns_of(const adapters::Mapping& enabled) const {
  const std::lock_guard lock(impl_->mutex);
  auto& turns = impl_->turns[enabled.name];
  if (turns == nullptr) {
    turns = std::make_shared<adapters::CallTurns>(impl_->surroundings.clock, enabled.limits.calls);
  } else {
    turns->adopt(enabled.limits.calls);
  }
  return turns;
}

std::shared_ptr<adapters::CallTurns> Sources::turns_to_try(const adapters::Mapping& mapping) const {
  const std::lock_guard lock(impl_->mutex);
  const auto known = impl_->turns.find(mapping.name);
  if (known != impl_->turns.end()) return known->second;
  return std::make_shared<adapters::CallTurns>(impl_->surroundings.clock, mapping.limits.calls);
}

Result<std::unique_ptr<adapters::Source>> Sources::look_into(const adapters::Kind& kind,
                                                             const adapters::Mapping& mapping,
                                                             const std::string& input) const {
  const std::int64_t until = impl_->surroundings.clock.monotonic_us() + kLookUs;
  return adapters::pull_in_turn(kind, mapping.source, input, {},
                                {turns_to_try(mapping), until, {}});
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

bool Sources::is_running(const std::string& adapter) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->running.contains(adapter);
}

namespace {

std::filesystem::file_time_type time_of(const std::string& file) {
  std::error_code failed;
  return file.empty() ? std::filesystem::file_time_type()
                      : std::filesystem::last_write_time(file, failed);
}

}  // namespace

Result<std::shared_ptr<const ingest::RunTerms>> Sources::terms_of(
    const ingest::AdapterRecord& adapter) const {
  const auto known = impl_->known_terms(adapter.name);
  if (known && known->changed == adapter.changed &&
      known->days == time_of(known->terms->days_file)) {
    return known->terms;
  }
  const auto mapping = LH_TRY(adapters::parse_mapping(adapter.mapping));
  const std::string& file = mapping.calendar.days_file;
  const auto changed = time_of(file);
  schemas::SpecialDays days;
  if (!file.empty()) {
    days = LH_TRY(schemas::parse_special_days(LH_TRY(read_file(file, kMappingBytes))));
  }
  const auto terms = std::make_shared<const ingest::RunTerms>(
      ingest::RunTerms{mapping.limits, ingest::Calendar(mapping.calendar, std::move(days)),
                       mapping.reconcile_at, file});
  const std::lock_guard lock(impl_->mutex);
  impl_->terms.insert_or_assign(adapter.name, Impl::KnownTerms{adapter.changed, changed, terms});
  return terms;
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
