// A capture would carry the value out before its entry is durable.
// expect: map takes a captureless function
#include "base/permit.h"

void leak(lh::Undisclosed<int>&& answer) {
  int out = 0;
#ifdef CONTROL
  static_cast<void>(out);
  static_cast<void>(std::move(answer).map([](int&& v) { return v; }));
#else
  static_cast<void>(std::move(answer).map([&out](int&& v) { return out = v; }));
#endif
}
