// A result is looked at, or dropped in writing.
// expect: nodiscard
#pragma GCC diagnostic error "-Wunused-result"
#include "base/result.h"

lh::Status act();
void run() {
#ifdef CONTROL
  lh::ignore(act(), "the control of a test");
#else
  act();
#endif
}
