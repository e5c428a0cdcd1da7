// A case as stored, and its number bound to one case:
//   data "C" ‖ case_id(16)                  -> who opened it, matter, applicant, related subjects
//   data "c" ‖ HMAC(organisation ‖ number)  -> case_id: the number itself is not kept in clear
// Private to hub/exchange.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"
#include "hub/subjects/subject_directory.h"

namespace lh::hub::exchange {

struct CaseRecord {
  CaseId id;
  Uscc organisation;
  std::string matter;
  std::string number_tag;  // hex
  SubjectNo applicant;
  std::vector<std::pair<std::string, SubjectNo>> related;  // role, subject
  std::string region;
  UtcTime opened;
  std::uint64_t commit_index = 0;  // 0 = not stored yet
};

// Who has that part in the case; nothing: it names nobody.
std::optional<SubjectNo> subject_of(const CaseRecord& record, std::string_view role);
Tag case_number_tag(const subjects::SubjectDirectory& directory, const Uscc& organisation,
                    std::string_view number);
Tag case_tag(const subjects::SubjectDirectory& directory, const CaseId& id);
// Errors: store.corrupt.
Result<std::optional<CaseRecord>> find_case(const store::Store& store, const CaseId& id);
Result<std::optional<CaseRecord>> find_case_by_number(const store::Store& store,
                                                      const Tag& number_tag);
// Rows and preconditions that store it as it is now.
void write_case(const CaseRecord& record, ledger::Change& change);

}  // namespace lh::hub::exchange
