// `init`: everything a hub has before its first day — keys, its own CA, the log with its first
// entry, the shipped catalogue. Nothing is left half-made: the configuration file is written last.
#include "crypto/bucket_keys.h"
#include "crypto/system_random.h"
#include "hub/app/hub.h"
#include "pki/authority.h"
#include "schemas/catalogue_lists.h"

namespace lh::hub::app {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::int64_t kRootDays = 3650;
constexpr int kMonthsAhead = 24;

Secret random_secret(Random& random) {
  Secret s = Secret::zeroed(32);
  random.fill(s.data(), s.size());
  return s;
}

// The audit-role keys of this month and the next ones: entries never wait for a key.
std::vector<std::string> month_names(UtcTime now) {
  std::vector<std::string> names;
  LocalDate day = local_date(now);
  for (int i = 0; i < kMonthsAhead; ++i) {
    names.push_back(audit::month_key_name(start_of_day(day)));
    day =
        LocalDate::make(day.year() + (day.month() == 12 ? 1 : 0), day.month() % 12 + 1, 1).value();
  }
  return names;
}

struct NewKeys {
  crypto::PrivateKey root, issuing, tls, log, signing;
};

Result<NewKeys> make_keys(Random& random) {
  using crypto::Algorithm;
  using crypto::PrivateKey;
  return NewKeys{LH_TRY(PrivateKey::generate(Algorithm::kEs256, random)),
                 LH_TRY(PrivateKey::generate(Algorithm::kEs256, random)),
                 LH_TRY(PrivateKey::generate(Algorithm::kEs256, random)),
                 LH_TRY(PrivateKey::generate(Algorithm::kEd25519, random)),
                 LH_TRY(PrivateKey::generate(Algorithm::kEs256, random))};
}

Status store_keys(const DataDir& dir, const NewKeys& made, const crypto::RootKey& root,
                  Random& random, UtcTime now) {
  auto keys = LH_TRY(crypto::KeyStore::create(dir.keys(), root, random));
  std::vector<std::pair<std::string, Secret>> secrets;
  for (const char* name : {"lookup", "tag", "reference", "mac", "quarantine", "buckets"}) {
    secrets.emplace_back(name, random_secret(random));
  }
  for (auto& name : month_names(now)) secrets.emplace_back(name, random_secret(random));
  secrets.emplace_back(kRootCaKey, LH_TRY(made.root.stored()));
  secrets.emplace_back(kIssuingCaKey, LH_TRY(made.issuing.stored()));
  secrets.emplace_back(kTlsKey, LH_TRY(made.tls.stored()));
  secrets.emplace_back(kLogKey, LH_TRY(made.log.stored()));
  secrets.emplace_back(kHubSigningKey, LH_TRY(made.signing.stored()));
  LH_TRY(keys.put_all(std::move(secrets), random));
  const Secret wrapping = LH_TRY(keys.get("buckets"));
  LH_TRY(crypto::BucketKeys::create(dir.buckets(), wrapping, random));
  return ok_status();
}

Status store_certificates(const Founding& f, const DataDir& dir, const NewKeys& keys,
                          Random& random, UtcTime now) {
  const UtcTime from = now.plus_ms(-kDayMs);
  const auto root = LH_TRY(pki::make_root(keys.root, f.ca_name + " Root", from,
                                          now.plus_ms(kRootDays * kDayMs), random));
  const pki::Authority root_authority(root, keys.root);
  const auto issuing =
      LH_TRY(root_authority.issue_authority(f.ca_name + " Issuing", keys.issuing.public_key(), from,
                                            now.plus_ms(kIssuingCaDays * kDayMs), random));
  const pki::Authority issuing_authority(issuing, keys.issuing);
  pki::CertificateRequest server;
  server.common_name = f.config.name;
  server.organisation = f.config.name;
  server.dns_names = f.dns_names;
  server.ip_names = f.ip_names;
  server.usage = pki::Usage::kTlsServer;
  server.not_before = from;
  server.not_after = now.plus_ms(kHubDays * kDayMs);
  const auto leaf = LH_TRY(issuing_authority.issue(server, keys.tls.public_key(), random));
  pki::CertificateRequest signing = server;
  signing.dns_names.clear();
  signing.ip_names.clear();
  signing.usage = pki::Usage::kSignDocument;
  const auto signer = LH_TRY(issuing_authority.issue(signing, keys.signing.public_key(), random));
  LH_TRY(write_file(dir.path() + "/hub-signing.pem", pki::to_pem(signer) + pki::to_pem(issuing),
                    Audience::kEverybody));
  LH_TRY(make_dir(dir.trust()));
  LH_TRY(write_file(dir.trust() + "/root.pem", pki::to_pem(root), Audience::kEverybody));
  LH_TRY(write_file(dir.trust() + "/issuing.pem", pki::to_pem(issuing), Audience::kEverybody));
  return write_file(dir.path() + "/server.pem", pki::to_pem(leaf) + pki::to_pem(issuing),
                    Audience::kEverybody);
}

// The definitions that come with the binary become version 1 of the catalogue.
Status load_catalogue(Hub& hub) {
  std::vector<std::pair<access::ObjectKind, schemas::Json>> all;
  using access::ObjectKind;
  for (const auto& t : schemas::shipped_licence_types()) {
    all.emplace_back(ObjectKind::kLicenceType, schemas::licence_type_to_json(t));
  }
  for (const auto& k : schemas::shipped_base_kinds()) {
    all.emplace_back(ObjectKind::kBaseKind, schemas::base_kind_to_json(k));
  }
  for (const auto& m : schemas::shipped_matters()) {
    all.emplace_back(ObjectKind::kMatter, schemas::matter_to_json(m));
  }
  for (const auto& r : schemas::shipped_sharing_rules()) {
    all.emplace_back(ObjectKind::kRule, schemas::sharing_rule_to_json(r));
  }
  for (const auto& b : schemas::shipped_bundles()) {
    all.emplace_back(ObjectKind::kBundle, schemas::bundle_to_json(b));
  }
  for (const auto& x : schemas::shipped_proofs()) {
    all.emplace_back(ObjectKind::kProof, schemas::proof_to_json(x));
  }
  for (const auto& t : schemas::shipped_code_tables()) {
    all.emplace_back(ObjectKind::kCodeTable, schemas::code_table_to_json(t));
  }
  for (const auto& e : schemas::shipped_directory()) {
    all.emplace_back(ObjectKind::kDirectoryEntry, schemas::directory_entry_to_json(e));
  }
  for (const auto& r : schemas::shipped_publication_rules()) {
    all.emplace_back(ObjectKind::kPublicationRule, schemas::publication_rule_to_json(r));
  }
  std::vector<ledger::RowWrite> rows;
  for (const auto& [kind, definition] : all) {
    auto some = LH_TRY(hub.catalogue().activate(kind, schemas::to_text(definition)));
    for (auto& row : some) rows.push_back(std::move(row));
  }
  audit::EntryFacts facts;
  facts.event = schemas::AuditEvent::kCatalogueActivated;
  facts.object = "shipped";
  facts.count = all.size();
  LH_TRY(hub.record(std::move(facts), std::move(rows)));
  return hub.catalogue().load();
}

}  // namespace

Status found_hub(const Founding& founding, const crypto::RootKey& root, Random& random,
                 const Clock& clock) {
  const DataDir dir(founding.config.data_dir);
  if (exists(dir.config()) || exists(dir.keys()) || exists(dir.store())) {
    return Error(Reason::kStoreExists, dir.path());
  }
  LH_TRY(make_dir(dir.path()));
  const NewKeys keys = LH_TRY(make_keys(random));
  LH_TRY(store_keys(dir, keys, root, random, clock.now()));
  LH_TRY(store_certificates(founding, dir, keys, random, clock.now()));
  auto hub = LH_TRY(Hub::open(founding.config, root, random, clock));
  LH_TRY(load_catalogue(*hub));
  Config written = founding.config;
  written.data_dir = ".";
  if (written.root_key_file == dir.root_key()) written.root_key_file = "root.key";
  return write_file(dir.config(), config_text(written), Audience::kOwner);
}

}  // namespace lh::hub::app
