// A holder who was recognised. Private to hub/exchange/rights.
#pragma once

#include "hub/exchange/rights/holder_desk.h"

namespace lh::hub::exchange {

struct HolderDesk::Sitting {
  Permit permit;
  SubjectId id;
  std::optional<subjects::SubjectKey> subject;  // none: not known to the hub yet
  UtcTime now;
  ledger::Change change = {};
};

}  // namespace lh::hub::exchange
