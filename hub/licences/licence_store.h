// Licences as bitemporal rows. Keys (docs/formats/keys.md):
//   data "K" ‖ licence_key(16)                    head: type, issuer, holders, present version, open
//   data "V" ‖ licence_key(16) ‖ version(2)       content version: fields and document (sealed for
//                                                 persons and sole traders: one record key, wrapped
//                                                 for each holder)
//   data "H" ‖ licence_key(16) ‖ commit index(8) ‖ n(1)  a status fact: action, effective time, ground
//   data "N" ‖ HMAC(licence_id)                   -> licence_key ‖ version
//   data "A" ‖ HMAC(scheme ‖ alias)               -> licence_key
//   data "W" ‖ subject_no(8) ‖ type(21) ‖ licence_key(16)   holdings of a subject
//   data "U" ‖ list(4) ‖ index(4)                 status-list slot -> licence_key ‖ version
// Status facts are only added; expiry happens by itself from valid_until.
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

// The head: nothing in it is personal (subject numbers mean nothing outside).
struct LicenceHead {
  LicenceKey key;
  std::string type;
  Uscc issuer;                       // names the issuing body
  Uscc signer;                       // who signed (collecting department for stock data)
  std::vector<SubjectNo> holders;
  int version = 1;                   // newest content version
  Attestation attestation = Attestation::kIssuerSigned;
  std::string division;
  std::optional<LocalDate> valid_from, valid_until;  // of the newest version
  std::string licence_id;
  Digest document{};                 // digest of the newest document
  std::uint64_t commit_index = 0;    // of the head row
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
struct StatusFact {
  schemas::StatusAction action = schemas::StatusAction::kActivate;
  UtcTime effective;     // valid time
  UtcTime known;         // entry time
  std::uint64_t index;   // entry that recorded it
  std::string ground;
};
struct StatusAnswer {
  schemas::LicenceStatus status = schemas::LicenceStatus::kNotActive;
  std::uint64_t evidence_index = 0;  // entry of the deciding fact
};

class LicenceStore {
 public:
  LicenceStore(const store::Store& store, const subjects::SubjectDirectory& directory)
      : store_(store), directory_(directory) {}
  Result<std::optional<LicenceKey>> find_by_id(std::string_view licence_id) const;
  Result<std::optional<LicenceKey>> find_by_alias(std::string_view scheme, std::string_view value) const;
  Result<LicenceHead> head(const LicenceKey& key) const;  // licence.unknown
  Result<Undisclosed<LicenceVersion>> version(const LicenceHead& head, int version,
                                              const Permit& permit) const;
  // Newest first. Existence is itself personal: hence the Permit.
  Result<Undisclosed<std::vector<LicenceKey>>> holdings(SubjectNo subject, std::string_view type,
                                                        const Permit& permit) const;
  Result<std::vector<StatusFact>> facts(const LicenceKey& key) const;
  // Bitemporal: what held at valid_at according to what was known at known_at (inclusive).
  Result<StatusAnswer> status(const LicenceHead& head, UtcTime valid_at, UtcTime known_at) const;

  const subjects::SubjectDirectory& directory() const { return directory_; }
  const store::Store& store() const { return store_; }

 private:
  const store::Store& store_;
  const subjects::SubjectDirectory& directory_;
};

}  // namespace lh::hub::licences
