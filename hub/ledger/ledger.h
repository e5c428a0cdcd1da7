// The ledger: ONE writer. Business rows, audit entries and tree state in one synced batch, then the
// outside checkpoint, then the answers (docs/walks/commit.md).
// Durable: a continuation runs with a Recorded only after the batch and the outside checkpoint are
// on disk. A failed sync stops the ledger for good (audit.unavailable); restart to recover.
// Threads: submit anywhere; continuations run on the committer thread and must only hand over.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/permit.h"
#include "base/random.h"
#include "base/time.h"
#include "crypto/note.h"
#include "crypto/sign.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"

namespace lh::hub::ledger {

using Continuation = std::function<void(Result<std::vector<Recorded>>)>;  // one a entry, in order

struct LedgerSettings {
  std::string origin;           // name of the log, "licencehub.example/log"
  std::string checkpoint_path;  // the outside checkpoint file; empty = none (tests in memory)
  std::size_t max_batch_bytes = 1U << 20U;
  std::size_t max_pending = 16384;
  // The postings of a stored entry, as EntryDraft::postings() gave them: fills the derived index
  // again after a crash. Without it searches are refused while entries are missing from the index.
  std::function<std::vector<std::pair<std::uint8_t, Tag>>(ByteView entry)> extract_postings;
};

// Of somebody who submits many changes from one thread: kBusy while there are more at hand.
enum class Submitter : std::uint8_t { kBusy, kIdle };

struct LedgerState {
  std::uint64_t size = 0;
  Digest root{};
  UtcTime last_time;
  bool writable = false;  // false after a failed sync, or while the clock is in doubt
  Reason why = Reason::kVerdictGood;
};

class Ledger {
 public:
  // Opens the log in the store: frontier recomputed from entries and tiles, equal to the stored
  // one; tree size ≥ last released checkpoint in the store and in the outside file. Errors:
  // ledger.rollback, ledger.gap (names the first missing index), ledger.root, store.corrupt.
  // An empty store begins a log with the draft `first` as entry 0.
  static Result<std::unique_ptr<Ledger>> open(store::Store& store, const LedgerSettings& settings,
                                              const crypto::PrivateKey& key, const Clock& clock,
                                              std::unique_ptr<EntryDraft> first);
  ~Ledger();  // stops the committer after what was accepted is done
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // A stale change fails alone with store.stale; ledger.busy beyond max_pending; audit.unavailable
  // when the ledger stopped. The continuation is called exactly once in every case.
  void submit(Change change, Continuation continuation);
  // While a submitter is busy a batch waits for its changes, up to 128 of them or 10 ms. Told in
  // turns, kBusy first; whoever tells nothing waits for nobody.
  void tell(Submitter submitter);
  // Waits for the answer; for commands and tests, never on an event loop.
  Result<std::vector<Recorded>> commit(Change change);

  LedgerState state() const;
  std::string checkpoint() const;  // the last released signed note
  // The clock guard: an operator accepts the present wall clock after a jump (clock.jump).
  Status confirm_clock();
  // A guard asked before each batch (disk watermark); its error fails the batch.
  void set_write_guard(std::function<Status()> guard);

  // Proofs at any tree size up to the present one, from tiles. p99 < 1 ms.
  Result<std::vector<Digest>> inclusion(std::uint64_t index, std::uint64_t size) const;
  Result<std::vector<Digest>> consistency(std::uint64_t first, std::uint64_t second) const;
  Result<Digest> root_at(std::uint64_t size) const;
  // tlog-proof@v1 text for an entry at the last released checkpoint. Errors: audit.index_unknown.
  Result<std::string> proof_text(std::uint64_t index) const;
  Result<Bytes> entry(std::uint64_t index) const;
  Result<std::vector<Bytes>> entries(std::uint64_t from, std::size_t limit) const;
  // tlog-tiles: a full or partial hash tile (level, index, width 1..256), concatenated hashes.
  Result<Bytes> tile(unsigned level, std::uint64_t index, unsigned width) const;
  // Postings of (kind, tag): indexes descending from `before` (exclusive). Exact up to the last
  // commit: derived files and the tail in memory.
  Result<std::vector<std::uint64_t>> postings(std::uint8_t kind, const Tag& tag,
                                              std::uint64_t before, std::size_t limit) const;
  // The same upwards: indexes ascending from `from` (inclusive). The log was read up to `covered`
  // (exclusive): nothing below it is missing, and what is above it is not among them.
  struct PostingsUp {
    std::vector<std::uint64_t> indexes;
    std::uint64_t covered = 0;
  };
  Result<PostingsUp> postings_from(std::uint8_t kind, const Tag& tag, std::uint64_t from,
                                   std::size_t limit) const;
  // Head of a chain: sequence and index of its last entry; sequence 0 when there is none.
  Result<ChainLink> chain_head(const Tag& tag) const;

 private:
  struct Impl;
  explicit Ledger(std::unique_ptr<Impl> impl);
  static Recorded make_recorded(AccessId id, std::uint64_t index, UtcTime time, Bytes entry,
                                std::string proof) {
    return Recorded(id, index, time, std::move(entry), std::move(proof));
  }
  std::unique_ptr<Impl> impl_;
};

}  // namespace lh::hub::ledger
