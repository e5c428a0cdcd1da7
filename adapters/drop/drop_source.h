// The files of a drop folder, one after the other, as one source.
#pragma once

#include "adapters/drop/drop_cursor.h"

namespace lh::adapters::drop {

// Takes over where `from` stands: what it says was read is durable, so those files are archived
// now; files behind are read until the end or until the first one that is still being written.
// Errors: those of pull; cursor.invalid (the file it stands in is gone or is another one),
// source.changed (a file with other columns than the one before), adapter.unsupported (a zip file).
Result<std::unique_ptr<Source>> open_drop(std::unique_ptr<Folder> folder,
                                          const DropSettings& settings, const Clock& clock,
                                          const Cursor& from);

}  // namespace lh::adapters::drop
