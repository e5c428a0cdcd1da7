// Original files (原件) of licences: handed in by the department that issued or collected the
// licence, kept sealed for its holders, and given back raw to that department only
// (docs/walks/copy.md). Audit: document.stored (one a file; its parts hub.maintenance under one
// correlation), document.read; refusals access.refused.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>

#include "hub/licences/licence_office.h"
#include "hub/licences/originals/original_store.h"

namespace lh::hub::licences {

// POST /v1/licences/{licence_key}/documents?version=N, the file as its body.
struct HandIn {
  std::string licence;               // licence_key
  std::optional<int> version;        // none: the newest
  std::string content_type;          //
  std::vector<std::string> digests;  // fields Content-Digest, Repr-Digest as they came
};
// The member sha-256 of an RFC 9530 digest field; others are not looked at. Errors:
// input.malformed.
Result<std::optional<Digest>> sha256_of_field(std::string_view field);

struct OriginalParts {
  const OriginalStore& originals;
  subjects::SubjectDirectory& directory;
  const access::Gate& gate;
  const audit::EntryMaker& entries;
  Random& random;
  const Clock& clock;
  // inspect(), where a file that takes too much takes it from nobody else.
  std::function<Result<OriginalShape>(OriginalKind, ByteView)> look = inspect;
};

class OriginalOffice {
 public:
  // A file that was admitted, on its way into the store. One of a version at a time.
  class Upload;
  using UploadPtr = std::shared_ptr<Upload>;
  using Admitted = std::variant<UploadPtr, access::Refused>;

  explicit OriginalOffice(const OriginalParts& parts) : parts_(parts) {}

  // Who, whose, which kind, harmless. Takes as long as the file is hostile: on the pool. Errors
  // (refused): role.missing, licence.unknown (also: of somebody else), document.kind,
  // document.unsafe, document.exists, digest.mismatch, key.erased, http.too_many_requests (two at
  // once).
  Admitted admit(const HandIn& request, ByteView file, const access::Caller& caller,
                 const access::Policy& policy);
  // The next part as a change of its own; none when only the last one is left, which goes with the
  // head. `file` is the one that was admitted.
  Result<std::optional<ledger::Change>> next_part(Upload& upload, ByteView file) const;
  // The last part and the head. May be prepared again. A file that is kept already: the same
  // answer.
  Result<access::Prepared> finish(const Upload& upload, ByteView file, const access::Caller& caller,
                                  const access::Policy& policy) const;
  // GET: the file as it was handed in, to the organisation that did. Errors: as admit();
  // document.unknown.
  Result<access::Prepared> read(const std::string& licence, std::optional<int> version,
                                const access::Caller& caller, const access::Policy& policy) const;

 private:
  class Seat;
  struct Version;
  Result<Permit> own_role(const access::Caller& caller, const access::Policy& policy) const;
  Result<Version> find_own(const std::string& licence, std::optional<int> version,
                           const access::Caller& caller) const;
  Result<UploadPtr> admitted(const HandIn& request, ByteView file, const access::Caller& caller,
                             audit::EntryFacts& facts);
  Result<access::Act> finished(const Upload& upload, ByteView file, const Permit& permit,
                               audit::EntryFacts& facts) const;
  Result<access::Act> given_back(const Version& version, const access::Caller& caller,
                                 const Permit& permit, audit::EntryFacts& facts) const;

  OriginalParts parts_;
  std::mutex mutex_;
  std::set<Bytes> under_way_;  // keys of head rows
};

}  // namespace lh::hub::licences
