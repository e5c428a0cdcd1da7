// The policy as it was: of each stored definition the versions that were active at an epoch (the
// index of a catalogue entry). Definitions are never overwritten, so nothing is lost.
#pragma once

#include <memory>

#include "hub/access/catalogue.h"
#include "hub/access/registry.h"

namespace lh::hub::access {

// Errors: policy.epoch_unknown (nothing was active then), store.corrupt.
Result<std::shared_ptr<const Policy>> policy_at(const store::Store& store, std::uint64_t epoch);

}  // namespace lh::hub::access
