// Tags in ascending order, whatever their number: a bounded buffer, sorted runs in files without a
// name, merged when they are read. Tags are keyed digests: nothing in the files is about anybody.
// The same for tags with a number behind them, and for numbers (big-endian).
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace lh::hub::ingest {

template <std::size_t kBytes>
class BytesSort {
 public:
  using Item = std::array<std::uint8_t, kBytes>;
  // folder: where the runs go; buffered: items in memory at once.
  explicit BytesSort(std::string folder, std::size_t buffered = 1U << 20U);
  ~BytesSort();
  BytesSort(BytesSort&&) noexcept;
  BytesSort& operator=(BytesSort&&) = delete;
  BytesSort(const BytesSort&) = delete;
  BytesSort& operator=(const BytesSort&) = delete;

  // Errors of all: file.unwritable.
  Status add(const Item& item);
  Status finish();                     // no add after it
  Result<std::optional<Item>> next();  // each as often as it was added

 private:
  struct Stretch;
  Status spill();
  std::string folder_;
  std::size_t buffered_;
  std::vector<Item> buffer_;
  std::vector<std::unique_ptr<Stretch>> runs_;
};
using TagSort = BytesSort<16>;
using NumberedTagSort = BytesSort<24>;
using NumberSort = BytesSort<8>;

}  // namespace lh::hub::ingest
