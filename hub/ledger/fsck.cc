#include "hub/ledger/fsck.h"

#include <limits>
#include <map>

#include "crypto/digest.h"
#include "crypto/merkle.h"
#include "hub/ledger/checkpoint_file.h"
#include "hub/ledger/log/check.h"
#include "hub/ledger/log/keys.h"
#include "hub/ledger/log/tree.h"

namespace lh::hub::ledger {
namespace {

constexpr std::size_t kMaxFindings = 1000;
constexpr std::uint64_t kProgressStep = 65536;

using Progress = std::function<void(std::uint64_t done, std::uint64_t of)>;

// Rebuilds every full tile from the leaves and compares it with the stored one.
class TileCheck {
 public:
  TileCheck(const store::Snapshot& snapshot, const log::Report& report)
      : snapshot_(snapshot), report_(report) {}

  Status add(Digest hash) {
    for (unsigned level = 0;; ++level) {
      if (levels_.size() <= level) levels_.resize(level + 1);
      levels_[level].push_back(hash);
      if (levels_[level].size() % log::kTileWidth != 0) return {};
      hash = crypto::root_of_leaves(levels_[level]);
      LH_TRY(compare(level));
      levels_[level].clear();
    }
  }

 private:
  Status compare(unsigned level) {
    if (counts_.size() <= level) counts_.resize(level + 1);
    const std::uint64_t index = counts_[level]++;
    const auto stored =
        LH_TRY(snapshot_.find(store::OpenKey{store::Family::kTile, log::tile_key(level, index)}));
    Bytes expected;
    for (const Digest& hash : levels_[level]) expected.append(view(hash));
    if (stored == expected) return {};
    report_(Reason::kLedgerRoot, "tile " + std::to_string(level) + "/" + std::to_string(index));
    return {};
  }
  const store::Snapshot& snapshot_;
  const log::Report& report_;
  std::vector<std::vector<Digest>> levels_;
  std::vector<std::uint64_t> counts_;
};

// One reading of the log against everything that was said about it.
class LogCheck {
 public:
  LogCheck(const store::Snapshot& snapshot, const EntryReader& reader, const log::Report& report)
      : snapshot_(snapshot), reader_(reader), report_(report), tiles_(snapshot, report) {}

  void promise(const std::string& where, const crypto::Checkpoint& checkpoint) {
    promised_.emplace(checkpoint.size, std::make_pair(where, checkpoint.root));
  }
  // Reads all; chains and rows are looked at for the given parts only.
  Status run(log::ChainCheck& chains, log::RowCheck& rows, const Progress& progress);
  Status add_chains(log::ChainCheck& chains) const;
  Status add_rows(log::RowCheck& rows) const;
  std::uint64_t size() const { return frontier_.size(); }

 private:
  Status read_state();
  Status entry(const store::Row& row, log::ChainCheck& chains);
  void manifest(std::uint64_t index, ByteView bytes, log::RowCheck& rows);
  void no_manifest();
  void check_promises();
  void check_end();
  void found(Reason reason, const std::string& what) {
    report_(reason, "entry " + std::to_string(frontier_.size()) + what);
  }

