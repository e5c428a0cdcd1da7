// The value inside is nobody's to touch.
// expect: private
#include "base/permit.h"

bool peek(const lh::Undisclosed<int>& answer) {
#ifdef CONTROL
  return answer.access_id() == lh::AccessId{};
#else
  return answer.value_ == 1;
#endif
}
