// A spool folder: files come into it by rename, are taken into taken/ by rename under a number of
// their own, and go to done/ when a cursor that covers them has come back from where it is kept. A
// file is in one of the three at any moment, whatever is killed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace lh::adapters::message {

struct SpoolFile {
  std::uint64_t number = 0;
  std::string path;
};

// Files with a number up to `covered` are done; all others still there are to be read, oldest
// number first: those in taken/, those in done/ beyond it (the cursor is older than they are), and
// those that came since, in the order of their names. Errors: source.unavailable (the folder).
Result<std::vector<SpoolFile>> take_files(const std::string& folder, std::uint64_t covered,
                                          std::size_t max_files);
// The newest `count` files of done/.
Result<std::vector<SpoolFile>> done_files(const std::string& folder, std::size_t count);

// The files with the numbers 1 to `covered`, in their order. Moves none. Errors: adapter.state
// (some of them are gone), source.unavailable.
Result<std::vector<SpoolFile>> kept_files(const std::string& folder, std::uint64_t covered);

}  // namespace lh::adapters::message
