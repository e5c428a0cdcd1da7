#include "hub/ingest/load/load_run.h"

#include <algorithm>

namespace lh::hub::ingest {
namespace {

constexpr std::size_t kChunkRows = 256;
constexpr std::size_t kChunkBytes = 1U << 20U;
constexpr std::size_t kMostWaiting = 4096;
constexpr std::size_t kMostHeld = 4096;  // refused rows in memory
constexpr std::size_t kMostHeldBytes = 8U << 20U;
constexpr std::uint64_t kProgressRows = 5000;
constexpr std::size_t kMostNameBytes = 200;

LoadCounts difference(const LoadCounts& a, const LoadCounts& b) {
  return {a.read - b.read, a.fresh - b.fresh, a.changed - b.changed, a.same - b.same,
          a.quarantined - b.quarantined};
}

// A run that was cut goes on when the source was opened where it stopped.
Result<Tag> run_id(const CollectionParts& parts, const LoadRun::Input& input) {
  const auto stored = LH_TRY(find_cursor(parts.store, input.request.name));
  const bool goes_on = stored && stored->end == RunEnd::kGoesOn &&
                       stored->cursor.value == input.source.cursor().value;
  return goes_on ? stored->run : parts.random.array<16>();
}

}  // namespace

Result<LoadCounts> LoadRun::run(const CollectionParts& parts, const Input& input) {
  const std::string& name = input.request.name;
  if (name.empty() || name.size() > kMostNameBytes || name.find('\0') != std::string::npos ||
      !is_utf8(name)) {
    return Error(Reason::kInputMalformed, "name of the source");
  }
  LH_TRY(parts.keys.get("quarantine"));  // before anything is stored
  const Tag id = LH_TRY(run_id(parts, input));
  auto mapper = LH_TRY(adapters::Mapper::bind(input.mapping, input.source.columns()));
  auto memory =
      LH_TRY(RowMemory::create(parts.store, parts.keys, name,
                               input.request.collector.text() + "\n" + input.mapping.issuer_name));
  LoadRun run(parts, input, id, std::move(memory), std::move(mapper));
  LH_TRY(run.read_all());
  run.report();
  return run.counts_;
}

LoadRun::LoadRun(const CollectionParts& parts, const Input& input, const Tag& the_run,
                 RowMemory memory, adapters::Mapper mapper)
    : parts_(parts),
      input_(input),
      run_(the_run),
      memory_(std::move(memory)),
      mapper_(std::move(mapper)),
      preparer_(parts, memory_, {input.request, input.mapping, input.policy, the_run}),
      marks_(parts, {input.request,
                     input.policy.epoch(),
                     the_run,
                     {input.source.columns(), input.source.column_types()}}),
      pipeline_(preparer_, parts.submit, parts.workers, [this](Chunk& chunk) { decided(chunk); }) {}

// What was read is decided, and covered by the cursor, also when the source breaks off.
Status LoadRun::read_all() {
  for (;;) {
    auto row = input_.source.next();
    if (!row.ok()) {
      LH_TRY(mark(RunEnd::kGoesOn));
      return row.error();
    }
    if (!*row) return mark(RunEnd::kReachedEnd);
    LH_TRY(take(std::move(**row)));
    bool full = ++since_mark_ >= parts_.mark_rows;
    {
      const std::lock_guard lock(mutex_);
      full = full || held_.size() >= kMostHeld || held_bytes_ >= kMostHeldBytes;
    }
    if (full) LH_TRY(mark(RunEnd::kGoesOn));
  }
}

Status LoadRun::take(adapters::RawRow row) {
  auto mapped = mapper_.apply(row);
  RowJob job;
  job.number = row.number;
  job.bytes = std::move(row.bytes);
  if (!mapped.errors.empty()) {
    const auto& error = mapped.errors.front();
    job.refused = QuarantinedRow{job.number, error.reason, error.field, error.column, {}};
  }
  for (auto& record : mapped.records) {
    const Tag key = memory_.key_of(record);
    const Digest content = memory_.content_of(record);
    job.records.push_back({std::move(record), key, content, RecordState::kOpen});
  }
  bool due = false;
  {
    const std::lock_guard lock(mutex_);
    ++counts_.read;
    due = counts_.read % kProgressRows == 0;
    if (job.refused) {
      settle(job);
    } else {
      admit(std::move(job));
    }
  }
  if (due) report();
  if (chunk_.rows.size() >= kChunkRows || chunk_.bytes >= kChunkBytes) return flush();
  if (waiting_.size() >= kMostWaiting || waiting_bytes_ >= kMostHeldBytes) return drain();
  return ok_status();
}

// Compares the row with what this run has met. The first of a key wins once it is accepted; until
// that is known, later ones wait.
LoadRun::Fate LoadRun::fate_of(RowJob& row) {
  Fate fate = Fate::kSame;
  for (std::size_t i = 0; i < row.records.size(); ++i) {
    RecordJob& job = row.records[i];
    for (std::size_t before = 0; before < i; ++before) {
      if (row.records[before].key != job.key) continue;
      if (row.records[before].content != job.content) return Fate::kConflict;
      job.state = RecordState::kDone;  // the row says the same thing twice
    }
    if (job.state == RecordState::kDone) continue;
    const auto* seen = seen_.find(job.key);
    if (seen == nullptr) {
      if (fate == Fate::kSame) fate = Fate::kGo;
    } else if (seen->fate != SeenRecords::Fate::kDecided) {
      fate = Fate::kWait;
    } else if (seen->content != short_digest(job.content)) {
      return Fate::kConflict;
    } else {
      job.state = RecordState::kDone;
    }
  }
  return fate;
}

// With the lock held.
void LoadRun::admit(RowJob row) {
  const Fate fate = fate_of(row);
  if (fate == Fate::kConflict) refuse(row, Reason::kRowConflict, {});
  if (fate == Fate::kConflict || fate == Fate::kSame) return settle(row);
  const auto as = fate == Fate::kGo ? SeenRecords::Fate::kInFlight : SeenRecords::Fate::kReserved;
  for (RecordJob& job : row.records) {
    if (job.state == RecordState::kOpen && seen_.find(job.key) == nullptr) {
      seen_.put(job.key, job.content, as);
    }
    if (fate == Fate::kWait) job.state = RecordState::kOpen;  // asked again when its turn comes
  }
  const std::size_t bytes = row.bytes.size();
  if (fate == Fate::kGo) {
    chunk_.bytes += bytes;
    chunk_.rows.push_back(std::move(row));
  } else {
    waiting_bytes_ += bytes;
    waiting_.push_back(std::move(row));
  }
}

// With the lock held.
void LoadRun::settle(RowJob& row) {
  if (row.earlier_run == SeenBefore::kYes) earlier_run_seen_ = true;
  if (row.refused) {
    ++counts_.quarantined;
    row.refused->bytes = std::move(row.bytes);
    held_bytes_ += row.refused->bytes.size();
    held_.push_back(std::move(*row.refused));
    return;
  }
  if (row.outcome == RowOutcome::kFresh) ++counts_.fresh;
  if (row.outcome == RowOutcome::kChanged) ++counts_.changed;
  if (row.outcome == RowOutcome::kSame) ++counts_.same;
}

void LoadRun::decided(Chunk& chunk) {
  const std::lock_guard lock(mutex_);
  for (RowJob& row : chunk.rows) {
    const bool accepted = !row.refused && !row.open();
    for (const RecordJob& job : row.records) {
      const auto* seen = seen_.find(job.key);
      if (seen == nullptr || seen->fate != SeenRecords::Fate::kInFlight) continue;
      if (accepted) {
        seen_.decide(job.key);
      } else {
        seen_.forget(job.key);  // the next row with this key has its chance
      }
    }
    if (accepted || row.refused) settle(row);
  }
}

Status LoadRun::flush() {
  if (const auto failure = pipeline_.failure()) return *failure;
  if (chunk_.rows.empty()) return ok_status();
  pipeline_.push(std::exchange(chunk_, {}));
  return ok_status();
}

Status LoadRun::drain() {
  for (;;) {
    LH_TRY(flush());
    LH_TRY(pipeline_.wait_idle());
    if (waiting_.empty()) return ok_status();
    // Nothing is in flight now: what those who wait had reserved is free again, and they come in
    // the order in which they were read.
    auto rows = std::exchange(waiting_, {});
    waiting_bytes_ = 0;
    const std::lock_guard lock(mutex_);
    for (const RowJob& row : rows) {
      for (const RecordJob& job : row.records) {
        const auto* seen = seen_.find(job.key);
        if (seen != nullptr && seen->fate == SeenRecords::Fate::kReserved) seen_.forget(job.key);
      }
    }
    for (RowJob& row : rows) admit(std::move(row));
  }
}

Status LoadRun::mark(RunEnd end) {
  LH_TRY(drain());
  std::vector<QuarantinedRow> rows;
  LoadCounts counts;
  bool stays = false;
  {
    const std::lock_guard lock(mutex_);
    rows = std::exchange(held_, {});
    held_bytes_ = 0;
    counts = difference(counts_, marked_);
    marked_ = counts_;
    // Rows found as an earlier run had left them are known by this run's memory alone. Were the
    // cursor to pass them, a contradiction after a cut would look like a change: so it stays.
    stays = earlier_run_seen_ && end == RunEnd::kGoesOn;
    if (seen_.trim() == SeenRecords::Trimmed::kYes) memory_.look_always();
  }
  since_mark_ = 0;
  LH_TRY(marks_.write_quarantined(std::move(rows)));
  std::optional<StoredCursor> cursor;
  if (!stays) cursor = StoredCursor{input_.source.cursor(), end, run_};
  return marks_.write_mark(cursor, end, counts);
}

void LoadRun::report() const {
  if (!input_.progress) return;
  LoadProgress progress;
  {
    const std::lock_guard lock(mutex_);
    progress.counts = counts_;
  }
  progress.position_bytes = input_.source.position_bytes();
  progress.size_bytes = input_.source.size_bytes();
  input_.progress(progress);
}

}  // namespace lh::hub::ingest
