// Change: rows, the versions read, and the drafts of the entries that record it. All of it becomes
// durable together or not at all.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/permit.h"
#include "base/result.h"
#include "hub/store/store.h"

namespace lh::hub::ledger {

// A stored value begins format(1)=0x01 ‖ commit index(8, big endian); the ledger writes that
// prefix. Commit index = index of the first entry of the change; entry 0 opens the log and owns no
// rows, so 0 means "absent" in preconditions.
inline constexpr std::size_t kValuePrefix = 9;
inline constexpr char kValueFormat = 0x01;

struct StoredValue {
  std::uint64_t commit_index = 0;
  ByteView payload;  // points into the stored bytes
};
Result<StoredValue> parse_stored(ByteView stored);  // store.corrupt

struct RowWrite {
  store::Family family = store::Family::kData;
  Bytes key;
  std::optional<Bytes> payload;  // nullopt = delete
};
struct Precondition {
  store::Family family = store::Family::kData;
  Bytes key;
  std::uint64_t commit_index = 0;  // 0 = must be absent
};

// The position of one subject's (or licence's) chain that an entry takes.
struct ChainLink {
  Tag tag{};
  std::uint64_t sequence = 1;  // 1, 2, 3 … per tag
  std::uint64_t previous = 0;  // index of the previous entry; 0 with sequence 1
};

struct Stamp {
  std::uint64_t index = 0;
  UtcTime time;
  std::vector<ChainLink> chains;  // in the order of EntryDraft::chain_tags()
  Digest rows{};                  // commitment to the rows of the change; zero when it has none
  std::uint32_t row_count = 0;
};

// An entry without its index, time and chain positions; finished in the sequencer. Implemented by
// hub/audit. finish() must not fail, block or call the ledger; cost: a few µs.
class EntryDraft {
 public:
  EntryDraft() = default;
  EntryDraft(const EntryDraft&) = delete;
  EntryDraft& operator=(const EntryDraft&) = delete;
  virtual ~EntryDraft() = default;
  virtual const std::vector<Tag>& chain_tags() const = 0;  // at most limits::kSubjectsPerEntry
  virtual Bytes finish(const Stamp& stamp) = 0;
  // Postings for the derived index: (kind, tag) of every tag the entry can be searched by.
  virtual const std::vector<std::pair<std::uint8_t, Tag>>& postings() const = 0;
};

struct Change {
  AccessId access;  // of the Permit it acts under
  std::vector<RowWrite> rows;
  std::vector<Precondition> preconditions;
  std::vector<std::unique_ptr<EntryDraft>> entries;  // at least one; the first one owns the rows
};

// The row commitment that ties rows to their entry. Each row gives
//   key hash   = SHA-256(family(1) ‖ key)[0..16)
//   value hash = SHA-256(payload), or 32 zero bytes for a delete
// sorted by key hash; Stamp::rows = SHA-256 over the concatenation. The sorted list itself is
// stored as the manifest of the entry (audit family, behind the entry), so that fsck can check a
// part of it.
struct RowHash {
  Tag key{};
  Digest value{};
};
std::vector<RowHash> row_hashes(const std::vector<RowWrite>& rows);
Digest row_commitment(const std::vector<RowHash>& sorted);
Bytes encode_manifest(const std::vector<RowHash>& sorted);
Result<std::vector<RowHash>> decode_manifest(ByteView bytes);

}  // namespace lh::hub::ledger
