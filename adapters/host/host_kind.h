// The kind "host" (前置机): a source that the hub cannot call. A `licencehub adapter host` beside
// it dials out to the hub, takes tasks and brings answers; only the system the mapping names may
// serve. Format: docs/formats/adapter-host.md.
#pragma once

#include <memory>

#include "adapters/host/broker.h"
#include "adapters/kind.h"

namespace lh::adapters::host {

std::unique_ptr<Kind> make_kind(Broker& broker);  // the broker outlives the kind's sources

}  // namespace lh::adapters::host
