// Tags in ascending order, whatever their number: a bounded buffer, sorted runs in files without a
// name, merged when they are read. Tags are keyed digests: nothing in the files is about anybody.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace lh::hub::ingest {

class TagSort {
 public:
  // folder: where the runs go; buffered: tags in memory at once (16 bytes each).
  explicit TagSort(std::string folder, std::size_t buffered = 1U << 20U);
  ~TagSort();
  TagSort(const TagSort&) = delete;
  TagSort& operator=(const TagSort&) = delete;

  // Errors of all: file.unwritable.
  Status add(const Tag& tag);
  Status finish();                    // no add after it
  Result<std::optional<Tag>> next();  // each tag as often as it was added

 private:
  struct Stretch;
  Status spill();
  std::string folder_;
  std::size_t buffered_;
  std::vector<Tag> buffer_;
  std::vector<std::unique_ptr<Stretch>> runs_;
};

}  // namespace lh::hub::ingest
