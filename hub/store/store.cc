#include "hub/store/store.h"

namespace lh::hub::store {

Result<Undisclosed<std::optional<Bytes>>> Snapshot::find(const PersonalKey& key,
                                                         const Permit& permit) const {
  std::optional<Bytes> value = LH_TRY(read(Family::kData, key.key));
  return Undisclosed<std::optional<Bytes>>(permit, std::move(value));
}

Result<std::vector<std::optional<Bytes>>> Snapshot::read_each(
    Family family, const std::vector<ByteView>& keys) const {
  std::vector<std::optional<Bytes>> out;
  out.reserve(keys.size());
  for (const ByteView key : keys) out.push_back(LH_TRY(read(family, key)));
  return out;
}

}  // namespace lh::hub::store