  const store::Snapshot& snapshot_;
  const EntryReader& reader_;
  const log::Report& report_;
  TileCheck tiles_;
  crypto::Frontier frontier_;
  UtcTime last_time_{std::numeric_limits<std::int64_t>::min()};
  std::optional<log::TreeState> state_;
  std::optional<EntryReader::Facts> wanted_;  // of the last entry, until its manifest came
  std::multimap<std::uint64_t, std::pair<std::string, Digest>> promised_;
};

Status LogCheck::read_state() {
  const auto bytes =
      LH_TRY(snapshot_.find(store::OpenKey{store::Family::kState, Bytes(log::kTreeState)}));
  if (!bytes) return {};
  auto state = log::decode_tree_state(*bytes);
  if (state.ok()) {
    state_ = std::move(state).value();
  } else {
    report_(state.error().reason(), state.error().detail());
  }
  return {};
}

void LogCheck::check_promises() {
  const auto [first, end] = promised_.equal_range(frontier_.size());
  for (auto it = first; it != end; ++it) {
    if (frontier_.root() != it->second.second) report_(Reason::kLedgerRoot, it->second.first);
  }
  promised_.erase(first, end);
}

// The manifest stands behind its entry.
void LogCheck::manifest(std::uint64_t index, ByteView bytes, log::RowCheck& rows) {
  const auto listed = decode_manifest(bytes);
  const bool matches = listed.ok() && wanted_ && wanted_->index == index &&
                       listed->size() == wanted_->row_count &&
                       row_commitment(*listed) == wanted_->rows;
  wanted_.reset();
  if (!matches) {
    report_(Reason::kLedgerRows, "entry " + std::to_string(index) + ": manifest");
    return;
  }
  for (const RowHash& row : *listed) rows.add(row.key, row.value, index);
}

void LogCheck::no_manifest() {
  if (!wanted_) return;
  report_(Reason::kLedgerRows, "entry " + std::to_string(wanted_->index) + ": manifest");
  wanted_.reset();
}

Status LogCheck::entry(const store::Row& row, log::ChainCheck& chains) {
  no_manifest();
  const std::uint64_t index = frontier_.size();
  const Digest leaf = crypto::leaf_hash(row.value);
  const auto facts = reader_.read(row.value);
  if (!facts.ok()) {
    found(Reason::kStoreCorrupt, ": " + facts.error().describe());
  } else {
    if (facts->index != index) found(Reason::kLedgerGap, ": its own number differs");
    if (facts->time < last_time_) found(Reason::kLedgerRoot, ": time goes back");
    last_time_ = facts->time;
    for (const ChainLink& link : facts->chains) {
      chains.add({link.tag, link.sequence, link.previous, index});
    }
    if (facts->row_count > 0) wanted_ = *facts;
  }
  frontier_.append(leaf);
  LH_TRY(tiles_.add(leaf));
  check_promises();
  return {};
}

void LogCheck::check_end() {
  for (const auto& [size, promise] : promised_) {
    report_(Reason::kLedgerRollback, promise.first + " knows " + std::to_string(size) +
                                         " entries; the first missing is entry " +
                                         std::to_string(frontier_.size()));
  }
  const bool state_holds = state_ ? state_->frontier == frontier_.encode() : frontier_.size() == 0;
  if (!state_holds) report_(Reason::kLedgerRoot, "the stored tree state");
}

Status LogCheck::run(log::ChainCheck& chains, log::RowCheck& rows, const Progress& progress) {
  LH_TRY(read_state());
  check_promises();
  log::Cursor entries(snapshot_, store::Family::kAudit, log::kEntryPrefix);
  while (const store::Row* row = LH_TRY(entries.next())) {
    const std::uint64_t index = LH_TRY(log::index_of_key(row->key));
    if (log::is_manifest_key(row->key)) {
      manifest(index, row->value, rows);
      continue;
    }
    if (index != frontier_.size()) {
      found(Reason::kLedgerGap, "");
      return {};  // without the entry nothing behind it can be checked
    }
    LH_TRY(entry(*row, chains));
    if (progress && frontier_.size() % kProgressStep == 0) {
      progress(frontier_.size(), state_ ? state_->size : frontier_.size());
    }
  }
  no_manifest();
  check_end();
  return {};
}

// Entries that cannot be read were reported by the first reading.
Status LogCheck::add_chains(log::ChainCheck& chains) const {
  log::Cursor entries(snapshot_, store::Family::kAudit, log::kEntryPrefix);
  while (const store::Row* row = LH_TRY(entries.next())) {
    if (log::is_manifest_key(row->key)) continue;
    const auto facts = reader_.read(row->value);
    if (!facts.ok()) continue;
    for (const ChainLink& link : facts->chains) {
      chains.add({link.tag, link.sequence, link.previous, LH_TRY(log::index_of_key(row->key))});
    }
  }
  return {};
}

Status LogCheck::add_rows(log::RowCheck& rows) const {
  log::Cursor manifests(snapshot_, store::Family::kAudit, log::kEntryPrefix);
  while (const store::Row* row = LH_TRY(manifests.next())) {
    if (!log::is_manifest_key(row->key)) continue;
    const auto listed = decode_manifest(row->value);
    if (!listed.ok()) continue;
    const std::uint64_t commit_index = LH_TRY(log::index_of_key(row->key));
    for (const RowHash& hash : *listed) rows.add(hash.key, hash.value, commit_index);
  }
  return {};
}

// A checkpoint as it stands in a file or row; what is wrong with it is a finding.
void add_promise(LogCheck& check, const std::string& where, const std::string& note,
                 const std::vector<crypto::NoteKey>& keys, const log::Report& report) {
  const auto parsed = crypto::parse_note(note);
  if (!parsed.ok()) return report(Reason::kLedgerRoot, where + ": " + parsed.error().describe());
  const Status verified = crypto::verify_note(*parsed, keys);
  if (!verified.ok()) return report(verified.error().reason(), where);
  const auto checkpoint = crypto::parse_checkpoint(parsed->text);
  if (!checkpoint.ok()) return report(Reason::kLedgerRoot, where);
  check.promise(where, *checkpoint);
}

Result<std::optional<std::string>> outside_note(const std::string& path,
                                                const log::Report& report) {
  if (path.empty()) return std::optional<std::string>();
  auto file = CheckpointFile::open(path, CheckpointFile::Missing::kRefuse);
  if (!file.ok()) return file.error();
  const Status whole = file->verify();
  if (!whole.ok()) report(whole.error().reason(), whole.error().detail());
  return file->last();
}

// What did not fit into memory in the first reading: the log is read again for each other part.
Status check_other_chains(const LogCheck& check, const store::Snapshot& snapshot, log::Part part,
                          const log::Report& report) {
  while (part.number + 1 < part.count()) {
    log::ChainCheck chains(log::Part{part.bits, part.number + 1});
    LH_TRY(check.add_chains(chains));
    part = LH_TRY(chains.finish(snapshot, report));
  }
  return {};
}

Result<std::uint64_t> check_other_rows(const LogCheck& check, const store::Snapshot& snapshot,
                                       log::Part part, const log::Report& report) {
  std::uint64_t checked = 0;
  while (part.number + 1 < part.count()) {
    log::RowCheck rows(log::Part{part.bits, part.number + 1});
    LH_TRY(check.add_rows(rows));
    part = LH_TRY(rows.finish(snapshot, report));
    checked += rows.rows();
  }
  return checked;
}

Status check_log(LogCheck& check, const store::Snapshot& snapshot, const log::Report& report,
                 const Progress& progress, FsckReport& out) {
  log::ChainCheck chains(log::Part{});
  log::RowCheck rows(log::Part{});
  LH_TRY(check.run(chains, rows, progress));
  out.entries = check.size();
  const log::Part chain_part = LH_TRY(chains.finish(snapshot, report));
  LH_TRY(check_other_chains(check, snapshot, chain_part, report));
  const log::Part row_part = LH_TRY(rows.finish(snapshot, report));
  out.rows = rows.rows() + LH_TRY(check_other_rows(check, snapshot, row_part, report));
  return {};
}

}  // namespace

Result<FsckReport> fsck(const store::Store& store, const std::string& checkpoint_path,
                        const std::vector<crypto::NoteKey>& keys, const EntryReader& reader,
                        const Progress& progress) {
  FsckReport out;
  const log::Report report = [&out](Reason reason, std::string where) {
    if (out.findings.size() < kMaxFindings) out.findings.push_back({reason, std::move(where)});
  };
  const auto report_error = [&report](const Error& error) {
    report(error.reason(), error.detail());
  };
  const Status files = store.verify_files();
  if (!files.ok()) report_error(files.error());
  // The promise is read before the state: a ledger that goes on working only gets ahead of it.
  const auto outside = outside_note(checkpoint_path, report);
  if (!outside.ok()) report_error(outside.error());
  const auto snapshot = store.snapshot();
  LogCheck check(*snapshot, reader, report);
  if (outside.ok() && *outside)
    add_promise(check, "the outside checkpoint", **outside, keys, report);
  const auto stored = snapshot->find(store::OpenKey{store::Family::kState, Bytes(log::kReleased)});
  if (!stored.ok()) report_error(stored.error());
  if (stored.ok() && *stored) add_promise(check, "the stored checkpoint", **stored, keys, report);
  const Status checked = check_log(check, *snapshot, report, progress, out);
  if (!checked.ok()) report_error(checked.error());
  return out;
}

}  // namespace lh::hub::ledger
