// Marks of a run: what was put into quarantine, and the cursor with the counts so far — written
// only when every row before them is decided and durable.
#pragma once

#include <vector>

#include "hub/ingest/collection.h"
#include "hub/ingest/cursor.h"
#include "hub/ingest/quarantine.h"

namespace lh::hub::ingest {

struct MarkTerms {
  const LoadRequest& request;
  std::uint64_t policy_epoch = 0;
  Tag run{};
  ColumnSet columns;  // of the source
};

class Marks {
 public:
  Marks(const CollectionParts& parts, const MarkTerms& terms) : parts_(parts), terms_(terms) {}
  // Durable on return; rows that are held already are left alone.
  Status write_quarantined(std::vector<QuarantinedRow> rows) const;
  // counts: of the rows since the last mark. No cursor: it stays where it is.
  Status write_mark(const std::optional<StoredCursor>& cursor, RunEnd end,
                    const LoadCounts& counts) const;

 private:
  Status keep_columns(const Tag& id, ledger::Change& change) const;
  audit::EntryFacts facts_of(schemas::AuditEvent event) const;
  Status commit(ledger::Change change, const audit::EntryFacts& facts) const;
  const CollectionParts& parts_;
  MarkTerms terms_;
};

}  // namespace lh::hub::ingest
