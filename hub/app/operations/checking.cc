// `fsck` and `verify` with a store.
#include "hub/api/procedure.h"
#include "hub/app/operations/operations.h"
#include "hub/ledger/fsck.h"
#include "hub/store/rocksdb_store.h"

namespace lh::hub::app::operations {

using schemas::ObjectReader;

namespace {

Result<Json> check(const store::Store& store, const DataDir& dir, const crypto::NoteKey& key,
                   const Progress& progress) {
  const auto reader = audit::make_entry_reader();
  const auto report = LH_TRY(ledger::fsck(store, dir.checkpoint(), {key}, *reader,
                                          [&progress](std::uint64_t done, std::uint64_t of) {
                                            Json p = Json::object();
                                            p.set("done", done);
                                            p.set("of", of);
                                            progress(p);
                                          }));
  Json findings = Json::array();
  for (const auto& finding : report.findings) {
    Json f = Json::object();
    f.set("reason", reason_id(finding.reason));
    f.set("where", finding.where);
    findings.push(std::move(f));
  }
  Json j = Json::object();
  j.set("clean", report.findings.empty());
  j.set("entries", report.entries);
  j.set("rows", report.rows);
  j.set("findings", std::move(findings));
  return j;
}

}  // namespace

Result<Json> check_store(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  LH_TRY(LH_TRY(ObjectReader::open(arguments, "fsck")).finish());
  auto facts = facts_of(context, schemas::AuditEvent::kMaintenance);
  facts.object = "fsck";
  LH_TRY(hub.record(std::move(facts)));
  return check(hub.store(), hub.dir(), hub.log_key(), context.progress);
}

Result<Json> check_stopped_hub(const Config& config, const crypto::RootKey& root,
                               const Progress& progress) {
  const DataDir dir(config.data_dir);
  const auto keys = LH_TRY(crypto::KeyStore::load(dir.keys(), root));
  const Secret wrapping = LH_TRY(keys.get("buckets"));
  LH_TRY(crypto::BucketKeys::load(dir.buckets(), wrapping));
  const auto log_key = LH_TRY(keys.get_private(kLogKey, crypto::Algorithm::kEd25519));
  store::RocksdbSettings settings;
  settings.path = dir.store();
  settings.mode = store::OpenMode::kReadOnly;
  const auto opened = LH_TRY(store::open_rocksdb(settings));
  const auto name = LH_TRY(crypto::make_note_key(config.origin, log_key.public_key()));
  return check(*opened, dir, name, progress);
}

// The same act as POST /v1/verify without an account: committed, then shown.
Result<Json> verify_document(Context& context, const Json& arguments) {
  Hub& hub = context.hub;
  const auto request = LH_TRY(licences::verify_request_from_json(arguments));
  auto prepared = LH_TRY(hub.office().verify(request, schemas::to_text(arguments), std::nullopt,
                                             *hub.catalogue().policy()));
  if (auto* refused = std::get_if<access::Refused>(&prepared)) return refused->error;
  auto& act = std::get<access::Act>(prepared);
  auto recorded = LH_TRY(hub.ledger().commit(std::move(act.change)));
  const std::string text = api::with_receipt(std::move(act.answer).open(recorded.front()),
                                             hub.log_key().name, recorded.front());
  return schemas::parse_json(text, 64U << 20U);
}

}  // namespace lh::hub::app::operations
