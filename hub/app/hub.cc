#include "hub/app/hub_parts.h"

#include <algorithm>
#include <atomic>

#include "base/log.h"
#include "crypto/digest.h"
#include "crypto/note.h"
#include "hub/api/openapi.h"
#include "hub/app/hub_signer.h"
#include "hub/app/runs/adapter_runs.h"
#include "hub/ledger/ledger.h"
#include "hub/licences/status_list.h"
#include "hub/store/rocksdb_store.h"

namespace lh::hub::app {

namespace {

// The epoch is made of what is trusted and what is revoked, so it is the same after a restart.
std::uint64_t trust_epoch(const std::vector<pki::Certificate>& anchors,
                          const std::set<Digest>& revoked) {
  std::set<Digest> trusted;
  for (const auto& anchor : anchors) trusted.insert(anchor.fingerprint());
  Bytes all;
  for (const auto& fingerprint : trusted) all += view(fingerprint);
  all += '|';
  for (const auto& fingerprint : revoked) all += view(fingerprint);
  return read_be64(view(crypto::sha256(all)));
}

store::DiskLimits disk_limits(const Config& config) {
  store::DiskLimits limits;
  limits.low_bytes = config.disk_low_mib << 20U;
  limits.ballast_bytes = config.ballast_mib << 20U;
  return limits;
}

std::unique_ptr<ledger::EntryDraft> first_entry(const audit::EntryMaker& entries, Random& random,
                                                UtcTime now) {
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kLogOpened;
  facts.organisation = "hub";
  auto draft = entries.make(facts, crypto::CommitKey(random), now);
  LH_CHECK(draft.ok(), "the first entry can be made");
  return std::move(*draft);
}

api::HostDesk host_desk(const Sources& sources) {
  return {[&sources](const api::HostSystem& host, adapters::host::Broker::Taker taker) {
            sources.hosts().take({{host.organisation, host.name}, host.instance}, std::move(taker));
          },
          [&sources](const api::HostSystem& host, const std::string& id) {
            return sources.hosts().at_work({{host.organisation, host.name}, host.instance}, id);
          },
          [&sources](const api::HostSystem& host, const std::string& id, std::string answer) {
            return sources.hosts().answer({host.organisation, host.name}, id, std::move(answer));
          }};
}

}  // namespace

Status Hub::Parts::open_rooms() {
  LH_TRY(guard.check_start());
  // Below the watermark there is no room for it: the hub starts all the same and only reads.
  if (const Status ballast = guard.ensure_ballast(); !ballast.ok()) {
    log_event(LogLevel::kWarning, "disk.no_ballast", {{"reason", ballast.error().reason()}});
  }
  LH_TRY(audit::ensure_months(keys, clock.now(), random));
  store::RocksdbSettings settings;
  settings.path = dir.store();
  settings.mode = exists(dir.config()) ? store::OpenMode::kExisting : store::OpenMode::kCreate;
  settings.block_cache_bytes = config.block_cache_mib << 20U;
  settings.write_buffer_bytes = config.write_buffer_mib << 20U;
  store = LH_TRY(store::open_rocksdb(settings));
  directory = LH_TRY(subjects::SubjectDirectory::create(*store, keys, buckets, random));
  entries = std::make_unique<audit::EntryMaker>(keys, *directory, random);
  return open_ledger();
}

Status Hub::Parts::open_ledger() {
  ledger::LedgerSettings settings;
  settings.origin = config.origin;
  settings.checkpoint_path = dir.checkpoint();
  settings.extract_postings = [](ByteView bytes) -> std::vector<std::pair<std::uint8_t, Tag>> {
    auto entry = audit::parse_entry(bytes);
    if (!entry.ok()) return {};
    return audit::postings_of(*entry);
  };
  ledger = LH_TRY(ledger::Ledger::open(*store, settings, log_private, clock,
                                       first_entry(*entries, random, clock.now())));
  ledger->set_write_guard([this] { return guard.check(); });
  registry = std::make_unique<access::Registry>(*store);
  LH_TRY(registry->load());
  catalogue = std::make_unique<access::Catalogue>(*store);
  LH_TRY(catalogue->load());
  gate = std::make_unique<access::Gate>(random);
  signers = std::make_unique<licences::Signers>();
  LH_TRY(signers->load(*store, keys));
  return reload_trust();
}

Status Hub::Parts::open_calls() {
  sources = std::make_unique<Sources>(config, keys, random, clock);
  board = std::make_unique<calls::Board>(calls::BoardParts{
      *store, [this](std::string_view toml) { return sources->parse(toml); },
      [this](const adapters::Mapping& mapping) { return sources->kind_of(mapping); },
      [this](const adapters::Mapping& mapping) { return sources->turns_of(mapping); }});
  LH_TRY(board->refresh());
  on_call = std::make_unique<calls::SourcesOnCall>(*board, clock, [this](const Uscc& department) {
    const auto known = registry->find_organisation(department);
    return known ? known->name : std::string();
  });
  licences = std::make_unique<licences::LicenceStore>(*store, *directory);
  base_data = std::make_unique<subjects::BaseData>(*store, *directory, clock);
  const calls::CallParts parts{*store,   *ledger, *directory, *licences, *base_data,
                               *entries, *gate,   random,     clock,     *board};
  pushes = std::make_unique<calls::Pushes>(parts);
  unfinished = LH_TRY(calls::Unfinished::find(parts));
  return ok_status();
}

Status Hub::Parts::open_exchange() {
  const auto trust_reader = [this] { return trust_now(); };
  office = std::make_unique<licences::LicenceOffice>(licences::OfficeParts{
      *licences, *directory, *signers, *gate, *entries, keys, random, clock, config.public_url,
      trust_reader, [this](const licences::LicenceEvent& event) {
        return calls::rows_for(*board, event, random);
      }});
  original_files = std::make_unique<licences::OriginalStore>(*licences);
  originals = std::make_unique<licences::OriginalOffice>(licences::OriginalParts{
      *original_files, *directory, *gate, *entries, random, clock,
      [this](licences::OriginalKind kind, ByteView file) {
        if (look_at_original) return look_at_original(kind, file);
        return Result<licences::OriginalShape>(
            Error(Reason::kInternalFailure, "nowhere to look at an original file"));
      }});
  references = std::make_unique<exchange::References>(
      LH_TRY(exchange::References::create(*store, keys, config.origin)));
  LH_TRY(open_rights());
  exchange::ExchangeParts parts{*licences,
                                *office,
                                *directory,
                                *base_data,
                                *references,
                                *gate,
                                *entries,
                                random,
                                clock,
                                std::int64_t{config.reference_days} * 24 * 3600 * 1000,
                                on_call.get(),
                                attester.get(),
                                config.public_url};
  parts.consents = consents.get();
  parts.organisation_name = [this](const Uscc& uscc) {
    const auto known = registry->find_organisation(uscc);
    return known ? known->name : uscc.text();
  };
  exchange = std::make_unique<exchange::Exchange>(parts);
  answers = std::make_unique<exchange::AnswerDesk>(parts);
  forms = std::make_unique<exchange::FormDesk>(parts, schemas::shipped_forms());
  copies = std::make_unique<exchange::CopyDesk>(parts);
  tickets = std::make_unique<exchange::TicketOffice>(parts, assertions);
  joint = std::make_unique<exchange::JointDesk>(parts);
  feed = std::make_unique<exchange::FeedDesk>(parts);
  log = std::make_unique<audit::LogView>(*ledger, config.origin);
  changes = std::make_unique<exchange::ChangeDesk>(parts, *ledger, keys);
  own_accesses = std::make_unique<exchange::OwnAccesses>(exchange::OwnAccessesParts{
      *log, *gate, *registry, *entries, *directory, keys, random, clock, trust_reader, assertions});
  idempotency =
      std::make_unique<exchange::Idempotency>(LH_TRY(exchange::Idempotency::create(*store, keys)));
  collection = std::make_unique<ingest::Collection>(ingest::CollectionParts{
      *store, *office, *directory, *base_data, *gate, *entries, keys, random, clock,
      [this](ledger::Change change, ledger::Continuation next) {
        ledger->submit(std::move(change), std::move(next));
      },
      config.workers});
  return ok_status();
}

Status Hub::Parts::open_rights() {
  consents = std::make_unique<exchange::Consents>(
      LH_TRY(exchange::Consents::create(*store, keys, *directory, config.origin)));
  assertions = std::make_shared<const exchange::SubjectAssertions>(
      exchange::AssertionParts{clock, [this] { return trust_now(); }});
  holder_desk = std::make_unique<exchange::HolderDesk>(exchange::HolderDeskParts{
      *store, *registry, *gate, *entries, *directory, *consents, random, clock, assertions});
  sharing_desk = std::make_unique<exchange::SharingDesk>(
      exchange::SharingDeskParts{*store, *catalogue, *gate, *entries, *directory, random, clock});
  base_data_acts = std::make_unique<exchange::BaseDataActs>(
      exchange::BaseDataParts{*store, *ledger, *directory, *base_data, *gate, *entries, random,
                              clock, consents.get(), [this](const exchange::BaseDataEvent& event) {
                                return calls::rows_for(*board, event, random);
                              }});
  return ok_status();
}

void Hub::Parts::open_services() {
  services = std::unique_ptr<api::Services>(
      new api::Services{*registry,
                        *catalogue,
                        *gate,
                        *office,
                        *licences,
                        *originals,
                        *exchange,
                        *answers,
                        *forms,
                        *copies,
                        *tickets,
                        *joint,
                        *feed,
                        *changes,
                        *own_accesses,
                        *base_data_acts,
                        *holder_desk,
                        *sharing_desk,
                        *collection,
                        *directory,
                        *idempotency,
                        *entries,
                        *log,
                        refusals,
                        keys,
                        random,
                        clock,
                        config.public_url,
                        crypto::vkey_text(log_key),
                        [this] { return readiness(); },
                        [this] { return metrics_text ? metrics_text() : std::string(); },
                        [this](std::uint32_t list) { return status_list(list); },
                        [this] { return adapters(); },
                        host_desk(*sources),
                        std::string(api::openapi_text())});
}

Status Hub::Parts::reload_trust() {
  auto revoked = registry->revoked_certificates();
  const std::uint64_t epoch = trust_epoch(anchors, revoked);
  std::atomic_store(&trust,
                    std::shared_ptr<const pki::TrustStore>(
                        std::make_shared<pki::TrustStore>(anchors, std::move(revoked), epoch)));
  return ok_status();
}

api::Readiness Hub::Parts::readiness() const {
  api::Readiness r;
  const auto state = ledger->state();
  const Status disk = guard.check();
  r.keys_usable = keys.find(audit::month_key_name(clock.now())) != nullptr;
  r.log_writable = state.writable;
  r.disk_above_watermark = disk.ok();
  if (!r.keys_usable)
    r.reason = Reason::kKeyMissing;
  else if (!r.log_writable)
    r.reason = state.why;
  else if (!disk.ok())
    r.reason = disk.error().reason();
  return r;
}

Result<std::string> Hub::Parts::status_list(std::uint32_t list) const {
  const auto statuses = LH_TRY(licences::statuses_of(*licences, list, clock.now()));
  if (statuses.empty()) return Error(Reason::kRouteUnknown, "status list");
  // Signed by the hub's own signing key, like everything the hub states in its own name.
  const std::string uri = config.public_url + "/public/status/" + std::to_string(list);
  return licences::status_list_token(statuses, uri, hub_signer, clock.now());
}

Result<std::string> Hub::Parts::adapters() const {
  return schemas::to_text(LH_TRY(standings_json(*store, *sources, clock)));
}

Result<std::unique_ptr<Hub>> Hub::open(const Config& config, const crypto::RootKey& root,
                                       Random& random, const Clock& clock) {
  const DataDir dir(config.data_dir);
  if (!exists(dir.keys())) return Error(Reason::kStoreMissing, dir.path());
  auto keys = LH_TRY(crypto::KeyStore::load(dir.keys(), root));
  const Secret wrapping = LH_TRY(keys.get("buckets"));
  auto buckets = LH_TRY(crypto::BucketKeys::load(dir.buckets(), wrapping));
  auto log_private = LH_TRY(keys.get_private(kLogKey, crypto::Algorithm::kEd25519));
  auto log_key = LH_TRY(crypto::make_note_key(config.origin, log_private.public_key()));
  auto trusted = LH_TRY(pki::TrustStore::load_dir(dir.trust()));
  auto chain =
      LH_TRY(pki::parse_pem_chain(LH_TRY(read_file(dir.path() + "/server.pem", 1U << 20U))));
  auto hub_signer = LH_TRY(load_hub_signer(dir, keys, "statuslist+jwt"));
  auto attester = LH_TRY(load_hub_signer(dir, keys, "dc+sd-jwt"));
  auto parts = std::unique_ptr<Parts>(new Parts{
      config, dir, random, clock, std::move(keys), std::move(buckets), std::move(log_private),
      std::move(log_key), trusted.anchors(), std::move(chain), std::move(hub_signer),
      store::DiskGuard(dir.path(), disk_limits(config), store::DiskGuard::probe_disk)});
  parts->attester = std::make_unique<licences::Signer>(std::move(attester));
  LH_TRY(parts->open_rooms());
  LH_TRY(parts->open_calls());
  LH_TRY(parts->open_exchange());
  parts->open_services();
  return std::unique_ptr<Hub>(new Hub(std::move(parts)));
}

}  // namespace lh::hub::app
