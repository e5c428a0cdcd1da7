// A Permit is the right to one access: it moves and is never copied.
// expect: deleted
#include "base/permit.h"

lh::Permit again(lh::Permit& permit) {
#ifdef CONTROL
  return std::move(permit);
#else
  return permit;
#endif
}
