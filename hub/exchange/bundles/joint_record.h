// 一件事: several cases of one department, opened together under one number. Rows:
//   data "j" ‖ joint_id(16)                      -> [1, USCC, bundle, version, opened ms, cases]
//   data "k" ‖ HMAC(organisation ‖ 0 ‖ number)(16) -> joint_id(16): the number is not kept in clear
// Private to hub/exchange.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "hub/ledger/change.h"
#include "hub/store/store.h"
#include "hub/subjects/subject_directory.h"

namespace lh::hub::exchange {

struct JointIdKind {
  static constexpr const char* kPrefix = "joint_";
};
using JointId = RandomId<JointIdKind>;

struct JointRecord {
  JointId id;
  Uscc organisation;
  std::string bundle;
  int bundle_version = 1;
  UtcTime opened;
  std::vector<CaseId> cases;  // in the order of the bundle
  std::uint64_t commit_index = 0;
};

Tag joint_number_tag(const subjects::SubjectDirectory& directory, const Uscc& organisation,
                     std::string_view number);
// Errors: store.corrupt.
Result<std::optional<JointRecord>> find_joint(const store::Store& store, const JointId& id);
Result<std::optional<JointRecord>> find_joint_by_number(const store::Store& store, const Tag& tag);
void write_joint(const JointRecord& record, const Tag& number_tag, ledger::Change& change);

}  // namespace lh::hub::exchange
