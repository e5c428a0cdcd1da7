// An answer opens only with the Recorded of its own entry.
// expect: no matching|too few arguments
#include "base/permit.h"

int open(lh::Undisclosed<int>&& answer, const lh::Recorded& recorded) {
  static_cast<void>(recorded);
#ifdef CONTROL
  return std::move(answer).open(recorded);
#else
  return std::move(answer).open();
#endif
}
