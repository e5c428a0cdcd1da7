// Base data (人口, 法人, 地址) as bitemporal records: a row is never overwritten, it is closed. The
// present version of a record stands at data "B" ‖ kind ‖ subject_no(8); closed versions at
// data "b" ‖ kind ‖ subject_no(8) ‖ commit index(8) (the index that closed it).
// Records of natural persons and sole traders are sealed under the subject's key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/permit.h"
#include "hub/subjects/subject_directory.h"
#include "schemas/fields.h"

namespace lh::hub::subjects {

struct BaseRecord {
  std::string kind;        // "natural_person", "legal_entity", "address"
  schemas::Fields fields;
  std::string source;      // the mapping or department that gave it
  std::string source_key;
};

enum class StoreOutcome : std::uint8_t { kNew, kChanged, kSame };

// Rows that put the record in; kSame: no rows. `existing` is what is stored now.
struct BaseDataChange {
  StoreOutcome outcome = StoreOutcome::kNew;
  std::vector<ledger::RowWrite> rows;
  std::vector<ledger::Precondition> preconditions;
};

class BaseData {
 public:
  BaseData(const store::Store& store, const SubjectDirectory& directory)
      : store_(store), directory_(directory) {}
  // permit: of Access::kMaintenance for loads, or of the caller who writes. The comparison with the
  // stored record happens inside; no stored value comes out.
  Result<BaseDataChange> put(const SubjectKey& subject, const SubjectId& id, const BaseRecord& record,
                             const Permit& permit) const;
  // nullopt inside: no record of that kind.
  Result<Undisclosed<std::optional<BaseRecord>>> read(const SubjectKey& subject, std::string_view kind,
                                                      const Permit& permit) const;

 private:
  const store::Store& store_;
  const SubjectDirectory& directory_;
};

}  // namespace lh::hub::subjects
