#include "hub/ingest/repair/replay.h"

#include <map>
#include <unordered_set>

#include "hub/ingest/commit.h"
#include "hub/ingest/load/pipeline.h"
#include "hub/ingest/load/placement.h"
#include "schemas/json.h"

namespace lh::hub::ingest {
namespace {

constexpr std::size_t kChunkRows = 128;
constexpr std::size_t kChunkBytes = 1U << 20U;

class Run {
 public:
  Run(const CollectionParts& parts, const ReplayInput& input, const Tag& id, RowMemory memory)
      : parts_(parts),
        input_(input),
        run_(id),
        memory_(std::move(memory)),
        preparer_(parts, memory_, {input.request, input.mapping, input.policy, id}),
        pipeline_(preparer_, parts.submit, parts.workers, [this](Chunk& c) { decided(c); }) {}

  Result<ReplayCounts> all() {
    LH_TRY(each_quarantined(parts_.store, parts_.keys, input_.request.name,
                            [this](QuarantinedRow row) -> Status {
                              if (!row.waits()) return ok_status();
                              if (input_.reason && row.reason != *input_.reason) {
                                return ok_status();
                              }
                              return take(std::move(row));
                            }));
    LH_TRY(flush());
    LH_TRY(note_end());
    return counts_;
  }

  Result<ReplayCounts> one() {
    auto row = LH_TRY(get_quarantined(parts_.store, parts_.keys, input_.request.name, input_.only));
    if (!row.waits()) return Error(Reason::kQuarantineUnknown, "the row does not wait any more");
    LH_TRY(take(std::move(row)));
    LH_TRY(flush());
    LH_TRY(note_end());
    return counts_;
  }

 private:
  Status take(QuarantinedRow held) {
    ++counts_.read;
    RowJob job;
    job.number = held.number;
    auto mapped = read_again(held, job);
    if (!mapped.ok()) return mapped.error();
    if (!mapped->errors.empty()) {
      const auto& error = mapped->errors.front();
      job.refused = QuarantinedRow{held.number, error.reason, error.field, error.column, {}};
    }
    for (auto& record : mapped->records) {
      const Tag key = memory_.key_of(record);
      if (keys_.contains(key)) LH_TRY(flush());  // one record of a key at a time
      const Digest content = memory_.content_of(record);
      job.records.push_back({std::move(record), key, content, RecordState::kOpen});
    }
    for (const auto& record : job.records) keys_.insert(record.key);
    if (!job.refused) LH_TRY(prepare_leaving(held, job));
    chunk_.bytes += held.bytes.size();
    held.bytes.clear();
    held_.push_back(std::move(held));
    chunk_.rows.push_back(std::move(job));
    if (chunk_.rows.size() >= kChunkRows || chunk_.bytes >= kChunkBytes) return flush();
    return ok_status();
  }

  // A row whose bytes cannot be read again, or whose columns nobody knows, stays as it is.
  Result<adapters::Mapper::Outcome> read_again(const QuarantinedRow& held, RowJob& job) {
    const std::string& source = input_.request.name;
    ReadAgain kept;
    kept.row.number = held.number;
    kept.row.bytes = held.bytes;
    if (auto columns = LH_TRY(find_column_set(parts_.store, source, held.columns))) {
      kept.columns = std::move(*columns);
    }
    const auto repair = LH_TRY(find_repair(parts_.store, parts_.keys, source, held));
    if (!repair) job.may_change = MayChange::kNo;
    if (repair) kept.row.bytes = repair->text;
    auto again = repair && repair->kind == RepairKind::kValues ? from_values(std::move(kept))
                                                               : input_.reread(std::move(kept));
    adapters::Mapper::Outcome out;
    if (!again.ok()) {
      out.errors.push_back({held.reason, held.field, held.column});
      return out;
    }
    const auto* mapper = LH_TRY(mapper_for(again->columns.names, out));
    if (mapper != nullptr) out = mapper->apply(again->row);
    return out;
  }

  static Result<ReadAgain> from_values(ReadAgain kept) {
    const auto json = LH_TRY(schemas::parse_json(kept.row.bytes, kept.row.bytes.size()));
    kept.columns = {};
    if (json.members() == nullptr) return Error(Reason::kJsonWrongType);
    for (const auto& [column, value] : *json.members()) {
      if (value.string() == nullptr) return Error(Reason::kJsonWrongType, "values are texts");
      kept.columns.names.push_back(column);
      kept.row.values.push_back(*value.string());
    }
    return kept;
  }

  // Null: the mapping lacks a column of the row, which is what is wrong with the row then.
  Result<const adapters::Mapper*> mapper_for(const std::vector<std::string>& columns,
                                             adapters::Mapper::Outcome& out) {
    auto found = mappers_.find(columns);
    if (found == mappers_.end()) {
      auto bound = adapters::Mapper::bind(input_.mapping, columns);
      if (!bound.ok()) {
        out.errors.push_back({bound.error().reason(), {}, {}});
        return static_cast<const adapters::Mapper*>(nullptr);
      }
      if (mappers_.size() >= 64) mappers_.clear();
      found = mappers_.emplace(columns, std::move(*bound)).first;
    }
    return static_cast<const adapters::Mapper*>(&found->second);
  }

