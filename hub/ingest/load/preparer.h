// Turns rows into changes: looks up what is known, registers subjects, signs documents, groups the
// rows of legal entities. Threads: prepare() anywhere, each call with a chunk of its own.
#pragma once

#include <string>
#include <variant>

#include "hub/ingest/collection.h"
#include "hub/ingest/load/chunk.h"
#include "hub/ingest/row_memory.h"

namespace lh::hub::ingest {

// Who that is in the directory. A local holder is known by its source only, as in the licence
// office. Errors: id.*.
Result<SubjectId> holder_id(const adapters::MappedHolder& h);

class Preparer {
 public:
  struct Terms {
    const LoadRequest& request;
    const adapters::Mapping& mapping;
    const access::Policy& policy;
    Tag run{};
  };
  Preparer(const CollectionParts& parts, const RowMemory& memory, const Terms& terms)
      : parts_(parts), memory_(memory), terms_(terms) {}

  // Rows end up refused, done (same) or open; every open record is in a submission, except where
  // another row of the chunk has to be stored before it: such rows wait for the next pass.
  // Errors: those of the hub, never those of a row.
  Result<Prepared> prepare(Chunk& chunk) const;

  const CollectionParts& parts() const { return parts_; }
  const Terms& terms() const { return terms_; }

  // A record on its way into a change.
  struct Piece {
    RecordRef ref;
    enum class Kind : std::uint8_t { kGrouped, kOwnEntry, kLicence } kind = Kind::kGrouped;
    ledger::Change change;         // rows and preconditions; a licence brings its entry
    subjects::SubjectKey subject;  // of base data
    std::string object;            // kind of base data
    Bytes head;                    // its contended row
    Bytes place;                   // what the memory keeps of it (row_memory.h)
  };

 private:
  using Pieces = std::vector<Piece>;
  Result<Pieces> prepare_row(RowJob& row, std::size_t number) const;
  static void leave_with_last(const RowJob& row, Piece& piece);
  // Nothing: the record is same, or the row was refused.
  Result<std::optional<Piece>> prepare_record(RowJob& row, RecordRef ref) const;
  Result<std::optional<Piece>> prepare_base(RowJob& row, const RecordJob& job) const;
  Result<std::optional<Piece>> prepare_licence(RowJob& row, const RecordJob& job) const;

  const CollectionParts& parts_;
  const RowMemory& memory_;
  Terms terms_;
};

}  // namespace lh::hub::ingest
