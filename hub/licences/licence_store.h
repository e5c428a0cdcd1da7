// Licences as bitemporal rows (docs/formats/keys.md):
//   data "K" ‖ licence_key(16)                    head: type, issuer, versions, status facts, the
//                                                 cached verdict; nothing personal
//   data "V" ‖ licence_key(16) ‖ version(2)       content version: the signed part in clear (it
//   holds
//                                                 salted digests only), fields and disclosures
//                                                 sealed: one record key, wrapped for each holder
//   data "H" ‖ licence_key(16) ‖ number(4)        a status fact with its ground (sealed)
//   data "N" ‖ HMAC(licence_id)(16)               -> licence_key ‖ version
//   data "A" ‖ HMAC(scheme ‖ alias)(16)           -> licence_key ‖ what the owner of the alias adds
//   data "W" ‖ subject_no(8) ‖ type(21) ‖ licence_key(16)   holdings of a subject
//   data "U" ‖ list(4) ‖ index(4)                 status-list slot -> licence_key ‖ version
// Versions and facts are only added; expiry happens by itself from valid_until.
// Deviates: every V row is sealed, those of legal entities too: one way, and no question which
// field of an entity's licence is about a person.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/permit.h"
#include "hub/ledger/change.h"
#include "hub/licences/document.h"
#include "hub/store/store.h"
#include "hub/subjects/subject_directory.h"
#include "schemas/purpose.h"

