#include "hub/ledger/ledger.h"

#include <algorithm>
#include <future>

#include "base/limits.h"
#include "base/log.h"
#include "hub/ledger/committer.h"
#include "hub/ledger/recovery.h"

namespace lh::hub::ledger {
namespace {

constexpr std::size_t kDraftBytes = 512;  // what an entry weighs before it is finished

std::size_t weight(const Change& change) {
  std::size_t bytes = change.entries.size() * kDraftBytes;
  for (const RowWrite& row : change.rows) {
    bytes += row.key.size() + (row.payload ? row.payload->size() : 0);
  }
  return bytes;
}

// Bulk work takes at most a quarter of a batch, so that it cannot hold up everybody else.
Status check_change(const Change& change, std::size_t max_batch_bytes) {
  if (change.entries.empty()) return Error(Reason::kInputMalformed, "a change without an entry");
  for (const RowWrite& row : change.rows) {
    if (log::is_ledger_key(row.family, row.key)) {
      return Error(Reason::kInputMalformed, "a row under a key of the ledger");
    }
  }
  for (const auto& draft : change.entries) {
    if (draft->chain_tags().size() > limits::kSubjectsPerEntry) {
      return Error(Reason::kInputTooLarge, "subjects of an entry");
    }
  }
  if (weight(change) > max_batch_bytes / 4) return Error(Reason::kInputTooLarge, "a change");
  return {};
}

}  // namespace

struct Ledger::Impl {
  Impl(store::Store& the_store, LedgerSettings the_settings, const crypto::PrivateKey& the_key,
       crypto::NoteKey the_name)
      : store(the_store),
        settings(std::move(the_settings)),
        key(the_key),
        name(std::move(the_name)),
        tree(store),
        postings(store) {}
  Status start(const Clock& clock, std::unique_ptr<EntryDraft> first);
  Status begin_log(std::unique_ptr<EntryDraft> first);

