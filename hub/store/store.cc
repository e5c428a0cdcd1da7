#include "hub/store/store.h"

namespace lh::hub::store {

Result<Undisclosed<std::optional<Bytes>>> Snapshot::find(const PersonalKey& key,
                                                         const Permit& permit) const {
  std::optional<Bytes> value = LH_TRY(read(Family::kData, key.key));
  return Undisclosed<std::optional<Bytes>>(permit, std::move(value));
}

}  // namespace lh::hub::store