namespace lh::hub::licences {

enum class Attestation : std::uint8_t { kIssuerSigned = 1, kStockData = 2 };  // stored

enum class FactKind : std::uint8_t {  // stored; never renumber; 1..7 are schemas::StatusAction
  kActivate = 1,
  kSuspend = 2,
  kResume = 3,
  kCancel = 4,
  kRevoke = 5,
  kForfeit = 6,
  kTransferOut = 7,
  kLapsed = 8  // the source of stock data says expired, whatever the dates
};

// A status fact as the head keeps it.
struct HeadFact {
  FactKind kind = FactKind::kActivate;
  UtcTime effective;        // valid time
  std::uint64_t index = 0;  // entry that recorded it (known time)
};
struct VersionEntry {
  int version = 1;
  std::string licence_id;
  std::optional<LocalDate> valid_from, valid_until;
  schemas::ChangeKind change = schemas::ChangeKind::kNew;
  std::vector<SubjectNo> holders;
  Digest document{};
  std::uint64_t index = 0;  // entry that recorded it
};
// What verification said, under a MAC with the trust epoch (docs/walks/verify.md).
struct KeptVerdict {
  std::uint64_t epoch = 0;
  pki::Verdict integrity = pki::Verdict::kIndeterminate;
  Reason integrity_reason = Reason::kTrustMissing;
  pki::Verdict issuer = pki::Verdict::kIndeterminate;
  Reason issuer_reason = Reason::kIssuerUnknown;
  Tag mac{};
};

// The head: nothing in it is personal (subject numbers mean nothing outside).
struct LicenceHead {
  LicenceKey key;
  std::string type;
  Uscc issuer;  // names the issuing body
  Uscc signer;  // who signed (collecting department for stock data)
  Attestation attestation = Attestation::kIssuerSigned;
  std::string division;
  std::vector<VersionEntry> versions;  // oldest first, never empty
  std::vector<HeadFact> facts;         // in the order they became known
  KeptVerdict kept;                    // of the newest version
  std::uint64_t commit_index = 0;      // of the head row
  // Of the newest version:
  int version = 1;
  std::string licence_id;
  std::vector<SubjectNo> holders;
  std::optional<LocalDate> valid_from, valid_until;
  Digest document{};
};
struct LicenceVersion {
  int version = 1;
  std::string licence_id;
  schemas::Fields fields;
  Document document;
  std::optional<LocalDate> valid_from, valid_until;
  schemas::ChangeKind change = schemas::ChangeKind::kNew;
  std::string supersedes;
};
// What a fetch gives of a version.
struct Presented {
  std::string fields;        // members of a JSON object: "name":"value",…
  std::string presentation;  // discloses just these fields
};
struct StatusFact {
  FactKind kind = FactKind::kActivate;
  UtcTime effective;        // valid time
  UtcTime known;            // entry time
  std::uint64_t index = 0;  // entry that recorded it
};
enum class Knowledge : std::uint8_t { kKnown, kNotYet };  // kNotYet: recorded only later
struct StatusAnswer {
  schemas::LicenceStatus status = schemas::LicenceStatus::kNotActive;
  std::uint64_t evidence_index = 0;  // entry of the deciding fact
  Knowledge knowledge = Knowledge::kKnown;
};
struct AliasTarget {
  LicenceKey key;
  Bytes extra;
  std::uint64_t commit_index = 0;
};
struct Numbered {
  LicenceKey key;
  int version = 1;
};
struct Holding {
  LicenceHead head;
  int version = 1;  // the one in force
  StatusAnswer status;
};

// The newest version whose first day has come at `at`; the first one before that.
int version_in_force(const LicenceHead& head, UtcTime at);
const VersionEntry* find_version(const LicenceHead& head, int version);

class LicenceStore {
 public:
  LicenceStore(const store::Store& store, const subjects::SubjectDirectory& directory)
      : store_(store), directory_(directory) {}
  Result<std::optional<LicenceKey>> find_by_id(std::string_view licence_id) const;
  Result<std::optional<Numbered>> find_number(std::string_view licence_id) const;
  Result<std::optional<LicenceKey>> find_by_alias(std::string_view scheme,
                                                  std::string_view value) const;
  Result<std::optional<AliasTarget>> find_alias(std::string_view scheme,
                                                std::string_view value) const;
  Result<LicenceHead> head(const LicenceKey& key) const;  // licence.unknown
  // Errors: licence.unknown (no such version), key.erased (no holder's key is left), seal.broken.
  Result<Undisclosed<LicenceVersion>> version(const LicenceHead& head, int version,
                                              const Permit& permit) const;
  // The same row, of which only the chosen fields are shown. Errors: as version().
  Result<Undisclosed<Presented>> present(const LicenceHead& head, int version,
                                         const std::vector<std::string>& fields,
                                         const Permit& permit) const;
  // The best licence of that type the subject holds now: valid at `at` before others, then the
  // newest. That it exists is personal: it may go into rows of the change and into an Undisclosed
  // of the same access, nowhere else.
  Result<std::optional<Holding>> find_holding(SubjectNo subject, std::string_view type, UtcTime at,
                                              const Permit& permit) const;
  // All of that type the subject holds now and that are valid at `at`, newest first, at most
  // `limit`. The same caution.
  Result<std::vector<Holding>> valid_holdings(SubjectNo subject, std::string_view type, UtcTime at,
                                              std::size_t limit, const Permit& permit) const;
  Result<std::vector<StatusFact>> facts(const LicenceKey& key) const;
  // The ground given for the n-th fact; sealed under a holder's key.
  Result<Undisclosed<std::string>> ground(const LicenceHead& head, std::uint32_t number,
                                          const Permit& permit) const;
  // Bitemporal: what held at valid_at according to what was known at known_at (inclusive), for the
  // newest version and for any. known_at = UtcTime::max() costs no read.
  Result<StatusAnswer> status(const LicenceHead& head, UtcTime valid_at, UtcTime known_at) const;
  Result<StatusAnswer> status_of(const LicenceHead& head, int version, UtcTime valid_at,
                                 UtcTime known_at) const;
  // Time of an entry of the log. Errors: store.corrupt (no such entry).
  Result<UtcTime> entry_time(std::uint64_t index) const;

  const subjects::SubjectDirectory& directory() const { return directory_; }
  const store::Store& store() const { return store_; }

 private:
  const store::Store& store_;
  const subjects::SubjectDirectory& directory_;
};

}  // namespace lh::hub::licences
