// Flags of subjects: the abnormal list (经营异常名录), the blacklist (严重违法失信名单).
// Bitemporal: a flag is in force from its day until its last day or until it was ended, as known at
// an index.
//   data "x" ‖ subject_no(8) ‖ number(4)       -> form(1) ‖ [kind, legal basis, authority, ground,
//                                                 first day, last day or null], written once
//   data "x" ‖ subject_no(8) ‖ number(4) ‖ "e" -> form(1) ‖ [day, ground]: how it ended
// Of natural persons and sole traders the rows are sealed. The key row of the subject says that
// there are some: who has none pays for none.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/permit.h"
#include "hub/subjects/subject_directory.h"

namespace lh::hub::subjects {

struct Flag {
  std::string kind;         // schemas/flag_kinds.h
  std::string legal_basis;  // never empty
  std::string authority;    // USCC of who decided
  std::string ground;
  LocalDate from;
  std::optional<LocalDate> until;     // inclusive; none = until it is ended
  std::uint32_t number = 0;           // of the subject, when read
  std::uint64_t index = 0;            // entry that recorded it
  std::optional<LocalDate> ended_on;  // no longer in force from that day on (credit repair)
  std::string why_ended;
  std::uint64_t end_index = 0;
  bool in_force(const Moment& at) const;
};

struct FlagChange {
  std::vector<ledger::RowWrite> rows;
  std::vector<ledger::Precondition> preconditions;
};
struct FlagEnd {
  std::string kind;
  std::string authority;  // ends its own only
  LocalDate on;
  std::string ground;
};

class SubjectFlags {
 public:
  SubjectFlags(const store::Store& store, const SubjectDirectory& directory)
      : store_(store), directory_(directory) {}
  // The rows; after the commit the owner calls SubjectDirectory::forget(). Errors: flag.invalid (no
  // legal basis, it ends before it begins, the same authority has one of that kind in force then).
  Result<FlagChange> put(const SubjectKey& subject, const SubjectId& id, const Flag& flag,
                         const Permit& permit) const;
  // Errors: flag.unknown (none of that kind and authority in force on that day).
  Result<FlagChange> end(const SubjectKey& subject, const SubjectId& id, const FlagEnd& end,
                         const Permit& permit) const;
  // In force at that moment, of everybody who is one with the subject.
  Result<Undisclosed<std::vector<Flag>>> in_force(const SubjectKey& subject, const Moment& at,
                                                  const Permit& permit) const;

 private:
  Result<FlagChange> write(const SubjectKey& subject, const SubjectId& id, Bytes key,
                           Bytes plain) const;
  const store::Store& store_;
  const SubjectDirectory& directory_;
};

}  // namespace lh::hub::subjects
