#include "adapters/file/row_scanner.h"

#include <cstring>

namespace lh::adapters::file {
namespace {

constexpr std::size_t kNowhere = ByteView::npos;

// What stands at a place where a value must have ended.
enum class After : std::uint8_t { kDelimiter, kRowEnd, kOther, kUnknown };

class QuotedRow {
 public:
  QuotedRow(ByteView window, char delimiter, AtEnd at_end)
      : window_(window), delimiter_(delimiter), at_end_(at_end) {}

  enum class Verdict : std::uint8_t { kEnded, kBroken, kUnknown };

  // Walks value by value until the row ends; then row_bytes() and consumed() are set.
  Verdict walk() {
    for (;;) {
      const bool quoted = pos_ < window_.size() && window_[pos_] == '"';
      const Verdict value = quoted ? skip_quoted() : skip_plain();
      if (value != Verdict::kEnded) return value;
      switch (after_value()) {
        case After::kDelimiter:
          ++pos_;
          break;
        case After::kRowEnd:
          return Verdict::kEnded;
        case After::kOther:
          return Verdict::kBroken;
        case After::kUnknown:
          return Verdict::kUnknown;
      }
    }
  }
  std::size_t row_bytes() const { return pos_; }
  std::size_t consumed() const { return consumed_; }

 private:
  bool at_eof() const { return at_end_ == AtEnd::kEndOfFile; }

  Verdict skip_quoted() {
    ++pos_;
    for (;;) {
      const std::size_t quote = window_.find('"', pos_);
      if (quote == kNowhere) return at_eof() ? Verdict::kBroken : Verdict::kUnknown;
      if (quote + 1 == window_.size() && !at_eof()) return Verdict::kUnknown;
      pos_ = quote + 1;
      if (pos_ == window_.size() || window_[pos_] != '"') return Verdict::kEnded;
      ++pos_;
    }
  }

  Verdict skip_plain() {
    while (pos_ < window_.size()) {
      const char c = window_[pos_];
      if (c == delimiter_ || c == '\n' || c == '\r') return Verdict::kEnded;
      if (c == '"') return Verdict::kBroken;
      ++pos_;
    }
    return at_eof() ? Verdict::kEnded : Verdict::kUnknown;
  }

  After after_value() {
    const auto row_end = [this](std::size_t line_end_bytes) {
      consumed_ = pos_ + line_end_bytes;
      return After::kRowEnd;
    };
    if (pos_ == window_.size()) return at_eof() ? row_end(0) : After::kUnknown;
    if (window_[pos_] == delimiter_) return After::kDelimiter;
    if (window_[pos_] == '\n') return row_end(1);
    if (window_[pos_] != '\r') return After::kOther;
    if (pos_ + 1 == window_.size()) return at_eof() ? row_end(1) : After::kUnknown;
    return window_[pos_ + 1] == '\n' ? row_end(2) : After::kOther;
  }

  ByteView window_;
  char delimiter_;
  AtEnd at_end_;
  std::size_t pos_ = 0;
  std::size_t consumed_ = 0;
};

// The first line of the window, without its line end.
struct Line {
  std::size_t bytes = 0;
  std::size_t consumed = 0;
};

Line first_line(ByteView window, std::size_t lf) {
  Line line;
  line.bytes = lf == kNowhere ? window.size() : lf;
  line.consumed = lf == kNowhere ? window.size() : lf + 1;
  if (line.bytes > 0 && window[line.bytes - 1] == '\r') --line.bytes;
  return line;
}

}  // namespace

RowScan scan_row(ByteView window, char delimiter, std::size_t max_bytes, AtEnd at_end) {
  const bool eof = at_end == AtEnd::kEndOfFile;
  const std::size_t lf = window.find('\n');
  const Line line = first_line(window, lf);
  const bool whole_line = lf != kNowhere || eof;
  if (line.bytes > max_bytes && (whole_line || window.size() > max_bytes + 2)) {
    return {RowScan::Kind::kTooLong, max_bytes, max_bytes};
  }
  if (!whole_line) return {};
  const ByteView text = window.substr(0, line.bytes);
  if (text.find('"') == kNowhere) {
    // A lone CR would end the row for other readers; what they would make of it is not known.
    const bool lone_cr = text.find('\r') != kNowhere;
    return {lone_cr ? RowScan::Kind::kQuoting : RowScan::Kind::kRow, line.bytes, line.consumed};
  }
  QuotedRow row(window, delimiter, at_end);
  const auto verdict = row.walk();
  if (verdict == QuotedRow::Verdict::kEnded && row.row_bytes() <= max_bytes) {
    return {RowScan::Kind::kRow, row.row_bytes(), row.consumed()};
  }
  if (verdict == QuotedRow::Verdict::kUnknown && window.size() <= max_bytes + 2) return {};
  return {RowScan::Kind::kQuoting, line.bytes, line.consumed};
}

void split_row(std::string_view row, char delimiter, std::vector<std::string>& values) {
  values.clear();
  std::size_t at = 0;
  for (;;) {
    std::string value;
    if (at < row.size() && row[at] == '"') {
      ++at;
      for (;;) {
        const std::size_t quote = row.find('"', at);
        if (quote == kNowhere) return;  // not a row of scan_row
        value.append(row, at, quote - at);
        at = quote + 1;
        if (at == row.size() || row[at] != '"') break;
        value.push_back('"');
        ++at;
      }
    } else {
      const std::size_t end = std::min(row.find(delimiter, at), row.size());
      value.assign(row, at, end - at);
      at = end;
    }
    values.push_back(std::move(value));
    if (at >= row.size()) return;
    ++at;  // the delimiter
  }
}

}  // namespace lh::adapters::file
