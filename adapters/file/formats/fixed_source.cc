// Fixed width: each column stands at its place of a line, or of a record without a line end.
#include "adapters/file/formats/file_rows.h"
#include "adapters/file/formats/formats.h"

namespace lh::adapters::file::formats {
namespace {

// Blanks fill a column up; they are no part of the value.
std::string without_fill(std::string_view text) {
  return std::string(text.substr(0, text.find_last_not_of(' ') + 1));
}

// Byte positions of every character of UTF-8 text, and its end.
void character_starts(std::string_view text, std::vector<std::size_t>& out) {
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) out.push_back(i);
  }
  out.push_back(text.size());
}

// True for each byte position of GB 18030 text where a character begins, and for its end.
void mark_characters(ByteView bytes, std::vector<bool>& out) {
  out.assign(bytes.size() + 1, false);
  std::size_t at = 0;
  for (; at < bytes.size(); at += gb18030_length(bytes.substr(at))) out[at] = true;
  out[bytes.size()] = true;
}

class FixedSource final : public FileRows {
 public:
  FixedSource(FileBytes file, Decoder decoder, const FileSourceSettings& settings)
      : FileRows(std::move(file), std::move(decoder), settings,
                 {settings.record_length == 0 ? CursorRules::RowEnd::kLineEnd
                                              : CursorRules::RowEnd::kOwn,
                  0, 0}) {}

  Status start(const Cursor& from) {
    LH_TRY(check_header());
    at_ = LH_TRY(parse_cursor(window_.file(), from, rules_));
    if (settings_.record_length != 0) {
      if (at_.cut == 0 && at_.offset % settings_.record_length != 0) {
        return Error(Reason::kCursorInvalid, "not at the beginning of a record");
      }
      window_.seek(at_.offset);
      return {};
    }
    if (at_.offset == 0) return skip_beginning();
    window_.seek(at_.offset);
    return {};
  }

  Result<std::optional<RawRow>> next() override {
    return settings_.record_length == 0 ? next_line() : next_record();
  }

 private:
  Status skip_beginning() {
    LH_TRY(skip_byte_order_mark());
    for (std::size_t i = 0; i < settings_.skip_lines; ++i) {
      LH_TRY(take_line(window_, settings_.max_row_bytes));
    }
    return {};
  }

  Result<std::optional<RawRow>> next_line() {
    for (;;) {
      auto line = LH_TRY(take_line(window_, settings_.max_row_bytes));
      if (!line) return std::optional<RawRow>();
      if (line->bytes.empty()) continue;  // a blank line is not a row
      RawRow row = next_row(std::move(line->bytes));
      if (line->size == Line::Size::kTooLong) {
        row.malformed = Error(Reason::kRowTooLong);
      } else if (settings_.unit == Unit::kCharacters) {
        split_characters(row);
      } else {
        split_line_bytes(row);
      }
      return std::optional(std::move(row));
    }
  }

  Result<std::optional<RawRow>> next_record() {
    LH_TRY(window_.want(settings_.record_length));
    const std::size_t have = std::min(window_.view().size(), settings_.record_length);
    if (have == 0) return std::optional<RawRow>();
    Bytes bytes(window_.view().substr(0, have));
    window_.consume(have);
    at_.cut = have < settings_.record_length ? 1 : 0;
    RawRow row = next_row(std::move(bytes));
    if (at_.cut != 0) {
      row.malformed = Error(Reason::kRowCut, std::to_string(have) + " bytes of a record");
    } else {
      split_bytes(row, row.bytes);
    }
    return std::optional(std::move(row));
  }

  // True when a line of `length` can be read; else the row says why not.
  bool fits(RawRow& row, std::size_t length) const {
    const bool padded = settings_.short_lines == ShortLines::kPad && length < settings_.line_length;
    if (length == settings_.line_length || padded) return true;
    row.malformed = Error(Reason::kRowWidth, std::to_string(length) + " long instead of " +
                                                 std::to_string(settings_.line_length));
    return false;
  }

  void split_line_bytes(RawRow& row) {
    if (!fits(row, row.bytes.size())) return;
    Bytes padded;
    ByteView bytes = row.bytes;
    if (bytes.size() < settings_.line_length) {
      padded = row.bytes;
      padded.resize(settings_.line_length, ' ');
      bytes = padded;
    }
    split_bytes(row, bytes);
  }

  // A column begins and ends between characters. GB 18030 cut inside one may still look like text.
  bool cuts_character(ByteView bytes, const ColumnPlace& c) const {
    if (settings_.encoding != Encoding::kGb18030) return false;  // UTF-8 shows it by itself
    return bytes.size() + 1 != between_.size() || !between_[c.start] ||
           !between_[c.start + c.length];
  }

  void split_bytes(RawRow& row, ByteView bytes) {
    // What no column covers is checked too: a row is text as a whole or not at all.
    if (!decoder_.decode(bytes, text_)) {
      row.malformed = Error(Reason::kRowEncoding);
      return;
    }
    if (settings_.encoding == Encoding::kGb18030) mark_characters(bytes, between_);
    row.values.reserve(settings_.columns.size());
    for (const ColumnPlace& c : settings_.columns) {
      if (cuts_character(bytes, c) || !decoder_.decode(bytes.substr(c.start, c.length), text_)) {
        row.malformed = Error(Reason::kRowEncoding, "column " + c.name);
        row.values.clear();
        return;
      }
      row.values.push_back(without_fill(text_));
    }
  }

  void split_characters(RawRow& row) {
    if (!decoder_.decode(row.bytes, text_)) {
      row.malformed = Error(Reason::kRowEncoding);
      return;
    }
    character_starts(text_, starts_);
    const std::size_t length = starts_.size() - 1;
    if (!fits(row, length)) return;
    row.values.reserve(settings_.columns.size());
    for (const ColumnPlace& c : settings_.columns) {
      const std::size_t from = starts_[std::min(c.start, length)];
      const std::size_t to = starts_[std::min(c.start + c.length, length)];
      row.values.push_back(without_fill(std::string_view(text_).substr(from, to - from)));
    }
  }

  std::string text_;
  std::vector<std::size_t> starts_;
  std::vector<bool> between_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_fixed(const std::string& path,
                                           const FileSourceSettings& settings, const Cursor& from) {
  FileBytes file = LH_TRY(FileBytes::open(path));
  Decoder decoder = LH_TRY(Decoder::create(settings.encoding));
  auto source = std::make_unique<FixedSource>(std::move(file), std::move(decoder), settings);
  LH_TRY(source->start(from));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace lh::adapters::file::formats
