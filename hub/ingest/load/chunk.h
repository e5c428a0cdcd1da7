// Rows on their way through a load. A row is taken whole or goes to quarantine whole.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "hub/ingest/quarantine.h"
#include "hub/ledger/change.h"

namespace lh::hub::ingest {

enum class RecordState : std::uint8_t { kOpen, kDone };

struct RecordJob {
  adapters::MappedRecord record;
  Tag key{};
  Digest content{};
  RecordState state = RecordState::kOpen;
};

enum class RowOutcome : std::uint8_t { kSame, kFresh, kChanged };  // the greater one wins
enum class MayChange : std::uint8_t { kYes, kNo };
enum class SeenBefore : std::uint8_t { kNo, kYes };

struct RowJob {
  std::uint64_t number = 0;
  Bytes bytes;
  std::vector<RecordJob> records;
  RowOutcome outcome = RowOutcome::kSame;
  // A record was found as an earlier run had left it: only this run's memory knows that it came by.
  SeenBefore earlier_run = SeenBefore::kNo;
  std::optional<QuarantinedRow> refused;
  // Of a row that comes from quarantine: what is written in the change of its last record, so that
  // it leaves exactly when all of it is stored. Its records go one after the other.
  std::vector<ledger::RowWrite> leaving;
  std::optional<ledger::Precondition> leaving_if;
  // Whether its records may change what is stored: bytes of long ago may not.
  MayChange may_change = MayChange::kYes;

  bool open() const {
    if (refused) return false;
    for (const auto& r : records) {
      if (r.state == RecordState::kOpen) return true;
    }
    return false;
  }
};

struct Chunk {
  std::vector<RowJob> rows;
  std::size_t bytes = 0;
};

// One change for the ledger and the records that are stored with it.
struct RecordRef {
  std::size_t row = 0;
  std::size_t record = 0;
  RowOutcome outcome = RowOutcome::kFresh;
};
struct Submission {
  ledger::Change change;
  std::vector<RecordRef> records;
  std::vector<std::size_t> depends;  // submissions of the first wave whose subjects it uses
};
// The second wave goes to the ledger when the first one is durable.
struct Prepared {
  std::vector<Submission> first;
  std::vector<Submission> second;
};

void refuse(RowJob& row, Reason reason, std::string field);

}  // namespace lh::hub::ingest
