// Checks: what a converted value must satisfy. The list: docs/formats/mapping.md.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace lh::adapters::convert {

class Check {
 public:
  Check() = default;
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;
  virtual ~Check() = default;
  // Input: not empty, UTF-8. Gives the reason the row is refused for. Threads: any.
  virtual std::optional<Reason> failure(std::string_view value) const = 0;
};

// Input: "uscc", "max:200", "one_of:甲|乙", … Errors: mapping.invalid.
Result<std::unique_ptr<const Check>> make_check(std::string_view text);

}  // namespace lh::adapters::convert
