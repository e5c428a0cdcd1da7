// Base data (人口, 法人, 地址) as bitemporal records: a row is never overwritten, it is closed.
//   data "B" ‖ kind ‖ 0 ‖ subject_no(8)            -> head: which version is the present one
//   data "v" ‖ kind ‖ 0 ‖ subject_no(8) ‖ day(4) ‖ number(4)  -> form(1) ‖ record (CBOR), once
//   data "b" ‖ kind ‖ 0 ‖ subject_no(8) ‖ number(4)  -> the same, written before days were kept
// Valid time: a version says what holds from its day on, until a version of a later day. Known
// time: from its own commit index on. What holds on a day, as known at an index, is of the versions
// known by then and begun by then the one with the latest day; of one day the one known last
// (docs/formats/base_data.md). Sealed under the subject's key: records of natural persons and sole
// traders, and every record with a field that the shipped definitions do not call public.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/permit.h"
#include "hub/subjects/subject_directory.h"
#include "hub/subjects/subject_flags.h"
#include "schemas/fields.h"

namespace lh::hub::subjects {

struct BaseRecord {
  std::string kind;  // "natural_person", "legal_entity", "address"
  schemas::Fields fields;
  std::string source;  // the mapping or department that gave it
  std::string source_key;
  // The day (UTC+8) from which it holds. Given to put(): none = today. Read: none = the version was
  // written before days were kept, and holds from the beginning.
  std::optional<LocalDate> valid_from = {};
  std::uint32_t number = 0;    // of the version, when read
  std::uint32_t corrects = 0;  // number of the version that this one corrects; 0 = none
};

enum class StoreOutcome : std::uint8_t { kNew, kChanged, kSame };

// Rows that put the record in; kSame: no rows. `existing` is what is stored now.
struct BaseDataChange {
  StoreOutcome outcome = StoreOutcome::kNew;
  std::vector<ledger::RowWrite> rows;
  std::vector<ledger::Precondition> preconditions;
  std::uint32_t number = 0;  // of the version that holds on that day after the change
};

// A version without its record: nothing personal.
struct VersionMark {
  std::uint32_t number = 0;
  std::optional<LocalDate> valid_from;
  std::uint64_t commit_index = 0;  // entry that recorded it
};
// A version in a history: what it says otherwise than what was known to hold on its day before.
struct BaseVersion {
  VersionMark mark;
  std::uint32_t corrects = 0;
  std::string source;
  schemas::Fields changed;           // new values
  std::vector<std::string> dropped;  // names of fields that it no longer has
};

class BaseData {
 public:
  // clock: what "today" is where no day is given.
  BaseData(const store::Store& store, const SubjectDirectory& directory, const Clock& clock)
      : store_(store), directory_(directory), clock_(clock), flags_(store, directory) {}
  // permit: of Access::kMaintenance for loads, or of the caller who writes. The comparison with the
  // stored record happens inside; no stored value comes out. A record that says what holds on its
  // day anyway is kSame.
  Result<BaseDataChange> put(const SubjectKey& subject, const SubjectId& id,
                             const BaseRecord& record, const Permit& permit) const;
  // What holds today as known now. nullopt inside: nothing of that kind. Where subjects were merged
  // the survivor's record, else the one of a predecessor.
  // Cost: one head get and one version get.
  Result<Undisclosed<std::optional<BaseRecord>>> read(const SubjectKey& subject,
                                                      std::string_view kind,
                                                      const Permit& permit) const {
    return read_at(subject, kind, {local_date(clock_.now()), kKnownNow}, permit);
  }
  // What held on a day, as it was known at an index of the log.
  Result<Undisclosed<std::optional<BaseRecord>>> read_at(const SubjectKey& subject,
                                                         std::string_view kind,
                                                         const Moment& moment,
                                                         const Permit& permit) const;
  // Of this very subject, whoever it was merged with (sources, which know of no merges).
  Result<Undisclosed<std::optional<BaseRecord>>> read_own(const SubjectKey& subject,
                                                          std::string_view kind,
                                                          const Moment& moment,
                                                          const Permit& permit) const;
  // Versions of this very subject known by then, in the order they became known.
  Result<std::vector<VersionMark>> versions(SubjectNo subject, std::string_view kind,
                                            std::uint64_t known) const;
  // The last `limit` of them, newest known first.
  Result<Undisclosed<std::vector<BaseVersion>>> history(const SubjectKey& subject,
                                                        std::string_view kind, std::uint64_t known,
                                                        std::size_t limit,
                                                        const Permit& permit) const;
  const SubjectFlags& flags() const { return flags_; }
  LocalDate today() const { return local_date(clock_.now()); }

 private:
  const store::Store& store_;
  const SubjectDirectory& directory_;
  const Clock& clock_;
  SubjectFlags flags_;
};

}  // namespace lh::hub::subjects
