// Files that are part of the binary (definitions, mappings, pages), taken in at build time.
#pragma once

#include <span>
#include <string_view>

namespace lh::embedded {

struct File {
  std::string_view path;   // relative to the folder it was taken from, with '/'
  std::string_view bytes;  // lives as long as the program
};

}  // namespace lh::embedded
