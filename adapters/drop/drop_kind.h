// The kind "drop": a folder where files arrive, on this machine or behind SFTP.
#pragma once

#include <memory>

#include "adapters/kind.h"

namespace lh::adapters::drop {

// around outlives it. Push writes one CSV file a record into push_folder, named by the push's id.
std::unique_ptr<Kind> make_kind(const Surroundings& around);

}  // namespace lh::adapters::drop
