// Only an enum comes out of decide.
// expect: decide gives an enum
#include <string>

#include "base/permit.h"

#ifdef CONTROL
enum class Answer { kEmpty, kFilled };
Answer leak(const lh::Undisclosed<std::string>& answer) {
  return answer.decide(
      [](const std::string& v) { return v.empty() ? Answer::kEmpty : Answer::kFilled; });
}
#else
std::string leak(const lh::Undisclosed<std::string>& answer) {
  return answer.decide([](const std::string& v) { return v; });
}
#endif
