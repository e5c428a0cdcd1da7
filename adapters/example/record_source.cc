#include "adapters/example/record_source.h"

#include <algorithm>

#include "adapters/file/byte_window.h"
#include "adapters/file/file_cursor.h"

namespace lh::adapters::example {
namespace {

using file::ByteWindow;
using file::Decoder;
using file::FileCursor;

// A record ends by itself, with an empty line, or where the file ends.
constexpr file::CursorRules kRules{file::CursorRules::RowEnd::kOwn, 0, 0};

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

class RecordSource final : public Source {
 public:
  RecordSource(ByteWindow window, Decoder decoder, RecordSettings settings, FileCursor at)
      : window_(std::move(window)),
        decoder_(std::move(decoder)),
        settings_(std::move(settings)),
        at_(at) {
    window_.seek(at_.offset);
  }

  // [quote: source]
  const std::vector<std::string>& columns() const override { return settings_.columns; }

  Result<std::optional<RawRow>> next() override {
    RawRow row;
    bool too_long = false;
    bool inside = false;  // of a line that came in pieces
    for (;;) {
      const std::string_view line = LH_TRY(next_line());
      const bool end = line.empty();  // of the file
      const bool between = end || (!inside && without_line_end(line).empty());
      if (between && row.bytes.empty() && !too_long && !end) {
        window_.consume(line.size());
        continue;  // more than one empty line between two records
      }
      if (between) {
        window_.consume(line.size());
        if (row.bytes.empty()) return std::optional<RawRow>();
        return finish(std::move(row), too_long, end);
      }
      const std::size_t room = settings_.max_row_bytes - row.bytes.size();
      too_long = too_long || line.size() > room;
      row.bytes.append(line.substr(0, room));
      inside = !line.ends_with('\n');
      window_.consume(line.size());
    }
  }

  Cursor cursor() const override {
    auto made = file::make_cursor(window_.file(), at_, kRules);
    LH_CHECK(made.ok(), "a cursor of a file that is open");
    return std::move(made).value();
  }
  std::optional<std::uint64_t> size_bytes() const override { return window_.file().size(); }
  std::uint64_t position_bytes() const override { return window_.position(); }
  // [end]

 private:
  // With its line end; empty at the end of the file. A line is given in pieces where it is longer
  // than a row may be.
  Result<std::string_view> next_line() {
    for (;;) {
      const ByteView seen = window_.view();
      const std::size_t end = seen.find('\n');
      if (end != ByteView::npos) return seen.substr(0, end + 1);
      if (window_.at_end() || seen.size() > settings_.max_row_bytes) return seen;
      LH_TRY(window_.fill());
    }
  }

  // [quote: row]
  // The row is good, or it has a reason and keeps its bytes: it is never left out.
  std::optional<RawRow> finish(RawRow row, bool too_long, bool cut) {
    row.number = ++at_.rows;
    at_.offset = window_.position();
    at_.cut = cut ? 1 : 0;
    row.malformed = too_long ? Error(Reason::kRowTooLong) : read_values(row);
    if (row.malformed) row.values.clear();
    return row;
  }

  std::optional<Error> read_values(RawRow& row) {
    std::string text;
    if (!decoder_.decode(row.bytes, text)) return Error(Reason::kRowEncoding);
    std::vector<bool> seen(settings_.columns.size());
    row.values.resize(settings_.columns.size());
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
      const std::string_view line = without_line_end(rest.substr(0, end));
      rest.remove_prefix(end);
      const std::size_t equals = line.find('=');
      if (equals == std::string_view::npos) return Error(Reason::kRowQuoting);
      const auto column =
          std::find(settings_.columns.begin(), settings_.columns.end(), line.substr(0, equals));
      if (column == settings_.columns.end()) continue;  // nobody asked for it
      const auto at = static_cast<std::size_t>(column - settings_.columns.begin());
      if (seen[at]) return Error(Reason::kRowWidth);  // which of the two would be the value?
      seen[at] = true;
      row.values[at] = std::string(line.substr(equals + 1));
    }
    return std::nullopt;
  }
  // [end]

  ByteWindow window_;
  Decoder decoder_;
  RecordSettings settings_;
  FileCursor at_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_records(const std::string& path, RecordSettings settings,
                                             const Cursor& from) {
  ByteWindow window(LH_TRY(file::FileBytes::open(path)));
  const FileCursor at = LH_TRY(file::parse_cursor(window.file(), from, kRules));
  auto decoder = LH_TRY(Decoder::create(settings.encoding));
  return std::unique_ptr<Source>(std::make_unique<RecordSource>(
      std::move(window), std::move(decoder), std::move(settings), at));
}

}  // namespace lh::adapters::example
