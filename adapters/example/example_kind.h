// The kind "records", and the example of how a kind is written (docs/adapters.md quotes it): files
// of old systems with one "key=value" a line and an empty line between two records.
// Format: docs/formats/source-records.md.
#pragma once

#include <memory>

#include "adapters/kind.h"

namespace lh::adapters::example {

std::unique_ptr<Kind> make_kind();

}  // namespace lh::adapters::example
