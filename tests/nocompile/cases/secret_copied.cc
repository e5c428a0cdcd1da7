// A Secret is copied by the word clone only.
// expect: deleted
#include "base/secret.h"

lh::Secret again(const lh::Secret& secret) {
#ifdef CONTROL
  return secret.clone();
#else
  return secret;
#endif
}
