// A store in memory (std::map with copy-on-snapshot): tests of the rooms above.
#pragma once

#include <memory>

#include "hub/store/store.h"

namespace lh::hub::store {

std::unique_ptr<Store> make_memory_store();

}  // namespace lh::hub::store
