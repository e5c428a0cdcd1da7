// A receipt is never copied.
// expect: deleted
#include "base/permit.h"

lh::Recorded again(lh::Recorded& recorded) {
#ifdef CONTROL
  return std::move(recorded);
#else
  return recorded;
#endif
}
