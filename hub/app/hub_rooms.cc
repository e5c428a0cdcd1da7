// The rooms of an open hub, and what the hub itself writes into the log.
#include "hub/app/hub_parts.h"

namespace lh::hub::app {

Hub::Hub(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Hub::~Hub() = default;

const Config& Hub::config() const {
  return parts_->config;
}
const DataDir& Hub::dir() const {
  return parts_->dir;
}
store::Store& Hub::store() {
  return *parts_->store;
}
ledger::Ledger& Hub::ledger() {
  return *parts_->ledger;
}
crypto::KeyStore& Hub::keys() {
  return parts_->keys;
}
access::Registry& Hub::registry() {
  return *parts_->registry;
}
access::Catalogue& Hub::catalogue() {
  return *parts_->catalogue;
}
access::Gate& Hub::gate() {
  return *parts_->gate;
}
licences::Signers& Hub::signers() {
  return *parts_->signers;
}
licences::LicenceStore& Hub::licences() {
  return *parts_->licences;
}
licences::LicenceOffice& Hub::office() {
  return *parts_->office;
}
subjects::SubjectDirectory& Hub::directory() {
  return *parts_->directory;
}
const audit::EntryMaker& Hub::entries() {
  return *parts_->entries;
}
ingest::Collection& Hub::collection() {
  return *parts_->collection;
}
const Sources& Hub::sources() {
  return *parts_->sources;
}
calls::SourcesOnCall& Hub::on_call() {
  return *parts_->on_call;
}
calls::Pushes& Hub::pushes() {
  return *parts_->pushes;
}
Status Hub::conclude_unfinished() {
  return parts_->unfinished->conclude();
}
audit::RefusalCounter& Hub::refusals() {
  return parts_->refusals;
}
const api::Services& Hub::services() {
  return *parts_->services;
}
Random& Hub::random() {
  return parts_->random;
}
const Clock& Hub::clock() {
  return parts_->clock;
}
const crypto::NoteKey& Hub::log_key() {
  return parts_->log_key;
}
std::vector<pki::Certificate> Hub::server_chain() {
  return parts_->server_chain;
}
const std::vector<pki::Certificate>& Hub::signing_chain() {
  return parts_->hub_signer.chain;
}
Result<pki::Certificate> Hub::issuing_certificate() const {
  const auto chain = LH_TRY(
      pki::parse_pem_chain(LH_TRY(read_file(parts_->dir.trust() + "/issuing.pem", 1U << 20U))));
  return chain.front();
}
Result<pki::Certificate> Hub::issue(const pki::CertificateRequest& request,
                                    const crypto::PublicKey& subject) {
  const auto key = LH_TRY(parts_->keys.get_private(kIssuingCaKey, crypto::Algorithm::kEs256));
  const pki::Authority authority(LH_TRY(issuing_certificate()), key);
  return authority.issue(request, subject, parts_->random);
}
std::shared_ptr<const pki::TrustStore> Hub::trust() const {
  return parts_->trust_now();
}
Status Hub::reload_trust() {
  return parts_->reload_trust();
}
void Hub::set_look_at_original(LookAtOriginal look) {
  parts_->look_at_original = std::move(look);
}
void Hub::set_metrics_text(std::function<std::string()> text) {
  parts_->metrics_text = std::move(text);
}

Result<Recorded> Hub::record(audit::EntryFacts facts, std::vector<ledger::RowWrite> rows) {
  ledger::Change change;
  change.rows = std::move(rows);
  return record(std::move(facts), std::move(change));
}

Result<Recorded> Hub::record(audit::EntryFacts facts, ledger::Change change) {
  if (facts.organisation.empty()) facts.organisation = "hub";
  change.access = AccessId{parts_->random.array<16>()};
  change.entries.push_back(
      LH_TRY(parts_->entries->make(facts, crypto::CommitKey(parts_->random), parts_->clock.now())));
  auto recorded = LH_TRY(parts_->ledger->commit(std::move(change)));
  if (facts.event == schemas::AuditEvent::kAdapterChanged) LH_TRY(parts_->board->refresh());
  return std::move(recorded.front());
}

// Whose day has come: an entry each, seen by the department in its list and by the inspection. Days
// come once a day, so the tickets are gone through once a day.
Status Hub::remind() {
  constexpr std::size_t kAtOnce = 256;
  const LocalDate today = local_date(parts_->clock.now());
  if (parts_->reminded == today) return ok_status();
  auto due = LH_TRY(parts_->tickets->reminders(*parts_->catalogue->policy(), kAtOnce));
  for (auto& one : due) {
    const auto recorded = record(std::move(one.facts), std::move(one.change));
    // Closed meanwhile: nothing to remind of.
    if (!recorded.ok() && recorded.error().reason() != Reason::kStoreStale) return recorded.error();
  }
  if (due.size() < kAtOnce) parts_->reminded = today;
  return ok_status();
}

Status Hub::housekeeping(UtcTime refusals_before) {
  LH_TRY(audit::ensure_months(parts_->keys, parts_->clock.now(), parts_->random));
  LH_TRY(conclude_unfinished());
  LH_TRY(remind());
  for (auto& facts : parts_->refusals.take_finished(refusals_before)) {
    facts.organisation.clear();  // nobody known asked
    LH_TRY(record(std::move(facts)));
  }
  auto expired = LH_TRY(parts_->idempotency->expired(parts_->clock.now(), 500));
  if (expired.empty()) return ok_status();
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kMaintenance;
  facts.object = "idempotency";
  facts.count = expired.size();
  LH_TRY(record(std::move(facts), std::move(expired)));
  return ok_status();
}

}  // namespace lh::hub::app
