// A PersonalKey does not turn into a key that needs no Permit.
// expect: could not convert|no matching function|no viable|cannot convert
#include "hub/store/store.h"

lh::hub::store::OpenKey opened(const lh::hub::store::PersonalKey& key) {
#ifdef CONTROL
  return {lh::hub::store::Family::kData, key.key};
#else
  return key;
#endif
}
