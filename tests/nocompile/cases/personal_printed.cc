// A Personal value is not printed.
// expect: (deleted|ambiguous)
#include <iostream>
#include <string>

#include "base/personal.h"

void print(const lh::Personal<std::string>& name) {
#ifdef CONTROL
  std::cout << name.reveal();
#else
  std::cout << name;
#endif
}
