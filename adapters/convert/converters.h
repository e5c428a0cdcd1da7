// Converters: what a mapping does to a value, in order. Each is made once when a mapping is read
// and applied a million times. The list with examples: docs/formats/mapping.md.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lh::adapters::convert {

// Code tables by name, as the mapping gives them. The key "*" is what an unknown code becomes; a
// value "!row.not_issued" refuses the row with that reason.
using CodeTables = std::map<std::string, std::map<std::string, std::string>>;

class Converter {
 public:
  Converter() = default;
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  virtual ~Converter() = default;
  // Input: not empty, UTF-8. Changes it in place; empty afterwards = absent. Gives the reason the
  // row is refused for. Threads: any.
  virtual std::optional<Reason> apply(std::string& value) const = 0;
};

// Input: "trim", "date:%Y%m%d", … Errors: mapping.invalid (unknown, argument missing or wrong).
Result<std::unique_ptr<const Converter>> make_converter(std::string_view text,
                                                        const CodeTables& tables);

}  // namespace lh::adapters::convert
