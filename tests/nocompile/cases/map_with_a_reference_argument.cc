// Arguments of map are values: a reference in disguise would be written through.
// expect: arguments are values
#include <functional>

#include "base/permit.h"

void leak(lh::Undisclosed<int>&& answer) {
  int out = 0;
  const auto copy = [](int&& v, const auto& to) {
#ifdef CONTROL
    return v + to;
#else
    return to.get() = v;
#endif
  };
#ifdef CONTROL
  static_cast<void>(std::move(answer).map(copy, out));
#else
  static_cast<void>(std::move(answer).map(copy, std::ref(out)));
#endif
}
