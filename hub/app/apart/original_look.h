// inspect() in a process of its own: a PDF can make its parser take memory, time or a crash out of
// proportion to its size, and then it is this process that ends. The child is this same program
// (subcommand original-look); it gets the file in memory that was never a file, and nothing else:
// no descriptor, 1 GiB of address space, 10 s of a core, no file to write.
#pragma once

#include <string>

#include "hub/licences/originals/inspect.h"

namespace lh::hub::app::apart {

// Waits at most 20 s. Errors: those of inspect(), document.unsafe (the child did not get through),
// internal.failure (no process could be made). Threads: any that may wait.
Result<licences::OriginalShape> look_apart(licences::OriginalKind kind, ByteView file);
// The child's side: the file is descriptor 0, the answer goes to descriptor 1. Gives the exit code.
int look_here(const std::string& media_type);

}  // namespace lh::hub::app::apart
