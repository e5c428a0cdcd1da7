// The key and chain by which the hub signs in its own name: status lists, attestations, reports.
#pragma once

#include "crypto/key_store.h"
#include "hub/app/data_dir.h"
#include "hub/licences/signers.h"

namespace lh::hub::app {

// typ: of the header of what it signs. Errors: key.missing, file.unreadable, those of the chain.
Result<licences::Signer> load_hub_signer(const DataDir& dir, const crypto::KeyStore& keys,
                                         std::string_view typ);

}  // namespace lh::hub::app
