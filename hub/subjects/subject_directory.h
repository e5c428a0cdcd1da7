// Subjects and their keys: from an outside identifier to the random subject number, its salt, data
// key and audit tag. Alone seals and opens personal records (model.md, Identities and Keys).
//   L = HMAC(K_lookup, scheme ‖ normalised id); row data "L" ‖ L -> subject_no (aliases: more L
//   rows) row key "S" ‖ subject_no(8) -> state ‖ salt(16) ‖ data key(32), sealed by its bucket key
//   subject_tag = HMAC(salt, "tag")[0..16): never a bare keyed hash of the id
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

struct SubjectKey {
  SubjectNo no;
  Tag salt{};
  Digest data_key{};
  Tag tag{};
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

  Result<std::optional<SubjectKey>> find(const SubjectId& id) const;
  Result<SubjectKey> get(SubjectNo no) const;  // subject.unknown, key.erased
  // find, or the rows that register it. A number taken meanwhile shows as store.stale at commit; a
  // registration waiting in the ledger is remembered, so a bulk load does not make two of one id.
  Result<Registration> find_or_register(const SubjectId& id);
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
