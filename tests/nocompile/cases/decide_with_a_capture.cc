// A capture would carry the value out before its entry is durable.
// expect: decide takes a captureless function
#include "base/permit.h"

enum class Answer { kNo, kYes };
Answer leak(const lh::Undisclosed<int>& answer) {
  int out = 0;
#ifdef CONTROL
  static_cast<void>(out);
  return answer.decide([](const int& v) { return v > 0 ? Answer::kYes : Answer::kNo; });
#else
  return answer.decide([&out](const int& v) { return (out = v) > 0 ? Answer::kYes : Answer::kNo; });
#endif
}
