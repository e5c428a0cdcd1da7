// The hub of one data directory with all its rooms, wired. It has no sockets: `serve` and `demo`
// put the edge before it, the commands use it directly when no hub is running on the directory.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "hub/access/catalogue.h"
#include "hub/access/gate.h"
#include "hub/access/registry.h"
#include "hub/api/services.h"
#include "hub/app/config.h"
#include "hub/app/data_dir.h"
#include "hub/store/disk_guard.h"
#include "pki/authority.h"

namespace lh::hub::app {

using LookAtOriginal =
    std::function<Result<licences::OriginalShape>(licences::OriginalKind, ByteView)>;

// Names of secrets in the key store.
inline constexpr const char* kRootCaKey = "ca/root";
inline constexpr const char* kIssuingCaKey = "ca/issuing";
inline constexpr const char* kTlsKey = "tls";
inline constexpr const char* kLogKey = "log";
inline constexpr const char* kHubSigningKey = "sign/hub";
// How long certificates hold that are made here, in days.
inline constexpr std::int64_t kIssuingCaDays = 1825;
inline constexpr std::int64_t kDepartmentDays = 1095;
inline constexpr std::int64_t kHubDays = 397;  // of the server, and of what the hub signs itself

class Sources;
namespace calls {
class SourcesOnCall;
class Pushes;
}  // namespace calls

class Hub {
 public:
  // Opens an initialised directory. Errors: store.missing, store.locked, key.*, ledger.*.
  static Result<std::unique_ptr<Hub>> open(const Config& config, const crypto::RootKey& root,
                                           Random& random, const Clock& clock);
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  const Config& config() const;
  const DataDir& dir() const;
  store::Store& store();
  ledger::Ledger& ledger();
  crypto::KeyStore& keys();
  access::Registry& registry();
  access::Catalogue& catalogue();
  access::Gate& gate();
  licences::Signers& signers();
  licences::LicenceStore& licences();
  licences::LicenceOffice& office();
  subjects::SubjectDirectory& directory();
  const audit::EntryMaker& entries();
  ingest::Collection& collection();
  const Sources& sources();
  calls::SourcesOnCall& on_call();
  calls::Pushes& pushes();
  // Calls that were announced before the hub ended get their outcome: unknown. Errors:
  // audit.unavailable, clock.jump, store.*: what is left is tried again by housekeeping.
  Status conclude_unfinished();
  audit::RefusalCounter& refusals();
  const api::Services& services();
  Random& random();
  const Clock& clock();
  const crypto::NoteKey& log_key();  // name and public key of the log
  std::vector<pki::Certificate> server_chain();
  const std::vector<pki::Certificate>& signing_chain();  // of what the hub signs in its own name
  // Issues under the hub's own issuing CA. Errors: key.missing where the CA is elsewhere.
  Result<pki::Certificate> issue(const pki::CertificateRequest& request,
                                 const crypto::PublicKey& subject);
  Result<pki::Certificate> issuing_certificate() const;

  std::shared_ptr<const pki::TrustStore> trust() const;
  Status reload_trust();  // after revocations and new anchors
  void set_metrics_text(std::function<std::string()> text);
  // Before requests come: where original files are looked at (hub/app/apart).
  void set_look_at_original(LookAtOriginal look);

  // One entry of the hub itself (started, key created …) with rows, committed at once.
  Result<Recorded> record(audit::EntryFacts facts, std::vector<ledger::RowWrite> rows = {});
  Result<Recorded> record(audit::EntryFacts facts, ledger::Change change);  // without entries
  // Keys of the months to come; anonymous refusals of minutes that ended; expired idempotency rows.
  // Called by a timer.
  Status housekeeping(UtcTime refusals_before);

 private:
  Status remind();
  struct Parts;
  explicit Hub(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Makes a new data directory: keys, CA, log, catalogue. Errors: store.exists.
struct Founding {
  Config config;  // data_dir set
  std::string ca_name;
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_names;
};
Status found_hub(const Founding& founding, const crypto::RootKey& root, Random& random,
                 const Clock& clock);

}  // namespace lh::hub::app
