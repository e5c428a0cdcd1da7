// There is no empty Permit.
// expect: no matching (function|constructor)|deleted
#include "base/permit.h"

#ifdef CONTROL
lh::Permit* permit = nullptr;
#else
lh::Permit permit;
#endif
