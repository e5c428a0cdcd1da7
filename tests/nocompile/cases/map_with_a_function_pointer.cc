// A function pointer may point anywhere.
// expect: map takes a captureless function
#include "base/permit.h"

int twice(int&& v) {
  return 2 * v;
}
void leak(lh::Undisclosed<int>&& answer) {
#ifdef CONTROL
  static_cast<void>(std::move(answer).map([](int&& v) { return twice(std::move(v)); }));
#else
  static_cast<void>(std::move(answer).map(&twice));
#endif
}
