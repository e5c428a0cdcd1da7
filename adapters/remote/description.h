// What an adapter that speaks the HTTP contract says of itself (GET /adapter/v1/describe). Format:
// docs/formats/adapter-http.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lh::adapters::remote {

inline constexpr std::string_view kContract = "licencehub.adapter/1";

struct Description {
  std::vector<std::string> columns;
  std::vector<std::string> key;  // among the columns; empty: no lookup
  bool changes = false;
  bool lookup = false;
  bool push = false;
};

// Members that are not known are passed over, so that adapters may say more. Errors: source.answer
// (not JSON as agreed, another contract, a name twice, a key that is no column).
Result<Description> parse_description(std::string_view json);

}  // namespace lh::adapters::remote
