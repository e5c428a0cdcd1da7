// A Personal value does not fit into a field of the log.
// expect: (could not convert|cannot convert|no matching|no viable)
#include <string>

#include "base/log.h"
#include "base/personal.h"

void log(const lh::Personal<std::string>& name, const std::string& plain) {
  static_cast<void>(name);
  static_cast<void>(plain);
#ifdef CONTROL
  lh::log_event(lh::LogLevel::kInfo, "event", {{"name", std::string_view(plain)}});
#else
  lh::log_event(lh::LogLevel::kInfo, "event", {{"name", name}});
#endif
}