  store::Store& store;
  LedgerSettings settings;
  const crypto::PrivateKey& key;
  crypto::NoteKey name;
  std::optional<CheckpointFile> outside;
  log::LogTree tree;
  log::PostingsIndex postings;
  std::optional<log::ClockGuard> clock_guard;
  std::optional<Committer> committer;
};

// Entry 0 is written like a batch of its own, before any thread runs.
Status Ledger::Impl::begin_log(std::unique_ptr<EntryDraft> first) {
  if (!first) return Error(Reason::kStoreMissing, "the store holds no log");
  PendingChange opening{{}, [](const Result<std::vector<Recorded>>&) {}};
  opening.change.entries.push_back(std::move(first));
  Sequencer sequencer(store, tree, *clock_guard);
  LH_TRY(sequencer.add(opening));
  const auto batch = LH_TRY(sequencer.close({}));
  LH_TRY(store.commit(batch->writes, store::Durability::kSynced));
  postings.add(std::move(batch->postings), 1);
  return {};
}

Status Ledger::Impl::start(const Clock& clock, std::unique_ptr<EntryDraft> first) {
  if (!settings.checkpoint_path.empty()) {
    outside.emplace(LH_TRY(CheckpointFile::open(settings.checkpoint_path)));
  }
  const auto state = LH_TRY(recover(store, tree, outside ? &*outside : nullptr, name));
  clock_guard.emplace(clock, state ? std::optional(state->last_time) : std::nullopt);
  LH_TRY(postings.rebuild(state ? state->size : 0, settings.extract_postings));
  if (!state) LH_TRY(begin_log(std::move(first)));
  if (const std::string note = store.recovery_note(); !note.empty()) {
    log_event(LogLevel::kWarning, "store.torn_tail", {{"files", std::string_view(note)}});
  }
  committer.emplace(Committer::Parts{store, tree, *clock_guard, postings, key, name,
                                     outside ? &*outside : nullptr, &Ledger::make_recorded,
                                     settings.max_batch_bytes, settings.max_pending});
  LH_TRY(committer->release_present());
  committer->start();
  return {};
}

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Ledger::~Ledger() {
  const bool stopped = impl_->committer && impl_->committer->stopped();
  impl_->committer.reset();
  if (!stopped) ignore(impl_->postings.store_run(), "rebuilt from the watermark at the next start");
}

Result<std::unique_ptr<Ledger>> Ledger::open(store::Store& store, const LedgerSettings& settings,
                                             const crypto::PrivateKey& key, const Clock& clock,
                                             std::unique_ptr<EntryDraft> first) {
  crypto::NoteKey name = LH_TRY(crypto::make_note_key(settings.origin, key.public_key()));
  auto impl = std::make_unique<Impl>(store, settings, key, std::move(name));
  LH_TRY(impl->start(clock, std::move(first)));
  return std::unique_ptr<Ledger>(new Ledger(std::move(impl)));
}

void Ledger::submit(Change change, Continuation continuation) {
  const Status good = check_change(change, impl_->settings.max_batch_bytes);
  if (!good.ok()) return continuation(good.error());
  impl_->committer->submit({std::move(change), std::move(continuation)});
}

void Ledger::tell(Submitter submitter) {
  impl_->committer->tell(submitter);
}

Result<std::vector<Recorded>> Ledger::commit(Change change) {
  // Shared: the committer may still be inside set_value when get() returns.
  const auto promise = std::make_shared<std::promise<Result<std::vector<Recorded>>>>();
  auto answer = promise->get_future();
  submit(std::move(change), [promise](Result<std::vector<Recorded>> recorded) {
    promise->set_value(std::move(recorded));
  });
  return answer.get();
}

LedgerState Ledger::state() const {
  const auto released = impl_->committer->released();
  LedgerState state;
  state.size = released->edge.size;
  state.root = log::LogTree::root(released->edge);
  state.last_time = released->last_time;
  const Status clock = impl_->clock_guard->check();
  state.writable = clock.ok() && !impl_->committer->stopped();
  if (!clock.ok()) state.why = clock.error().reason();
  if (impl_->committer->stopped()) state.why = Reason::kAuditUnavailable;
  return state;
}

std::string Ledger::checkpoint() const {
  return impl_->committer->released()->note;
}

Status Ledger::confirm_clock() {
  impl_->clock_guard->confirm();
  return impl_->clock_guard->check();
}

void Ledger::set_write_guard(std::function<Status()> guard) {
  impl_->committer->set_write_guard(std::move(guard));
}

Result<std::vector<Digest>> Ledger::inclusion(std::uint64_t index, std::uint64_t size) const {
  if (size > impl_->committer->released()->edge.size) {
    return Error(Reason::kAuditIndex, "size " + std::to_string(size));
  }
  const log::TreeEdge edge = LH_TRY(impl_->tree.edge(size));
  return impl_->tree.inclusion(index, edge);
}

Result<std::vector<Digest>> Ledger::consistency(std::uint64_t first, std::uint64_t second) const {
  if (second > impl_->committer->released()->edge.size) {
    return Error(Reason::kAuditIndex, "size " + std::to_string(second));
  }
  return impl_->tree.consistency(first, second);
}

Result<Digest> Ledger::root_at(std::uint64_t size) const {
  if (size > impl_->committer->released()->edge.size) {
    return Error(Reason::kAuditIndex, "size " + std::to_string(size));
  }
  return log::LogTree::root(LH_TRY(impl_->tree.edge(size)));
}

Result<std::string> Ledger::proof_text(std::uint64_t index) const {
  const auto released = impl_->committer->released();
  auto path = LH_TRY(impl_->tree.inclusion(index, released->edge));
  return crypto::tlog_proof_text({index, std::move(path), released->note});
}

Result<Bytes> Ledger::entry(std::uint64_t index) const {
  if (index >= impl_->committer->released()->edge.size) {
    return Error(Reason::kAuditIndex, std::to_string(index));
  }
  auto bytes = LH_TRY(
      impl_->store.latest().find(store::OpenKey{store::Family::kAudit, log::entry_key(index)}));
  if (!bytes) return Error(Reason::kLedgerGap, "entry " + std::to_string(index));
  return std::move(*bytes);
}

Result<std::vector<Bytes>> Ledger::entries(std::uint64_t from, std::size_t limit) const {
  const std::uint64_t size = impl_->committer->released()->edge.size;
  if (from > size) return Error(Reason::kAuditIndex, std::to_string(from));
  const std::size_t count = std::min<std::uint64_t>(limit, size - from);
  auto rows = LH_TRY(log::read_entries(impl_->store.latest(), from, count));
  if (rows.size() < count) {
    return Error(Reason::kLedgerGap, "entry " + std::to_string(from + rows.size()));
  }
  std::vector<Bytes> entries;
  entries.reserve(rows.size());
  for (store::Row& row : rows) entries.push_back(std::move(row.value));
  return entries;
}

Result<Bytes> Ledger::tile(unsigned level, std::uint64_t index, unsigned width) const {
  return impl_->tree.tile(level, index, width, impl_->committer->released()->edge.size);
}

Result<std::vector<std::uint64_t>> Ledger::postings(std::uint8_t kind, const Tag& tag,
                                                    std::uint64_t before, std::size_t limit) const {
  return impl_->postings.find(kind, tag, before, limit);
}

Result<Ledger::PostingsUp> Ledger::postings_from(std::uint8_t kind, const Tag& tag,
                                                 std::uint64_t from, std::size_t limit) const {
  auto found = LH_TRY(impl_->postings.find_from(kind, tag, from, limit));
  return PostingsUp{std::move(found.indexes), found.covered};
}

Result<ChainLink> Ledger::chain_head(const Tag& tag) const {
  const log::ChainHead head = LH_TRY(log::stored_head(impl_->store.latest(), tag));
  return ChainLink{tag, head.sequence, head.index};
}

}  // namespace lh::hub::ledger
