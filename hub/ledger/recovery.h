// What the ledger checks before it serves: that the store knows at least what was promised to the
// world, and that the tree it will go on from is the promised one. Internal to hub/ledger.
#pragma once

#include "crypto/note.h"
#include "hub/ledger/checkpoint_file.h"
#include "hub/ledger/log/keys.h"
#include "hub/ledger/log/tree.h"

namespace lh::hub::ledger {

// Loads the tree. Gives the stored state; nullopt in an empty store to which nothing was promised.
// Errors as Ledger::open; each names what the store had to drop when it was opened.
Result<std::optional<log::TreeState>> recover(const store::Store& store, log::LogTree& tree,
                                              const CheckpointFile* outside,
                                              const crypto::NoteKey& name);

// The checkpoint of a signed note of this log. Errors: ledger.root, naming `where`.
Result<crypto::Checkpoint> read_promise(const std::string& note, const std::string& where,
                                        const crypto::NoteKey& name);

}  // namespace lh::hub::ledger
