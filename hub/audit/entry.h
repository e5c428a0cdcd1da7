// The audit entry: deterministic CBOR, version 1 (docs/formats/entry.md). Public header, tags,
// commitments, two sealed boxes. About 300-400 bytes, at most 65,535. No personal value in clear.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/permit.h"
#include "base/personal.h"
#include "base/random.h"
#include "crypto/commit_key.h"
#include "crypto/key_store.h"
#include "hub/ledger/change.h"
#include "hub/ledger/fsck.h"
#include "hub/subjects/subject_directory.h"
#include "schemas/audit_events.h"

namespace lh::hub::audit {

enum class Decision : std::uint8_t { kAllow = 1, kDeny = 2, kError = 3 };  // stored
std::string_view decision_text(Decision d);  // "allow", "deny", "error"

// Kinds of postings an entry can be found by; stored in the index, never renumber.
enum class PostingKind : std::uint8_t {
  kSubject = 1,
  kOfficer = 2,
  kLicence = 3,
  kCase = 4,
  kOrganisation = 5,
  kEvent = 6,
  kLicenceChange = 7  // by licence type: entries that made or changed a licence
};

// A list of names, held together with whoever else needs it: nobody changes it.
class Names {
 public:
  Names() = default;
  Names(std::vector<std::string> list)  // NOLINT: implicit by design
      : list_(std::make_shared<const std::vector<std::string>>(std::move(list))) {}
  explicit Names(std::shared_ptr<const std::vector<std::string>> list) : list_(std::move(list)) {}
  const std::vector<std::string>& list() const { return list_ ? *list_ : none(); }
  auto begin() const { return list().begin(); }
  auto end() const { return list().end(); }
  std::size_t size() const { return list().size(); }
  bool empty() const { return list().empty(); }
  friend bool operator==(const Names& a, const Names& b) { return a.list() == b.list(); }

 private:
  static const std::vector<std::string>& none();
  std::shared_ptr<const std::vector<std::string>> list_;  // null: none
};

// Box A: who acted. Sealed under the audit-role key of the month.
struct OfficerBox {
  std::string officer_id;
  Personal<std::string> officer_name;
  std::string terminal;
  std::string case_number;
  Names fields;  // released
};

// Box B: personal text about the subject and the key k of the entry. Sealed under the data key of
// the first subject; erasing the holder does not erase which officer acted.
struct SubjectBox {
  Personal<std::string> text;
};

struct EntryFacts {
  schemas::AuditEvent event = schemas::AuditEvent::kMaintenance;
  Decision decision = Decision::kAllow;
  Reason reason = Reason::kVerdictGood;
  std::string organisation;  // USCC of the caller, "hub" for the hub itself, empty when unknown
  std::string system;        // SystemId text
  std::string purpose;       // cause code or short text of the catalogue, never free personal text
  std::string legal_basis;
  std::string matter;
  std::string division;
  std::string rule;  // id of the deciding rule
  int rule_version = 0;
  std::uint64_t policy_epoch = 0;
  std::string object;                          // licence type or base-data kind
  std::string correlation;                     // 32 hex digits, empty when none
  std::uint64_t count = 0;                     // rows of a bulk entry, refusals of a minute
  std::optional<Digest> rows_root;             // RFC 6962 root over the rows of a bulk entry
  std::vector<subjects::SubjectKey> subjects;  // first = whose key seals box B; at most 16
  std::optional<Tag> officer;
  std::optional<Tag> licence;
  std::optional<LicenceKey> licence_key;  // of an entry that made or changed it; kept in box A
  std::optional<Tag> case_tag;
  std::optional<Digest> certificate;  // caller's leaf fingerprint
  std::optional<Digest> request;      // HMAC(k, request bytes)
  std::optional<Digest> answer;       // HMAC(k, answer bytes)
  OfficerBox box_a;
  std::optional<SubjectBox> box_b;  // needs at least one subject
};

class MonthKeys;  // the month key in use; private to hub/audit

// Makes drafts; boxes are sealed here, outside the sequencer. Threads: any.
class EntryMaker {
 public:
  // keys: "audit/<yyyymm>" are made when missing (durable) by ensure_months().
  EntryMaker(const crypto::KeyStore& keys, const subjects::SubjectDirectory& directory,
             Random& random);
  // Box A is left out when it would hold nothing; k goes into box B, or without a subject into box
  // A. Errors: key.missing (month key), input.too_large, input.malformed (text that is not UTF-8, a
  // correlation that is not 32 lower-case hex digits, box B without a subject).
  // Cost: about 5 µs with both boxes.
  Result<std::unique_ptr<ledger::EntryDraft>> make(const EntryFacts& facts,
                                                   const crypto::CommitKey& k, UtcTime now) const;

 private:
  Random& random_;
  std::shared_ptr<MonthKeys> months_;
};
std::string month_key_name(UtcTime t);  // "audit/202611" (UTC+8 month)
// Makes the keys of the month of `now` and of the eleven after it where they are missing: at start
// and by housekeeping, so that a hub that runs for years never misses one. Writes only when needed.
Status ensure_months(crypto::KeyStore& keys, UtcTime now, Random& random);

// An entry read back. Boxes stay sealed; open_box_* take the key.
struct Entry {
  std::uint64_t index = 0;
  UtcTime time;
  schemas::AuditEvent event = schemas::AuditEvent::kMaintenance;
  Decision decision = Decision::kAllow;
  std::string reason;
  std::string organisation, system, purpose, legal_basis, matter, division, rule, object,
      correlation;
  int rule_version = 0;
  std::uint64_t policy_epoch = 0;
  std::uint64_t count = 0;
  std::optional<Digest> rows_root;
  Digest rows{};
  std::uint32_t row_count = 0;
  std::vector<ledger::ChainLink> subjects;
  std::optional<Tag> officer, licence, case_tag;
  std::optional<Digest> certificate, request, answer;
  Bytes box_a, box_b;
  std::string month;  // name of the key of box A, empty without one
  Tag nonce{};
  Bytes bound;  // what the boxes are bound to: the public part from the nonce on
};
Result<Entry> parse_entry(ByteView bytes);  // strict; cbor.malformed
// Errors: key.missing, seal.broken, cbor.malformed; audit.no_box when the entry has none.
Result<OfficerBox> open_box_a(const Entry& entry, const crypto::KeyStore& keys);
// Which licence the entry made or changed; nothing: the entry does not say. Errors: as
// open_box_a(), but an entry without a box says nothing.
Result<std::optional<LicenceKey>> open_licence_key(const Entry& entry,
                                                   const crypto::KeyStore& keys);
// k of an entry without a subject.
Result<crypto::CommitKey> open_commit_key(const Entry& entry, const crypto::KeyStore& keys);
struct OpenedSubjectBox {
  Personal<std::string> text;
  crypto::CommitKey k;
};
Result<OpenedSubjectBox> open_box_b(const Entry& entry, const subjects::SubjectKey& subject,
                                    const subjects::SubjectDirectory& directory);

std::vector<std::pair<std::uint8_t, Tag>> postings_of(const Entry& entry);
Tag organisation_tag(std::string_view uscc);  // public: SHA-256("org" ‖ uscc)[0..16)
Tag event_tag(schemas::AuditEvent event);
Tag licence_type_tag(std::string_view code);  // public: SHA-256("type" ‖ code)[0..16)
// licence.issued, licence.collected and licence.status.
bool is_licence_change(schemas::AuditEvent event);
std::unique_ptr<ledger::EntryReader> make_entry_reader();  // for fsck: reads the stamp only

}  // namespace lh::hub::audit
