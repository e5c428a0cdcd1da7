// The right to read is not the receipt.
// expect: (cannot convert|could not convert|no matching|no viable|invalid initialization)
#include "base/permit.h"

int open(lh::Undisclosed<int>&& answer, const lh::Permit& permit, const lh::Recorded& recorded) {
  static_cast<void>(permit);
  static_cast<void>(recorded);
#ifdef CONTROL
  return std::move(answer).open(recorded);
#else
  return std::move(answer).open(permit);
#endif
}
