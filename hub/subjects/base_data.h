// Base data (人口, 法人, 地址) as bitemporal records: a row is never overwritten, it is closed.
//   data "B" ‖ kind ‖ 0 ‖ subject_no(8)              -> head: number(4) of the present version and
//                                                       HMAC(data key, record): nothing personal
//   data "b" ‖ kind ‖ 0 ‖ subject_no(8) ‖ number(4)  -> form(1) ‖ record (CBOR), written once
// Version n is known from its own commit index until that of version n + 1 (model.md, Time).
// Sealed under the subject's key: records of natural persons and sole traders, and every record
// with a field that the shipped definitions do not call public (a legal representative).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/permit.h"
#include "hub/subjects/subject_directory.h"
#include "schemas/fields.h"

namespace lh::hub::subjects {

struct BaseRecord {
  std::string kind;  // "natural_person", "legal_entity", "address"
  schemas::Fields fields;
  std::string source;  // the mapping or department that gave it
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
  Result<BaseDataChange> put(const SubjectKey& subject, const SubjectId& id,
                             const BaseRecord& record, const Permit& permit) const;
  // nullopt inside: no record of that kind.
  Result<Undisclosed<std::optional<BaseRecord>>> read(const SubjectKey& subject,
                                                      std::string_view kind,
                                                      const Permit& permit) const;

 private:
  const store::Store& store_;
  const SubjectDirectory& directory_;
};

}  // namespace lh::hub::subjects
