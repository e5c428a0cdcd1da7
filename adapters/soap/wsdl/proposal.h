// What a mapping of an operation could begin with: its parameters, where the rows of its answer
// probably stand, and their columns.
#pragma once

#include "adapters/soap/wsdl/operation.h"

namespace lh::adapters::soap::wsdl {

struct Proposal {
  std::vector<std::string> needed;    // parameters
  std::vector<std::string> optional;  // parameters that may be left out
  std::string rows;                   // path; empty: the answer is a text, its rows stand inside
  std::vector<std::pair<std::string, std::string>> columns;  // name, path below the row
};
Proposal propose(const Operation& operation);

// Whether a path of a mapping, "/Envelope/Body/…", can be there in the answer. Errors:
// mapping.invalid: what there is instead. The element it leads to; null: beyond what was read.
Result<const Element*> follow(const Operation& operation, std::string_view path);

}  // namespace lh::adapters::soap::wsdl
