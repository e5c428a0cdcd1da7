// Subjects and their keys: from an outside identifier to the random subject number, its salt, data
// key and audit tag. Alone seals and opens personal records (model.md, Identities and Keys).
//   L = HMAC(K_lookup, scheme ‖ normalised id); row data "L" ‖ L -> subject_no (aliases: more L
//   rows) row key "S" ‖ subject_no(8) -> state ‖ salt(16) ‖ data key(32), sealed by its bucket key
//   state: 1 ‖ marks above it (SubjectMark): what else is kept of the subject, so that nobody asks
//   for rows that are not there. subject_tag = HMAC(salt, "tag")[0..16): never a bare keyed hash
// One person, two forms of one number: a 15-digit number and the 18-digit one of the same person
// find each other (docs/formats/base_data.md, Aliases). Merged subjects (ties.h): find() gives the
// survivor; find_own() the subject that the identifier itself names.
// Threads: const functions anywhere; keys are cached (bounded, locked memory is not used for the
// cache: docs/threat_model.md says why).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/random.h"
#include "crypto/bucket_keys.h"
#include "crypto/key_store.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::subjects {

inline constexpr std::uint64_t kKnownNow = UINT64_MAX;  // everything the log holds

// A point in both times: a day, and an index of the log up to which (inclusive) is known.
struct Moment {
  LocalDate valid;
  std::uint64_t known = kKnownNow;
};

enum class SubjectMark : std::uint8_t { kTies = 2, kFlags = 4 };  // stored bits; never renumber

struct SubjectKey {
  SubjectNo no;
  Tag salt{};
  Digest data_key{};
  Tag tag{};
  std::uint8_t marks = 0;
  bool has(SubjectMark mark) const { return (marks & static_cast<std::uint8_t>(mark)) != 0; }
};

// What a change must carry to bring a new subject (or alias) into being. Empty rows: it existed.
struct Registration {
  SubjectKey key;
  std::vector<ledger::RowWrite> rows;
  std::vector<ledger::Precondition> preconditions;
};

class SubjectDirectory {
 public:
  // keys: "lookup" and "tag" must be in the key store (key.missing).
  static Result<std::unique_ptr<SubjectDirectory>> create(const store::Store& store,
                                                          const crypto::KeyStore& keys,
                                                          const crypto::BucketKeys& buckets,
                                                          Random& random);
  ~SubjectDirectory();
  SubjectDirectory(const SubjectDirectory&) = delete;
  SubjectDirectory& operator=(const SubjectDirectory&) = delete;

  // Whom the identifier leads to, through merges, as known at that index of the log.
  Result<std::optional<SubjectKey>> find(const SubjectId& id,
                                         std::uint64_t known = kKnownNow) const;
  Result<std::optional<SubjectKey>> find_own(const SubjectId& id) const;
  Result<SubjectKey> get(SubjectNo no) const;  // subject.unknown, key.erased
  // Who the subject became by merges; itself where there were none. Errors: key.erased.
  Result<SubjectKey> survivor(const SubjectKey& key, std::uint64_t known = kKnownNow) const;
  // Everybody who is one with it: the survivor first. Erased ones are left out; at most 16.
  Result<std::vector<SubjectKey>> family(const SubjectKey& key,
                                         std::uint64_t known = kKnownNow) const;
  // find, or the rows that register it. A number taken meanwhile shows as store.stale at commit; a
  // registration waiting in the ledger is remembered, so a bulk load does not make two of one id.
  // Follows merges, as find() does; find_own_or_register() does not.
  Result<Registration> find_or_register(const SubjectId& id);
  Result<Registration> find_own_or_register(const SubjectId& id);
  // A further identifier of the subject. Empty: it is one already. Errors: subject.alias_taken.
  struct AliasChange {
    std::vector<ledger::RowWrite> rows;
    std::vector<ledger::Precondition> preconditions;
  };
  Result<AliasChange> add_alias(const SubjectKey& subject, const SubjectId& alias) const;
  // The key row with the mark; nullopt: it has it. After the commit: forget().
  struct Marked {
    ledger::RowWrite row;
    ledger::Precondition seen;
  };
  Result<std::optional<Marked>> mark(SubjectNo no, SubjectMark mark) const;
  void forget(SubjectNo no) const;    // the key row changed: what is cached is out of date
  void forget_pending(SubjectNo no);  // after the change failed or committed

  // Sealed under the subject's data key; place = the key of the row (aad).
  Bytes seal(const SubjectKey& key, ByteView plain, ByteView place) const;
  Result<Bytes> open(const SubjectKey& key, ByteView sealed, ByteView place) const;  // seal.broken

  // HMAC(K_tag, …): audit tags of licences, cases, officers and callers.
  Tag tag_of(std::string_view kind, ByteView id) const;

 private:
  struct Impl;
  explicit SubjectDirectory(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lh::hub::subjects
