// What an event loop says of itself to whoever gathers its work.
#pragma once

#include <cstdint>

namespace lh::hub::edge {

enum class LoopState : std::uint8_t {
  kBusy,  // about to handle what is ready
  kIdle   // about to sleep
};

}  // namespace lh::hub::edge
