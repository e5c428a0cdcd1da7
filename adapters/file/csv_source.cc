// The CSV source: a read buffer in front of the row scanner, the decoder and the cursor.
#include <algorithm>

#include "adapters/convert/text.h"
#include "adapters/file/byte_window.h"
#include "adapters/file/encoding.h"
#include "adapters/file/file_cursor.h"
#include "adapters/file/file_source.h"
#include "adapters/file/row_scanner.h"

namespace lh::adapters::file {
namespace {

constexpr std::size_t kHeaderBytes = 256U << 10U;

class CsvSource final : public Source {
 public:
  CsvSource(FileBytes file, Decoder decoder, const FileSourceSettings& settings)
      : window_(std::move(file)), decoder_(std::move(decoder)), settings_(settings) {}

  // Reads the header, then goes to the cursor.
  Status start(const Cursor& from) {
    const FileCursor at = LH_TRY(parse_cursor(window_.file(), from));
    LH_TRY(read_header());
    if (at.offset > window_.position()) window_.seek(at.offset);
    rows_ = at.rows;
    return {};
  }

  const std::vector<std::string>& columns() const override { return columns_; }

  Result<std::optional<RawRow>> next() override {
    for (;;) {
      if (window_.empty() && LH_TRY(window_.fill()) == 0) return std::optional<RawRow>();
      const RowScan scan =
          scan_row(window_.view(), settings_.delimiter, settings_.max_row_bytes, at_end());
      if (scan.kind == RowScan::Kind::kMore) {
        LH_TRY(window_.fill());
        continue;
      }
      // A blank line is not a row, except where one empty value is all a row has.
      if (scan.row_bytes == 0 && columns_.size() > 1 && scan.kind == RowScan::Kind::kRow) {
        window_.consume(scan.consumed);
        continue;
      }
      return std::optional(LH_TRY(take_row(scan)));
    }
  }

  Cursor cursor() const override {
    auto made = make_cursor(window_.file(), {window_.position(), rows_});
    return made.ok() ? std::move(made).value() : Cursor{};
  }
  std::optional<std::uint64_t> size_bytes() const override { return window_.file().size(); }
  std::uint64_t position_bytes() const override { return window_.position(); }

 private:
  AtEnd at_end() const { return window_.at_end() ? AtEnd::kEndOfFile : AtEnd::kMoreToCome; }

  Result<RawRow> take_row(const RowScan& scan) {
    RawRow row;
    row.bytes = Bytes(window_.view().substr(0, scan.row_bytes));
    row.number = ++rows_;
    window_.consume(scan.consumed);
    if (scan.kind == RowScan::Kind::kTooLong) {
      LH_TRY(skip_line());
      row.malformed = Error(Reason::kRowTooLong);
    } else if (scan.kind == RowScan::Kind::kQuoting) {
      row.malformed = Error(Reason::kRowQuoting);
    } else if (!decoder_.decode(row.bytes, text_)) {
      row.malformed = Error(Reason::kRowEncoding);
    } else {
      row.values.reserve(columns_.size());
      split_row(text_, settings_.delimiter, row.values);
      if (row.values.size() != columns_.size()) {
        row.malformed =
            Error(Reason::kRowWidth, std::to_string(row.values.size()) + " columns instead of " +
                                         std::to_string(columns_.size()));
        row.values.clear();
      }
    }
    return row;
  }

  // Past the rest of a line that is too long to be kept.
  Status skip_line() {
    for (;;) {
      const std::size_t lf = window_.view().find('\n');
      if (lf != ByteView::npos) {
        window_.consume(lf + 1);
        return {};
      }
      window_.consume(window_.view().size());
      if (LH_TRY(window_.fill()) == 0) return {};
    }
  }

  Status read_header() {
    // Long enough for any header; the scanner asks for more only where the file has more.
    LH_TRY(window_.want(kHeaderBytes));
    skip_byte_order_mark();
    for (;;) {
      if (window_.empty() && LH_TRY(window_.fill()) == 0) {
        return Error(Reason::kMappingColumn, "the file has no header line");
      }
      const RowScan scan =
          scan_row(window_.view(), settings_.delimiter, settings_.max_row_bytes, at_end());
      if (scan.kind != RowScan::Kind::kMore) return take_header(scan);
      LH_TRY(window_.fill());
    }
  }

  Status take_header(const RowScan& scan) {
    if (scan.kind == RowScan::Kind::kTooLong) return Error(Reason::kRowTooLong, "header line");
    if (scan.kind == RowScan::Kind::kQuoting) return Error(Reason::kRowQuoting, "header line");
    if (!decoder_.decode(window_.view().substr(0, scan.row_bytes), text_)) {
      return Error(Reason::kRowEncoding, "header line");
    }
    split_row(text_, settings_.delimiter, columns_);
    if (columns_.size() > limits::kRowColumns) return Error(Reason::kRowWidth, "header line");
    for (std::string& name : columns_) name = std::string(convert::trimmed(name));
    window_.consume(scan.consumed);
    for (const std::string& name : settings_.header) {
      if (std::find(columns_.begin(), columns_.end(), name) == columns_.end()) {
        return Error(Reason::kMappingColumn, "column " + name);
      }
    }
    return {};
  }

  void skip_byte_order_mark() {
    const std::string_view mark =
        settings_.encoding == Encoding::kUtf8 ? "\xEF\xBB\xBF" : "\x84\x31\x95\x33";
    if (window_.view().starts_with(mark)) window_.consume(mark.size());
  }

  ByteWindow window_;
  Decoder decoder_;
  FileSourceSettings settings_;
  std::vector<std::string> columns_;
  std::uint64_t rows_ = 0;
  std::string text_;  // the decoded row, kept for its storage
};

}  // namespace

Result<std::unique_ptr<Source>> open_csv(const std::string& path,
                                         const FileSourceSettings& settings, const Cursor& from) {
  FileBytes file = LH_TRY(FileBytes::open(path));
  Decoder decoder = LH_TRY(Decoder::create(settings.encoding));
  auto source = std::make_unique<CsvSource>(std::move(file), std::move(decoder), settings);
  LH_TRY(source->start(from));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace lh::adapters::file
