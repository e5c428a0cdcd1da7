#include "hub/ledger/recovery.h"

namespace lh::hub::ledger {
namespace {

struct Promises {
  std::optional<std::string> outside;
  std::optional<Bytes> in_store;
};

Status check_promise(const log::LogTree& tree, std::uint64_t size,
                     const crypto::Checkpoint& promised, const std::string& where) {
  if (promised.size > size) {
    return Error(Reason::kLedgerRollback, where + " knows " + std::to_string(promised.size) +
                                              " entries; the first missing is entry " +
                                              std::to_string(size));
  }
  const log::TreeEdge edge = LH_TRY(tree.edge(promised.size));
  if (log::LogTree::root(edge) != promised.root) {
    return Error(Reason::kLedgerRoot,
                 where + " has another root at " + std::to_string(promised.size));
  }
  return {};
}

Status check_promises(const log::LogTree& tree, std::uint64_t size, const Promises& promises,
                      const crypto::NoteKey& name) {
  if (promises.outside) {
    const auto promised = LH_TRY(read_promise(*promises.outside, "the outside checkpoint", name));
    LH_TRY(check_promise(tree, size, promised, "the outside checkpoint"));
  }
  if (promises.in_store) {
    const auto promised = LH_TRY(read_promise(*promises.in_store, "the stored checkpoint", name));
    LH_TRY(check_promise(tree, size, promised, "the stored checkpoint"));
  }
  return {};
}

// The batch wrote entries and state together: nothing may stand behind the last entry.
Status check_end(const store::Store& store, std::uint64_t size) {
  const auto rows = LH_TRY(
      store.latest().scan(store::Family::kAudit, log::kEntryPrefix, log::entry_key(size), 1));
  if (rows.empty()) return {};
  const std::uint64_t index = LH_TRY(log::index_of_key(rows.front().key));
  return Error(Reason::kStoreCorrupt,
               "entry " + std::to_string(index) + " lies beyond the tree state");
}

Result<std::optional<log::TreeState>> stored_state(const store::Store& store) {
  const auto bytes =
      LH_TRY(store.latest().find(store::OpenKey{store::Family::kState, Bytes(log::kTreeState)}));
  if (!bytes) return std::optional<log::TreeState>();
  return std::optional<log::TreeState>(LH_TRY(log::decode_tree_state(*bytes)));
}

Status check_log(const store::Store& store, log::LogTree& tree,
                 const std::optional<log::TreeState>& state, const Promises& promises,
                 const crypto::NoteKey& name) {
  const std::uint64_t size = state ? state->size : 0;
  LH_TRY(check_end(store, size));
  // Before the tree is read: a store that lost its end should say so, not that a tile is missing.
  if (promises.outside) {
    const auto promised = LH_TRY(read_promise(*promises.outside, "the outside checkpoint", name));
    if (promised.size > size) LH_TRY(check_promise(tree, size, promised, "the outside checkpoint"));
  }
  LH_TRY(tree.load(size));
  if (state) {
    const log::TreeEdge edge = LH_TRY(tree.edge(size));
    if (log::LogTree::frontier(edge) != state->frontier) {
      return Error(Reason::kLedgerRoot, "the entries do not give the stored tree state");
    }
  }
  return check_promises(tree, size, promises, name);
}

}  // namespace

Result<crypto::Checkpoint> read_promise(const std::string& note, const std::string& where,
                                        const crypto::NoteKey& name) {
  const auto bad = [&](const Error& error) {
    return Error(Reason::kLedgerRoot, where + ": " + error.describe());
  };
  const auto parsed = crypto::parse_note(note);
  if (!parsed.ok()) return bad(parsed.error());
  const Status verified = crypto::verify_note(*parsed, {name});
  if (!verified.ok()) return bad(verified.error());
  const auto checkpoint = crypto::parse_checkpoint(parsed->text);
  if (!checkpoint.ok()) return bad(checkpoint.error());
  if (checkpoint->origin != name.name) return bad(Error(Reason::kCheckpointOrigin));
  return *checkpoint;
}

Result<std::optional<log::TreeState>> recover(const store::Store& store, log::LogTree& tree,
                                              const CheckpointFile* outside,
                                              const crypto::NoteKey& name) {
  const auto state = LH_TRY(stored_state(store));
  Promises promises;
  promises.in_store =
      LH_TRY(store.latest().find(store::OpenKey{store::Family::kState, Bytes(log::kReleased)}));
  if (outside != nullptr) {
    promises.outside = LH_TRY(outside->last());
    if (!promises.outside && promises.in_store) {
      return Error(Reason::kLedgerRollback, "the outside checkpoint file is new or was removed");
    }
  }
  const Status checked = check_log(store, tree, state, promises, name);
  if (!checked.ok()) {
    const std::string note = store.recovery_note();
    if (note.empty()) return checked.error();
    return Error(checked.error().reason(),
                 checked.error().detail() + "; dropped at opening: " + note);
  }
  return state;
}

}  // namespace lh::hub::ledger
