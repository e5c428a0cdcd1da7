// A merge or split that one system proposed and another decides: who is who is not changed by one
// hand alone. Private to hub/exchange/people.
//   data "Em" ‖ change_id(16) -> [1, state, side, from, into, organisation, system, tag of the
//                                officer or empty, proposed ms, closed by, closed ms]
#pragma once

#include "hub/subjects/ties.h"

namespace lh::hub::exchange {

enum class IdentityState : std::uint8_t {  // stored; never renumber
  kProposed = 1,
  kConfirmed = 2,
  kRejected = 3,
  kWithdrawn = 4  // by who proposed it
};

struct IdentityChange {
  ChangeId id;
  IdentityState state = IdentityState::kProposed;
  subjects::TieSide side = subjects::TieSide::kInto;  // into: a merge; from: a split
  SubjectNo from, into;
  Uscc organisation;
  SystemId system;
  std::optional<Tag> officer;  // keyed; none: not said
  UtcTime proposed;
  std::string closed_by;  // system
  UtcTime closed;
  std::uint64_t commit_index = 0;  // 0 = not stored yet
};

// Row and precondition: of two who decide at once one is stale.
void write_identity_change(const IdentityChange& c, ledger::Change& change);
// Errors: change.unknown, store.corrupt.
Result<IdentityChange> find_identity_change(const store::Store& store, const ChangeId& id);

}  // namespace lh::hub::exchange
