// One call about an application on its way. Private to hub/exchange/sharing.
#pragma once

#include "hub/exchange/sharing/sharing_desk.h"

namespace lh::hub::exchange {

struct SharingDesk::Turn {
  const SharingCall& call;
  audit::EntryFacts facts;
  Application application;
  UtcTime now;
  ledger::Change change = {};
  int http_status = 200;
};

}  // namespace lh::hub::exchange
