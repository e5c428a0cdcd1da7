// A row about a natural person is read under a Permit, or not at all.
// expect: no matching (member )?function
#include "hub/store/store.h"

auto look(const lh::hub::store::Snapshot& snapshot, const lh::Permit& permit) {
  const lh::hub::store::PersonalKey key{"b"};
#ifdef CONTROL
  return snapshot.find(key, permit);
#else
  static_cast<void>(permit);
  return snapshot.find(key);
#endif
}
