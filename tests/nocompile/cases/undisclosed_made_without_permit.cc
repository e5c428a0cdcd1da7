// What is read about a person is read under a Permit, not under a number somebody made up.
// expect: private
#include "base/permit.h"

lh::Undisclosed<int> make(const lh::Permit& permit) {
  static_cast<void>(permit);
#ifdef CONTROL
  return lh::Undisclosed<int>(permit, 1);
#else
  return lh::Undisclosed<int>(lh::AccessId{}, 1);
#endif
}
