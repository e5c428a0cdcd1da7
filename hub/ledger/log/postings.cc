#include "hub/ledger/log/postings.h"

#include <algorithm>

namespace lh::hub::ledger::log {
namespace {

constexpr std::size_t kReadAhead = 512;

Bytes posting_key(const Posting& posting) {
  Bytes key = posting_prefix(posting.kind, posting.tag);
  append_be64(key, posting.index);
  return key;
}

Result<std::uint64_t> stored_watermark(const store::Store& store) {
  const auto bytes =
      LH_TRY(store.latest().find(store::OpenKey{store::Family::kIndex, Bytes(kWatermark)}));
  if (!bytes) return std::uint64_t{0};
  if (bytes->size() != 8) return Error(Reason::kStoreCorrupt, "watermark of the index");
  return read_be64(*bytes);
}

// Indexes of (kind, tag) below `before` in one run, newest first.
void find_in(const std::vector<Posting>& run, const Posting& before,
             std::vector<std::uint64_t>& out, std::size_t limit) {
  auto it = std::lower_bound(run.begin(), run.end(), before);
  for (std::size_t n = 0; it != run.begin() && n < limit; ++n) {
    --it;
    if (it->kind != before.kind || it->tag != before.tag) break;
    out.push_back(it->index);
  }
}

// The same at or above `from`, oldest first.
void find_above(const std::vector<Posting>& run, const Posting& from,
                std::vector<std::uint64_t>& out, std::size_t limit) {
  auto it = std::lower_bound(run.begin(), run.end(), from);
  for (std::size_t n = 0; it != run.end() && n < limit; ++it, ++n) {
    if (it->kind != from.kind || it->tag != from.tag) break;
    out.push_back(it->index);
  }
}

}  // namespace

Status PostingsIndex::rebuild(std::uint64_t size, const PostingsOf& postings_of) {
  const std::uint64_t watermark = LH_TRY(stored_watermark(store_));
  if (watermark > size) {
    return Error(Reason::kLedgerRollback, "the index knows " + std::to_string(watermark) +
                                              " entries, the log " + std::to_string(size));
  }
  covered_ = watermark;
  if (watermark < size && !postings_of) missing_from_ = watermark;
  if (!postings_of) return {};
  while (covered_ < size) {
    const auto rows = LH_TRY(read_entries(store_.latest(), covered_,
                                          std::min<std::uint64_t>(kReadAhead, size - covered_)));
    if (rows.empty()) return Error(Reason::kLedgerGap, "entry " + std::to_string(covered_));
    Run run;
    std::uint64_t next = covered_;
    for (const store::Row& row : rows) {
      for (const auto& [kind, tag] : postings_of(row.value)) run.push_back({kind, tag, next});
      ++next;
    }
    add(std::move(run), next);
    if (run_is_full()) LH_TRY(store_run());
  }
  return {};
}

void PostingsIndex::push_run(Run run) {
  held_ += run.size();
  runs_.push_back(std::move(run));
  while (runs_.size() >= 2 && runs_[runs_.size() - 2].size() <= 2 * runs_.back().size()) {
    const Run newer = std::move(runs_.back());
    runs_.pop_back();
    const Run older = std::move(runs_.back());
    Run merged;
    merged.reserve(older.size() + newer.size());
    std::merge(older.begin(), older.end(), newer.begin(), newer.end(), std::back_inserter(merged));
    runs_.back() = std::move(merged);
  }
}

void PostingsIndex::add(std::vector<Posting> postings, std::uint64_t covered) {
  std::sort(postings.begin(), postings.end());
  // An entry may carry a tag twice (a person who is both holder and applicant).
  postings.erase(std::unique(postings.begin(), postings.end()), postings.end());
  const std::lock_guard lock(mutex_);
  covered_ = std::max(covered_, covered);
  if (!postings.empty()) push_run(std::move(postings));
}

bool PostingsIndex::run_is_full() const {
  const std::lock_guard lock(mutex_);
  return held_ >= kPostingsRun;
}

// The watermark travels in the run itself: both reach the disk, or neither.
Status PostingsIndex::store_run() {
  std::uint64_t covered = 0;
  {
    const std::lock_guard lock(mutex_);
    if (missing_from_) return {};  // a watermark would hide what is missing
    Run all;
    all.reserve(held_);
    for (Run& run : runs_) {
      const auto middle = static_cast<std::ptrdiff_t>(all.size());
      all.insert(all.end(), run.begin(), run.end());
      std::inplace_merge(all.begin(), all.begin() + middle, all.end());
    }
    runs_.clear();
    held_ = 0;
    covered = covered_;
    going_ = std::make_shared<const Run>(std::move(all));
  }
  std::vector<store::Row> rows;
  rows.reserve(going_->size() + 1);
  Bytes mark;
  append_be64(mark, covered);
  rows.push_back({Bytes(kWatermark), std::move(mark)});
  for (const Posting& posting : *going_) rows.push_back({posting_key(posting), Bytes()});
  const Status stored = store_.load_sorted(store::Family::kIndex, rows);
  const std::lock_guard lock(mutex_);
  if (!stored.ok()) push_run(*going_);  // still searched; the store itself has stopped
  going_.reset();
  return stored;
}

Result<std::vector<std::uint64_t>> PostingsIndex::find_stored(std::uint8_t kind, const Tag& tag,
                                                              std::uint64_t before,
                                                              std::size_t limit) const {
  std::vector<std::uint64_t> out;
  const Bytes prefix = posting_prefix(kind, tag);
  const auto snapshot = store_.snapshot();
  while (before > 0 && out.size() < limit) {
    Bytes key = prefix;
    append_be64(key, before - 1);
    const auto row = LH_TRY(snapshot->last_at_or_before(store::Family::kIndex, prefix, key));
    if (!row) break;
    if (row->key.size() != prefix.size() + 8) return Error(Reason::kStoreCorrupt, "a posting");
    before = read_be64(ByteView(row->key).substr(prefix.size()));
    out.push_back(before);
  }
  return out;
}

Status PostingsIndex::check_complete() const {
  if (!missing_from_) return {};
  return Error(Reason::kAuditUnavailable,
               "the index ends at entry " + std::to_string(*missing_from_));
}

Result<std::vector<std::uint64_t>> PostingsIndex::find(std::uint8_t kind, const Tag& tag,
                                                       std::uint64_t before,
                                                       std::size_t limit) const {
  std::vector<std::uint64_t> out;
  {
    // Memory first: a run that reaches the store between the two looks is then seen twice, never
    // missed.
    const std::lock_guard lock(mutex_);
    LH_TRY(check_complete());
    const Posting bound{kind, tag, before};
    for (const Run& run : runs_) find_in(run, bound, out, limit);
    if (going_) find_in(*going_, bound, out, limit);
  }
  const auto stored = LH_TRY(find_stored(kind, tag, before, limit));
  out.insert(out.end(), stored.begin(), stored.end());
  std::sort(out.begin(), out.end(), std::greater<>());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  if (out.size() > limit) out.resize(limit);
  return out;
}

Result<PostingsIndex::Upwards> PostingsIndex::find_from(std::uint8_t kind, const Tag& tag,
                                                        std::uint64_t from,
                                                        std::size_t limit) const {
  Upwards out;
  {
    // Memory first, as find(). Postings come in the order of the log: what is not in yet lies at
    // or above `covered`, and is left for the next question.
    const std::lock_guard lock(mutex_);
    LH_TRY(check_complete());
    out.covered = covered_;
    const Posting bound{kind, tag, from};
    for (const Run& run : runs_) find_above(run, bound, out.indexes, limit);
    if (going_) find_above(*going_, bound, out.indexes, limit);
  }
  const Bytes prefix = posting_prefix(kind, tag);
  Bytes first = prefix;
  append_be64(first, from);
  const auto rows = LH_TRY(store_.snapshot()->scan(store::Family::kIndex, prefix, first, limit));
  for (const store::Row& row : rows) {
    if (row.key.size() != prefix.size() + 8) return Error(Reason::kStoreCorrupt, "a posting");
    out.indexes.push_back(read_be64(ByteView(row.key).substr(prefix.size())));
  }
  auto& found = out.indexes;
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  found.erase(std::lower_bound(found.begin(), found.end(), out.covered), found.end());
  if (found.size() > limit) found.resize(limit);
  return out;
}

}  // namespace lh::hub::ledger::log
