// What a driver's SQLSTATE means for us.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace lh::adapters::sql {

// source.unavailable: the same may succeed later (connection, timeout, lock, shutting down, no
// memory); source.refused: it will not. Input: the five characters, and the product's own number.
Reason reason_of_state(std::string_view state, std::int64_t native);

}  // namespace lh::adapters::sql
