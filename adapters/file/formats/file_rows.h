// What the sources of all formats have in common: a window on the file, columns, and a cursor
// behind the last row given.
#pragma once

#include <algorithm>

#include "adapters/file/byte_window.h"
#include "adapters/file/file_cursor.h"
#include "adapters/file/file_source.h"

namespace lh::adapters::file::formats {

class FileRows : public Source {
 public:
  const std::vector<std::string>& columns() const override { return columns_; }
  Cursor cursor() const override {
    auto made = make_cursor(window_.file(), at_, rules_);
    return made.ok() ? std::move(made).value() : Cursor{};
  }
  std::optional<std::uint64_t> size_bytes() const override { return window_.file().size(); }
  std::uint64_t position_bytes() const override { return window_.position(); }

 protected:
  FileRows(FileBytes file, Decoder decoder, const FileSourceSettings& settings, CursorRules rules)
      : window_(std::move(file)), decoder_(std::move(decoder)), settings_(settings), rules_(rules) {
    for (const ColumnPlace& c : settings.columns) columns_.push_back(c.name);
  }

  // Errors: mapping.column_missing.
  Status check_header() const {
    for (const std::string& name : settings_.header) {
      if (std::find(columns_.begin(), columns_.end(), name) == columns_.end()) {
        return Error(Reason::kMappingColumn, "column " + name);
      }
    }
    return {};
  }

  // A byte-order mark at the start of the file.
  Status skip_byte_order_mark() {
    const std::string_view mark =
        settings_.encoding == Encoding::kUtf8 ? "\xEF\xBB\xBF" : "\x84\x31\x95\x33";
    LH_TRY(window_.want(mark.size()));
    if (window_.view().starts_with(mark)) window_.consume(mark.size());
    return {};
  }

  // Numbers the row and moves the cursor behind what the window has consumed.
  RawRow next_row(Bytes bytes) {
    RawRow row;
    row.bytes = std::move(bytes);
    row.number = ++at_.rows;
    at_.offset = window_.position();
    return row;
  }

  ByteWindow window_;
  Decoder decoder_;
  FileSourceSettings settings_;
  CursorRules rules_;
  std::vector<std::string> columns_;
  FileCursor at_;
};

// A line of the file, without its line end; of a longer one than max_bytes the beginning.
struct Line {
  enum class Size : std::uint8_t { kWhole, kTooLong };
  Size size = Size::kWhole;
  Bytes bytes;
};

// The next line, consumed; nullopt at the end of the file. LF is no part of a character of UTF-8
// or GB 18030, so lines may be cut before they are decoded. Errors: source.unavailable.
Result<std::optional<Line>> take_line(ByteWindow& window, std::size_t max_bytes);

}  // namespace lh::adapters::file::formats
