// Reading original files: what is kept of a version, and the file itself, part by part, to the
// digest it was handed in with.
#pragma once

#include <optional>

#include "hub/licences/originals/original_rows.h"

namespace lh::hub::licences {

class OriginalStore {
 public:
  explicit OriginalStore(const LicenceStore& licences) : licences_(licences) {}
  // Nothing personal: kind, size, who handed it in. One get.
  Result<std::optional<OriginalRecord>> find(const LicenceKey& licence, int version) const;
  // Errors: key.erased (no holder's key is left), seal.broken, store.corrupt.
  Result<Undisclosed<Bytes>> read(const OriginalRecord& record, const Permit& permit) const;
  Result<Digest> digest(const OriginalRecord& record) const;
  // The holders of a version whose keys still exist. Errors: key.erased (none).
  Result<std::vector<subjects::SubjectKey>> living(const std::vector<SubjectNo>& holders) const;
  const LicenceStore& licences() const { return licences_; }

 private:
  Result<Bytes> file_key(const OriginalRecord& record) const;
  const LicenceStore& licences_;
};

}  // namespace lh::hub::licences