  // Bytes that were replaced stay as evidence; others became records as they were.
  Status prepare_leaving(const QuarantinedRow& held, RowJob& job) {
    const std::string& source = input_.request.name;
    job.leaving_if = unchanged(source, held);
    if (held.state == HeldState::kRepaired) {
      QuarantinedRow passed = held;
      passed.state = HeldState::kPassed;
      job.leaving = LH_TRY(restated(parts_.store, source, passed));
    } else {
      job.leaving = LH_TRY(removed(parts_.store, source, held));
    }
    return ok_status();
  }

  void decided(Chunk& chunk) { done_ = std::move(chunk.rows); }

  Status flush() {
    if (chunk_.rows.empty()) return ok_status();
    keys_.clear();
    pipeline_.push(std::exchange(chunk_, {}));
    LH_TRY(pipeline_.wait_idle());
    ledger::Change change;
    for (std::size_t i = 0; i < done_.size(); ++i) {
      LH_TRY(settle(done_[i], held_[i], change));
      // Rows are written whole, up to 120 KiB each: room for one more is kept.
      if (weight_of(change) < kMostChangeBytes / 2) continue;
      LH_TRY(commit(std::exchange(change, {}), {}));
    }
    held_.clear();
    done_.clear();
    return commit(std::move(change), {});
  }

  Status settle(RowJob& job, QuarantinedRow& held, ledger::Change& change) {
    const std::string& source = input_.request.name;
    if (job.refused) {
      ++counts_.stayed;
      const bool known = job.refused->reason == held.reason && job.refused->field == held.field;
      if (known) return ok_status();
      change.preconditions.push_back(unchanged(source, held));
      held.reason = job.refused->reason;
      held.field = job.refused->field;
      held.column = job.refused->column;
      for (auto& row : LH_TRY(restated(parts_.store, source, held))) {
        change.rows.push_back(std::move(row));
      }
      return ok_status();
    }
    ++(job.outcome == RowOutcome::kFresh     ? counts_.fresh
       : job.outcome == RowOutcome::kChanged ? counts_.changed
                                             : counts_.same);
    return leave_if_there(job, held, change);
  }

  // Whatever it says was stored before: nothing was left to take it along.
  Status leave_if_there(RowJob& job, const QuarantinedRow& held, ledger::Change& change) const {
    const auto now = LH_TRY(find_state(parts_.store, input_.request.name, held));
    if (!now || !waits(*now)) return ok_status();
    for (auto& row : job.leaving) change.rows.push_back(std::move(row));
    change.preconditions.push_back(*job.leaving_if);
    return ok_status();
  }

  Status commit(ledger::Change change, std::string what) const {
    if (change.rows.empty() && what.empty()) return ok_status();
    audit::EntryFacts facts;
    facts.event = schemas::AuditEvent::kQuarantineReplayed;
    facts.organisation = input_.request.collector.text();
    facts.system = "hub";
    facts.purpose = input_.request.name;
    facts.policy_epoch = input_.policy.epoch();
    facts.correlation = to_hex(view(run_));
    facts.box_a.officer_id = input_.request.operator_id;
    facts.count = change.preconditions.size();
    facts.object = std::move(what);
    change.access = parts_.gate.maintenance().access_id();
    change.entries.push_back(
        LH_TRY(parts_.entries.make(facts, crypto::CommitKey(parts_.random), parts_.clock.now())));
    return commit_and_wait(parts_.submit, std::move(change));
  }

  Status note_end() const {
    return commit(
        {}, "end read=" + std::to_string(counts_.read) + " new=" + std::to_string(counts_.fresh) +
                " changed=" + std::to_string(counts_.changed) + " same=" +
                std::to_string(counts_.same) + " stayed=" + std::to_string(counts_.stayed));
  }

  const CollectionParts& parts_;
  const ReplayInput& input_;
  Tag run_;
  RowMemory memory_;
  Preparer preparer_;
  std::map<std::vector<std::string>, adapters::Mapper> mappers_;  // by the columns they are for
  ReplayCounts counts_;
  Chunk chunk_;
  std::vector<QuarantinedRow> held_;  // of the chunk, without their bytes
  struct Hash {
    std::size_t operator()(const Tag& t) const { return read_be64(view(t)); }
  };
  std::unordered_set<Tag, Hash> keys_;  // of the chunk
  std::vector<RowJob> done_;
  Pipeline pipeline_;  // the last one: its threads use all of the above
};

}  // namespace

Result<ReplayCounts> replay(const CollectionParts& parts, const ReplayInput& input) {
  auto memory =
      LH_TRY(RowMemory::create(parts.store, parts.keys, input.request.name,
                               input.request.collector.text() + "\n" + input.mapping.issuer_name));
  memory.look_always();
  Run run(parts, input, parts.random.array<16>(), std::move(memory));
  return input.only.empty() ? run.all() : run.one();
}

}  // namespace lh::hub::ingest
