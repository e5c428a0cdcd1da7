// Kinds of flags of subjects (schemas/data/flags/*.json): what a flag is called, and the law that
// it usually rests on. A flag itself always names its own legal basis.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemas/catalogue.h"

namespace lh::schemas {

struct FlagKind {
  std::string id;  // "abnormal_operation"
  Names names;
  std::string usual_basis;  // may be empty
};
Result<FlagKind> flag_kind_from_json(const Json& j);
const std::vector<FlagKind>& shipped_flag_kinds();
const FlagKind* find_flag_kind(std::string_view id);  // nullptr: there is none

}  // namespace lh::schemas
