// Judges what another hub answered: the issuer's signature and chain against the anchors kept for
// that hub, the receipt against the key of its log.
#pragma once

#include <memory>

#include "adapters/hub/judge.h"
#include "base/time.h"

namespace lh::hub::app {

// The clock outlives it. Threads: any. Cost: reads the folder of trust at every call (1 ms).
std::unique_ptr<adapters::hub::Judge> make_foreign_judge(const Clock& clock);

}  // namespace lh::hub::app
