// What calls to departments' systems need of the hub; everything outlives them.
#pragma once

#include <functional>

#include "base/random.h"
#include "hub/access/gate.h"
#include "hub/app/calls/board.h"
#include "hub/audit/entry.h"
#include "hub/ledger/ledger.h"
#include "hub/licences/licence_store.h"
#include "hub/subjects/base_data.h"

namespace lh::hub::app::calls {

struct CallParts {
  store::Store& store;
  ledger::Ledger& ledger;
  const subjects::SubjectDirectory& directory;
  const licences::LicenceStore& licences;
  const subjects::BaseData& base_data;
  const audit::EntryMaker& entries;
  const access::Gate& gate;
  Random& random;
  const Clock& clock;
  const Board& board;
};

}  // namespace lh::hub::app::calls
