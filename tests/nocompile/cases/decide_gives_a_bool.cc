// Nothing security-relevant is a bool.
// expect: decide gives an enum
#include "base/permit.h"

enum class Answer { kNo, kYes };
void decide(const lh::Undisclosed<int>& answer) {
#ifdef CONTROL
  static_cast<void>(answer.decide([](const int& v) { return v > 0 ? Answer::kYes : Answer::kNo; }));
#else
  static_cast<void>(answer.decide([](const int& v) { return v > 0; }));
#endif
}
