#include "hub/ingest/load/marks.h"

#include "hub/ingest/commit.h"

namespace lh::hub::ingest {
namespace {

constexpr std::size_t kMostBytes = 128U << 10U;
constexpr std::size_t kMostRows = 500;

std::string counts_text(const LoadCounts& c) {
  return "read=" + std::to_string(c.read) + " new=" + std::to_string(c.fresh) +
         " changed=" + std::to_string(c.changed) + " same=" + std::to_string(c.same) +
         " quarantined=" + std::to_string(c.quarantined);
}

}  // namespace

audit::EntryFacts Marks::facts_of(schemas::AuditEvent event) const {
  audit::EntryFacts facts;
  facts.event = event;
  facts.organisation = terms_.request.collector.text();
  facts.system = "hub";
  facts.purpose = terms_.request.name;
  facts.policy_epoch = terms_.policy_epoch;
  facts.correlation = to_hex(view(terms_.run));
  facts.box_a.officer_id = terms_.request.operator_id;
  return facts;
}

Status Marks::commit(ledger::Change change, const audit::EntryFacts& facts) const {
  change.access = parts_.gate.maintenance().access_id();
  change.entries.push_back(
      LH_TRY(parts_.entries.make(facts, crypto::CommitKey(parts_.random), parts_.clock.now())));
  return commit_and_wait(parts_.submit, std::move(change));
}

// Rows are kept with the columns they came under, so that they can be read again.
Status Marks::keep_columns(const Tag& id, ledger::Change& change) const {
  const std::string& source = terms_.request.name;
  if (LH_TRY(find_column_set(parts_.store, source, id))) return ok_status();
  change.rows.push_back(column_set_row(source, terms_.columns));
  return ok_status();
}

Status Marks::write_quarantined(std::vector<QuarantinedRow> rows) const {
  ledger::Change change;
  const Tag columns = column_set_id(terms_.columns);
  if (!rows.empty()) LH_TRY(keep_columns(columns, change));
  std::size_t bytes = 0;
  std::uint64_t count = 0;
  const auto flush = [&]() -> Status {
    if (count == 0) return ok_status();
    auto facts = facts_of(schemas::AuditEvent::kQuarantined);
    facts.count = count;
    LH_TRY(commit(std::move(change), facts));
    change = {};
    bytes = count = 0;
    return ok_status();
  };
  for (QuarantinedRow& row : rows) {
    row.columns = columns;
    auto parts = LH_TRY(quarantine_rows(terms_.request.name, row, parts_.keys, parts_.random));
    if (LH_TRY(find_held(parts_.store, parts)) == Held::kYes) continue;
    for (auto& part : parts) {
      const std::size_t size = part.key.size() + part.payload->size();
      if (bytes + size > kMostBytes || count >= kMostRows) LH_TRY(flush());
      bytes += size;
      change.rows.push_back(std::move(part));
    }
    ++count;
  }
  return flush();
}

Status Marks::write_mark(const std::optional<StoredCursor>& cursor, RunEnd end,
                         const LoadCounts& counts) const {
  ledger::Change change;
  if (cursor) change.rows.push_back(cursor_row(terms_.request.name, *cursor));
  auto facts = facts_of(schemas::AuditEvent::kIngestRun);
  facts.count = counts.read;
  facts.object = (end == RunEnd::kReachedEnd ? "end " : "mark ") + counts_text(counts);
  return commit(std::move(change), facts);
}

}  // namespace lh::hub::ingest
