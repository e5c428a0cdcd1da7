// libsodium picks its fastest code for this processor when it is started, and works without being
// started, at half the speed. Inside crypto only. Threads: any. Cost: one test after the first
// call.
#pragma once

namespace lh::crypto {

void start_sodium();  // LH_CHECK: it starts

}  // namespace lh::crypto
