// Merges and splits of subjects. Nothing moves: licences, cases, base data and audit chains stay
// where they are, and a tie between the two is followed when they are read.
//   data "w" ‖ subject_no(8)  -> [1, [[other, side, since, until]…]]: every tie there ever was.
//   since, until: index of the entry that made or ended it; 0 = that of this row; until 2^64-1 = it
//   holds. side: 1 merged into the other, 2 the other merged into this one.
// Both rows change together, so of two merges of one subject at once one is stale; a merge joins
// two subjects that are themselves merged into nobody, so there is no circle.
// The key rows of both say that there are ties: who has none pays for none.
#pragma once

#include <vector>

#include "hub/subjects/subject_directory.h"

namespace lh::hub::subjects {

enum class TieSide : std::uint8_t { kInto = 1, kFrom = 2 };  // stored; never renumber

struct Tie {
  SubjectNo other;
  TieSide side = TieSide::kInto;
  std::uint64_t since = 0;
  std::uint64_t until = kKnownNow;
  bool holds(std::uint64_t known) const {
    return since <= known && (until == kKnownNow || known < until);
  }
};
struct Ties {
  std::vector<Tie> all;            // in the order they were made
  std::uint64_t commit_index = 0;  // of the row; 0 = there is none
  // Whom it is merged into, as known then; nullptr: nobody.
  const Tie* into(std::uint64_t known) const;
};
Result<Ties> read_ties(const store::Snapshot& rows, SubjectNo no);

// The rows of a merge or a split. The caller adds the entry, commits, then calls
// SubjectDirectory::forget() for both.
struct TieChange {
  std::vector<ledger::RowWrite> rows;
  std::vector<ledger::Precondition> preconditions;
};

class Kinship {
 public:
  Kinship(const store::Store& store, const SubjectDirectory& directory)
      : store_(store), directory_(directory) {}
  // Errors: subject.merged (`from` or `into` is merged into somebody already),
  // subject.merge_invalid (one and the same, or more than 16 would be one).
  Result<TieChange> merge(const SubjectKey& from, const SubjectKey& into) const;
  // Errors: subject.merge_invalid (`from` is not merged into `into` itself).
  Result<TieChange> split(const SubjectKey& from, const SubjectKey& into) const;

 private:
  Result<TieChange> write(const SubjectKey& from, Ties of_from, const SubjectKey& into,
                          Ties of_into) const;
  const store::Store& store_;
  const SubjectDirectory& directory_;
};

}  // namespace lh::hub::subjects
