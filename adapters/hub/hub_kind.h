// The kind "hub": another Licence Hub, of a county, city or province, over its public surface. A
// lookup asks for one licence by division and holder: a case is opened there for the matter it
// knows us for, and the material is fetched by its reference. A pull brings the changes that hub
// gives us. Either way the issuer's signature and the receipt are judged before anything becomes a
// row.
#pragma once

#include <memory>

#include "adapters/http/digests.h"
#include "adapters/http/transport/transport.h"
#include "adapters/hub/judge.h"
#include "adapters/kind.h"

namespace lh::adapters::hub {

// transports: null = over the network. All of it outlives the kind's lookups.
std::unique_ptr<Kind> make_kind(const Surroundings& with, const http::MessageDigests& digests,
                                const Judge& judge,
                                std::unique_ptr<http::transport::Transports> transports = nullptr);

}  // namespace lh::adapters::hub
