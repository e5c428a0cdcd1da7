// Small files that hold keys: readable by their owner only, replaced as a whole or not at all.
// Durable: write to "<path>.new", fdatasync, rename (or link), fsync of the folder.
// Inside crypto only. Threads: one writer a path.
#pragma once

#include <string>

#include "base/bytes.h"

namespace lh::crypto {

enum class Existing : std::uint8_t {
  kRefuse,   // store.exists when the path is taken
  kReplace,  // the old content is left to the file system
  kShred,    // the old file is overwritten before its space is given back
};

// Mode 0600 whatever the umask. Errors: store.exists, file.unwritable.
Status write_key_file(const std::string& path, ByteView bytes, Existing existing);

// Errors: key.missing (no such file), key.file_damaged (not a plain file, owned by somebody else,
// open to group or others, larger than max_bytes), file.unreadable.
Result<Bytes> read_key_file(const std::string& path, std::size_t max_bytes);

// After a crash between the rename of a kShred write and its shredding, the old content is still at
// "<path>.old": this overwrites and removes it. Nothing to do is not an error.
Status finish_shredding(const std::string& path);

}  // namespace lh::crypto
