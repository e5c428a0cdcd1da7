// expect: does_not_exist
#include "base/does_not_exist.h"
