// The identifiers under which a case names its people, each sealed under the person's own key: what
// a department's system is asked by, and nothing else.
//   data "P" ‖ case_id(16) ‖ subject_no(8)  -> scheme ‖ sealed (scheme ‖ identifier)
// Private to hub/exchange.
#pragma once

#include <optional>

#include "base/ids.h"
#include "base/permit.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"
#include "hub/subjects/subject_directory.h"

namespace lh::hub::exchange {

ledger::RowWrite person_row(const subjects::SubjectDirectory& directory, const CaseId& case_id,
                            const subjects::SubjectKey& person, const SubjectId& id);

// Nothing inside: the case was opened before identifiers were kept, or the row does not open.
Result<Undisclosed<std::optional<SubjectId>>> find_person(const store::Store& store,
                                                          const CaseId& case_id,
                                                          const subjects::SubjectKey& person,
                                                          const Permit& permit);
// How the case names the person; says nothing of who it is.
Result<std::optional<IdScheme>> find_scheme(const store::Store& store, const CaseId& case_id,
                                            SubjectNo person, const Permit& permit);

}  // namespace lh::hub::exchange
