// The kind "hub": another Licence Hub, of a county, city or province, asked for one licence by
// division and holder, over its public surface: a case is opened there for the matter it knows us
// for, the material is fetched by its reference, the issuer's signature and the receipt are judged,
// and only what the issuer signed becomes a row. There is no pull: a hub gives nothing in bulk.
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
