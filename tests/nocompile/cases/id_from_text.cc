// An identifier has one checked door.
// expect: (conversion|no viable|could not convert)
#include "base/ids.h"

lh::Result<lh::Uscc> door(std::string_view text) {
#ifdef CONTROL
  return lh::parse_uscc(text);
#else
  lh::Uscc code = text;
  return code;
#endif
}
