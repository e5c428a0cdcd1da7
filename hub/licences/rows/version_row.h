// The row of a content version: the issuer-signed part in clear (numbers, salted digests, a
// certificate chain: nothing personal), fields and disclosures sealed under a record key of the
// version, which is wrapped under each holder's data key. Private to hub/licences.
//   [1, jwt, [[subject_no, wrapped key]…], sealed [licence_id, version, from, until, change,
//    supersedes, [name, value, disclosure, …]]]
#pragma once

#include "base/random.h"
#include "hub/licences/licence_store.h"

namespace lh::hub::licences::rows {

// place: the key of the row; it is bound into every seal.
Bytes encode_version(const LicenceVersion& version,
                     const std::vector<subjects::SubjectKey>& holders, const Bytes& place,
                     Random& random);
// Input: the stored value with its prefix. Errors: store.corrupt, key.erased (not wrapped for this
// reader), seal.broken.
Result<LicenceVersion> decode_version(ByteView stored, const subjects::SubjectKey& reader,
                                      const Bytes& place);

// The chosen fields as the members of a JSON object ("name":"value",…) and the presentation that
// discloses just them, written while the row is read: no record in between.
Result<Presented> present_version(ByteView stored, const subjects::SubjectKey& reader,
                                  const Bytes& place, const std::vector<std::string>& fields);

// The row of a status fact: [1, kind, effective ms, subject_no, sealed ground].
struct FactRow {
  FactKind kind = FactKind::kActivate;
  UtcTime effective;
  std::string ground;  // may be about a person: sealed
};
Bytes encode_fact(const FactRow& fact, const subjects::SubjectKey& holder, const Bytes& place,
                  Random& random);
// Errors: store.corrupt, key.erased (sealed for another holder), seal.broken.
Result<std::string> decode_ground(ByteView stored, const subjects::SubjectKey& reader,
                                  const Bytes& place);

}  // namespace lh::hub::licences::rows
