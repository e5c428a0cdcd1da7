// The QR payload "lhq1.<licence_id>.<mac>" (docs/formats/qr.md): names a version, holds no personal
// value, and only this hub could have made it. Private to hub/licences.
#pragma once

#include <optional>
#include <string>

#include "crypto/key_store.h"

namespace lh::hub::licences {

std::string make_qr(const crypto::KeyStore& keys, std::string_view licence_id);
// The licence_id; nullopt for every payload this hub did not make, whatever is wrong with it.
std::optional<std::string> read_qr(const crypto::KeyStore& keys, std::string_view payload);

}  // namespace lh::hub::licences
