#include "hub/ledger/sequencer.h"

#include <algorithm>

#include "base/limits.h"

namespace lh::hub::ledger {
namespace {

constexpr std::size_t kRowOverhead = 24;  // of one row in the write-ahead log

}  // namespace

struct Sequencer::Finished {
  UtcTime time;
  std::vector<Bytes> entries;
  std::vector<std::pair<Tag, log::ChainHead>> heads;  // as this change leaves them

  const log::ChainHead* head_of(const Tag& tag) const {
    const auto it = std::find_if(heads.rbegin(), heads.rend(),
                                 [&](const auto& head) { return head.first == tag; });
    return it == heads.rend() ? nullptr : &it->second;
  }
};

Sequencer::Sequencer(const store::Store& store, log::LogTree& tree, log::ClockGuard& clock)
    : tree_(tree),
      clock_(clock),
      view_(store),
      next_index_(tree.size()),
      batch_(std::make_unique<SequencedBatch>()) {}

// Family by family, so that the store is asked once for all of them.
Status Sequencer::check(const Change& change) const {
  std::vector<log::Unwritten::Expected> rows;
  rows.reserve(change.preconditions.size());
  for (std::size_t done = 0, family = 1; done < change.preconditions.size(); ++family) {
    rows.clear();
    for (const Precondition& expected : change.preconditions) {
      if (static_cast<std::size_t>(expected.family) != family) continue;
      rows.push_back({expected.key, expected.commit_index});
    }
    if (rows.empty()) continue;
    done += rows.size();
    const auto holds = LH_TRY(view_.check(static_cast<store::Family>(family), rows));
    if (holds == log::Unwritten::Holds::kNo) return Error(Reason::kStoreStale);
  }
  return {};
}

Result<Sequencer::Finished> Sequencer::finish(const Change& change,
                                              const std::vector<RowHash>& rows) {
  Finished done;
  done.time = LH_TRY(clock_.stamp());
  for (const auto& draft : change.entries) {
    Stamp stamp;
    stamp.index = next_index_ + done.entries.size();
    stamp.time = done.time;
    for (const Tag& tag : draft->chain_tags()) {
      const log::ChainHead* own = done.head_of(tag);
      const log::ChainHead before = own != nullptr ? *own : LH_TRY(view_.head(tag));
      stamp.chains.push_back({tag, before.sequence + 1, before.index});
      done.heads.emplace_back(tag, log::ChainHead{before.sequence + 1, stamp.index});
    }
    if (done.entries.empty() && !rows.empty()) {
      stamp.rows = row_commitment(rows);
      stamp.row_count = static_cast<std::uint32_t>(rows.size());
    }
    done.entries.push_back(draft->finish(stamp));
    if (done.entries.back().size() > limits::kEntryBytes) {
      return Error(Reason::kInputTooLarge, "an entry of the log");
    }
  }
  return done;
}

Status Sequencer::add(PendingChange& pending) {
  LH_TRY(check(pending.change));
  const std::vector<RowHash> rows = row_hashes(pending.change.rows);
  const auto twice = std::adjacent_find(
      rows.begin(), rows.end(), [](const RowHash& a, const RowHash& b) { return a.key == b.key; });
  if (twice != rows.end()) return Error(Reason::kInputMalformed, "a row appears twice in a change");
  Finished finished = LH_TRY(finish(pending.change, rows));
  take(pending, std::move(finished), rows);
  return {};
}

void Sequencer::put(store::Family family, Bytes key, Bytes value, const Bytes& head) {
  bytes_ += key.size() + head.size() + value.size() + kRowOverhead;
  batch_->writes.puts.push_back({family, std::move(key), std::move(value), head});
}

// The deletes of a batch come after its puts: one that an earlier change of the batch asked for
// must not take away what is put now.
void Sequencer::undo_delete(const RowWrite& row) {
  std::erase_if(batch_->writes.deletes, [&row](const store::Delete& gone) {
    return gone.family == row.family && gone.key == row.key;
  });
}

// Nothing in here can fail: from now on the change is part of the batch.
void Sequencer::take(PendingChange& pending, Finished finished, const std::vector<RowHash>& rows) {
  const std::uint64_t commit_index = next_index_;
  Bytes prefix(1, kValueFormat);
  append_be64(prefix, commit_index);
  for (RowWrite& row : pending.change.rows) {
    const auto before = view_.set_version(row.family, row.key, row.payload ? commit_index : 0);
    if (!row.payload) {
      bytes_ += row.key.size() + kRowOverhead;
      batch_->writes.deletes.push_back({row.family, std::move(row.key)});
      continue;
    }
    if (before == 0) undo_delete(row);
    put(row.family, std::move(row.key), std::move(*row.payload), prefix);
  }
  for (const auto& [tag, head] : finished.heads) view_.set_head(tag, head);
  for (std::size_t i = 0; i < finished.entries.size(); ++i) {
    for (const auto& [kind, tag] : pending.change.entries[i]->postings()) {
      batch_->postings.push_back({kind, tag, next_index_});
    }
    Bytes& entry = finished.entries[i];
    leaves_.push_back(crypto::leaf_hash(entry));
    put(store::Family::kAudit, log::entry_key(next_index_), entry);
    if (i == 0 && !rows.empty()) {
      put(store::Family::kAudit, log::manifest_key(commit_index), encode_manifest(rows));
    }
    batch_->entries.push_back(
        {pending.change.access, next_index_++, finished.time, std::move(entry)});
  }
  batch_->answers.push_back({finished.entries.size(), std::move(pending.continuation)});
  batch_->last_time = finished.time;
}

Result<std::unique_ptr<SequencedBatch>> Sequencer::close(const std::string& released) {
  for (log::FullTile& tile : tree_.append(leaves_)) {
    put(store::Family::kTile, log::tile_key(tile.level, tile.index), std::move(tile.hashes));
  }
  leaves_.clear();
  for (const auto& [tag, head] : view_.new_heads()) {
    put(store::Family::kState, log::chain_key(tag), log::encode_head(head));
  }
  batch_->edge = LH_TRY(tree_.edge(next_index_));
  put(store::Family::kState, Bytes(log::kTreeState),
      log::encode_tree_state(
          {next_index_, batch_->last_time, log::LogTree::frontier(batch_->edge)}));
  if (!released.empty()) put(store::Family::kState, Bytes(log::kReleased), released);
  batch_->number = next_batch_++;
  view_.close(batch_->number);
  return abandon();
}

std::unique_ptr<SequencedBatch> Sequencer::abandon() {
  bytes_ = 0;
  return std::exchange(batch_, std::make_unique<SequencedBatch>());
}

}  // namespace lh::hub::ledger
