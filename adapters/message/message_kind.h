// The kind "message": a spool folder of CloudEvents 1.0 in JSON (one event a file, or one a line of
// a .jsonl file). The [source] table: docs/formats/source-message.md.
#pragma once

#include <memory>

#include "adapters/kind.h"

namespace lh::adapters::message {

// Takes files when a source is opened, and says done to those that the cursor it is opened with
// covers. An event with the source and id of one before is left out; what is no event is a
// malformed row. Never two sources of one folder at once.
std::unique_ptr<Kind> make_kind();

}  // namespace lh::adapters::message
