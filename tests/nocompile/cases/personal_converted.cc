// A Personal value does not become a plain one by accident.
// expect: (conversion|no viable|could not convert)
#include <string>

#include "base/personal.h"

std::string plain(const lh::Personal<std::string>& name) {
#ifdef CONTROL
  return name.reveal();
#else
  return name;
#endif
}
