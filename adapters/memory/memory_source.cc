#include "adapters/memory/memory_source.h"

#include "base/cbor.h"

namespace lh::adapters::memory {
namespace {

class MemorySource final : public Source {
 public:
  MemorySource(std::vector<std::string> columns, std::vector<std::vector<std::string>> rows,
               std::size_t from)
      : columns_(std::move(columns)), rows_(std::move(rows)), given_(from) {}

  const std::vector<std::string>& columns() const override { return columns_; }

  Result<std::optional<RawRow>> next() override {
    if (given_ == rows_.size()) return std::optional<RawRow>();
    RawRow row;
    row.values = rows_[given_];
    row.number = ++given_;
    for (const std::string& value : row.values) {
      if (!row.bytes.empty()) row.bytes.push_back('\x1F');
      row.bytes += value;
    }
    bool readable = true;
    for (const std::string& value : row.values) readable = readable && is_utf8(value);
    if (!readable) row.malformed = Error(Reason::kRowEncoding);
    if (readable && row.values.size() != columns_.size()) row.malformed = Error(Reason::kRowWidth);
    if (row.malformed) row.values.clear();
    return std::optional(std::move(row));
  }

  Cursor cursor() const override {
    CborWriter out;
    out.uint(given_);
    return Cursor{out.take()};
  }
  std::optional<std::uint64_t> size_bytes() const override { return std::nullopt; }
  std::uint64_t position_bytes() const override { return given_; }

 private:
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::size_t given_;
};

}  // namespace

std::unique_ptr<Source> make_source(std::vector<std::string> columns,
                                    std::vector<std::vector<std::string>> rows) {
  return std::make_unique<MemorySource>(std::move(columns), std::move(rows), 0);
}

Result<std::unique_ptr<Source>> open_source(std::vector<std::string> columns,
                                            std::vector<std::vector<std::string>> rows,
                                            const Cursor& from) {
  std::size_t given = 0;
  if (!from.value.empty()) {
    CborReader in(from.value);
    const auto position = in.read_uint();
    if (!position.ok() || !in.finish().ok() || *position > rows.size()) {
      return Error(Reason::kCursorInvalid, "not a cursor of these rows");
    }
    given = *position;
  }
  return std::unique_ptr<Source>(
      std::make_unique<MemorySource>(std::move(columns), std::move(rows), given));
}

}  // namespace lh::adapters::memory
