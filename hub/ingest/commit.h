// Changes on their way: waiting for one (never on an event loop), and the subjects in them.
#pragma once

#include "hub/ingest/collection.h"

namespace lh::hub::ingest {

// The subjects that the change brings into being; the directory forgets that they are pending once
// the ledger has answered.
std::vector<SubjectNo> registered_by(const ledger::Change& change);
// Rows that bring a subject into being: data "L" ‖ lookup, key "S" ‖ number.
enum class Registers : std::uint8_t { kYes, kNo };
Registers registers(store::Family family, ByteView key);

Status commit_and_wait(const SubmitChange& submit, ledger::Change change);

}  // namespace lh::hub::ingest
