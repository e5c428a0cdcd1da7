// IETF Token Status List, 4 bits an entry, index chosen at random; GET /public/status/{list} gives
// it as a signed token (statuslist+jwt). A list holds 2^16 slots; a new one begins when six random
// slots in a row are taken, at about half full (docs/formats/licence.md).
#pragma once

#include <string>
#include <vector>

#include "crypto/sign.h"
#include "hub/licences/licence_store.h"

namespace lh::hub::licences {

inline constexpr std::uint32_t kStatusSlots = 1U << 16U;
struct StatusSlot {
  std::uint32_t list = 0;
  std::uint32_t index = 0;
};
// bits: 4 per slot, packed low bits first (Token Status List, 4.1).
Bytes pack_status_list(const std::vector<std::uint8_t>& statuses);
Result<Bytes> deflate_zlib(ByteView data);  // RFC 1950
Result<Bytes> inflate_zlib(ByteView data, std::size_t max_bytes);
// The statuses of one list at `now`; absent slots are 0 by the format. Cost: one head a licence in
// it (32,768 at most, as a rule); the route keeps the token for a while.
Result<std::vector<std::uint8_t>> statuses_of(const LicenceStore& licences, std::uint32_t list,
                                              UtcTime now);
Result<std::string> status_list_token(const std::vector<std::uint8_t>& statuses,
                                      std::string_view uri, const Signer& signer, UtcTime now);

}  // namespace lh::hub::licences
