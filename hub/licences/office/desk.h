// What issuing and collecting share: numbers, status-list slots, the signed document and the rows
// of a new content version. Private to hub/licences.
#pragma once

#include <atomic>

#include "hub/access/catalogue.h"
#include "hub/licences/licence_office.h"
#include "hub/licences/office/verdict_keeper.h"
#include "hub/licences/status_list.h"

namespace lh::hub::licences {

// A content version before it has a number, a slot and a signature.
struct VersionDraft {
  const schemas::LicenceType* type = nullptr;
  const Signer* signer = nullptr;
  Attestation attestation = Attestation::kIssuerSigned;
  std::string division;
  schemas::Fields fields;                // checked, in the order of the definition
  std::vector<schemas::Holder> holders;  // checked; local ones carry their source
  std::optional<LocalDate> valid_from, valid_until;
  schemas::ChangeKind change = schemas::ChangeKind::kNew;
  std::optional<LicenceHead> previous;  // of which this becomes the next version
  struct NewFact {
    FactKind kind = FactKind::kActivate;
    UtcTime effective;
    std::string ground;
  };
  std::vector<NewFact> facts;
};

struct MadeVersion {
  LicenceHead head;  // as it will be
  Document document;
  std::vector<subjects::SubjectKey> holders;
  std::vector<ledger::RowWrite> rows;
  std::vector<ledger::Precondition> preconditions;
};

struct LicenceOffice::IssueDraft {
  VersionDraft version;
};

struct LicenceOffice::Desk {
  explicit Desk(const OfficeParts& p) : parts(p), verdicts(p.keys, p.licences, p.gate, p.trust) {}
  // Errors: those of the store, licence.exists (number taken by another licence), key.missing.
  Result<MadeVersion> make(VersionDraft draft, UtcTime now);
  // A status fact of a licence that stands: head with it, and its row.
  Result<ledger::RowWrite> add_fact(LicenceHead& head, const VersionDraft::NewFact& fact,
                                    const subjects::SubjectKey& holder) const;

  // Collecting (collect.cc).
  Result<VersionDraft> collect_draft(const CollectRequest& request, const access::Policy& policy,
                                     UtcTime now) const;
  Result<MadeVersion> only_facts(const VersionDraft& draft) const;
  Result<std::unique_ptr<ledger::EntryDraft>> collect_entry(const CollectRequest& request,
                                                            const access::Policy& policy,
                                                            const MadeVersion& made,
                                                            ByteView content) const;

  const OfficeParts parts;
  VerdictKeeper verdicts;

 private:
  Result<StatusSlot> choose_slot();
  std::string new_serial() const;
  Status add_holders(const VersionDraft& draft, MadeVersion& made);
  Status add_number_alias(const VersionDraft& draft, MadeVersion& made) const;
  Result<Document> sign(const VersionDraft& draft, const VersionEntry& entry, StatusSlot slot,
                        UtcTime now) const;
  Result<LicenceHead> begin_head(const VersionDraft& draft) const;
  Status add_rows(VersionDraft draft, Document document, StatusSlot slot, MadeVersion& made);
  std::atomic<std::uint32_t> list_{0};
  std::atomic<bool> list_known_{false};
};

// Holder ids of the kinds the type allows; every required identifier field of a holder's scheme
// names one of the holders. Errors: licence.holder.
enum class LocalHolders : std::uint8_t { kRefuse, kAccept };
Status check_holders(const schemas::LicenceType& type, const std::vector<schemas::Holder>& holders,
                     const schemas::Fields& fields, LocalHolders local);
Bytes alias_value(const LicenceKey& key, ByteView extra = {});

}  // namespace lh::hub::licences
