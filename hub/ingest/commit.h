// Waiting for one change: for marks and streams, never on an event loop.
#pragma once

#include "hub/ingest/collection.h"

namespace lh::hub::ingest {

Status commit_and_wait(const SubmitChange& submit, ledger::Change change);

}  // namespace lh::hub::ingest
