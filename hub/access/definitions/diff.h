// What differs between two definitions, as an administrator reads it. Pure.
#pragma once

#include <string>
#include <vector>

#include "schemas/json.h"

namespace lh::hub::access {

struct Difference {
  std::string path;   // "materials[M01].legal_basis"; items of lists by their code, name or matter
  schemas::Json was;  // null: it was not there
  schemas::Json now;  // null: it is not there any more
};
// At most 200, in the order of the definitions; a list without names differs as a whole.
std::vector<Difference> differences(const schemas::Json& was, const schemas::Json& now);
schemas::Json differences_to_json(const std::vector<Difference>& list);
// Without the members that every new version changes: version and effective.
schemas::Json content_of(const schemas::Json& definition);

}  // namespace lh::hub::access
