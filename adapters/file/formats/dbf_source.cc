// DBF: records of one length behind the header; the row number is the record number, so deleted
// records are counted and not given.
#include "adapters/file/formats/dbf_header.h"
#include "adapters/file/formats/dbf_memo.h"
#include "adapters/file/formats/file_rows.h"
#include "adapters/file/formats/formats.h"

namespace lh::adapters::file::formats {
namespace {

constexpr char kFileEnd = 0x1A;
constexpr char kKept = ' ';
constexpr char kDeleted = '*';
// Date of the last change and count of records: they change with every record that is added.
constexpr CursorRules kRules = {CursorRules::RowEnd::kOwn, 1, 8};

std::string_view without(std::string_view fill, std::string_view text) {
  const std::size_t from = text.find_first_not_of(fill);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(fill) + 1 - from);
}

// A decimal as dBASE writes it; kept digit by digit, never made a double.
bool is_number(std::string_view text) {
  std::size_t digits = 0;
  std::size_t points = 0;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  for (const char c : text) {
    digits += c >= '0' && c <= '9' ? 1 : 0;
    points += c == '.' ? 1 : 0;
  }
  return digits > 0 && points <= 1 && digits + points == text.size();
}

Status read_number(ByteView field, std::string& out) {
  out = without(" ", field);
  if (out.empty() || is_number(out)) return {};
  return Error(Reason::kRowNumber);  // also "***": the number was too wide for its field
}

Status read_date(ByteView field, std::string& out) {
  out = without(" ", field);
  if (out == "00000000") out.clear();
  const bool digits = out.find_first_not_of("0123456789") == std::string::npos;
  if (out.empty() || (out.size() == 8 && digits)) return {};
  return Error(Reason::kRowDate);
}

Status read_logical(ByteView field, std::string& out) {
  const char c = field.front();
  if (c == 'T' || c == 't' || c == 'Y' || c == 'y') {
    out = "true";
  } else if (c == 'F' || c == 'f' || c == 'N' || c == 'n') {
    out = "false";
  } else if (c == ' ' || c == '?') {
    out.clear();
  } else {
    return Error(Reason::kRowEnum);
  }
  return {};
}

// The number of a memo: ten digits, or four bytes in Visual FoxPro. 0: none.
Result<std::uint64_t> memo_number(ByteView field) {
  std::uint64_t out = 0;
  if (field.size() == 4) {
    for (std::size_t i = 4; i-- > 0;) out = out << 8U | static_cast<unsigned char>(field[i]);
    return out;
  }
  for (const char c : without(ByteView(" \0", 2), field)) {
    if (c < '0' || c > '9') return Error(Reason::kRowCut, "the number of a memo");
    out = out * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return out;
}

// The run stops where the file cannot be read; everything else is the row's own trouble.
bool stops_the_run(const Error& error) {
  return error.reason() == Reason::kSourceUnavailable;
}

class DbfSource final : public FileRows {
 public:
  DbfSource(FileBytes file, Decoder decoder, const FileSourceSettings& settings)
      : FileRows(std::move(file), std::move(decoder), settings, kRules) {}

  Status start(const std::string& path, const Cursor& from) {
    header_ = LH_TRY(read_dbf_header(window_, decoder_));
    if (header_.record_bytes > settings_.max_row_bytes) {
      return Error(Reason::kRowTooLong, "a record of the DBF file");
    }
    for (const DbfField& f : header_.fields) {
      columns_.push_back(f.name);
      if (f.type == 'M' && !memo_) memo_ = LH_TRY(DbfMemoFile::open(path, memo_layout()));
    }
    LH_TRY(check_header());
    at_ = LH_TRY(parse_cursor(window_.file(), from, rules_));
    if (at_.offset == 0) return {};
    if (at_.cut == 0 && at_.offset != header_.header_bytes + at_.rows * header_.record_bytes) {
      return Error(Reason::kCursorInvalid, "not at the beginning of a record");
    }
    window_.seek(at_.offset);
    return {};
  }

  std::vector<std::string> column_types() const override {
    std::vector<std::string> out;
    for (const DbfField& f : header_.fields) {
      out.push_back(std::string(1, f.type) + " " + std::to_string(f.length));
    }
    return out;
  }

  Result<std::optional<RawRow>> next() override {
    for (;;) {
      if (at_.cut != 0) return std::optional<RawRow>();
      LH_TRY(window_.want(header_.record_bytes));
      const ByteView view = window_.view();
      if (view.empty() || view[0] == kFileEnd) return take_end();
      if (view.size() < header_.record_bytes) return std::optional(take_cut());
      if (view[0] == kDeleted) {
        window_.consume(header_.record_bytes);
        ++at_.rows;
        at_.offset = window_.position();
        continue;
      }
      return std::optional(LH_TRY(take_record()));
    }
  }

 private:
  // dBASE III marks its memos in the version; a file that has memo fields without says nothing.
  DbfMemo memo_layout() const {
    return header_.memo == DbfMemo::kNone ? DbfMemo::kDbase3 : header_.memo;
  }

  // The records end. When the header announces more of them, they are missing, and a row says so:
  // a file cut off between two records must not look whole.
  Result<std::optional<RawRow>> take_end() {
    if (at_.rows >= header_.records) return std::optional<RawRow>();
    return std::optional(take_cut());
  }

  RawRow take_cut() {
    const std::uint64_t have = at_.rows;
    Bytes bytes(window_.view().substr(0, header_.record_bytes));
    window_.consume(bytes.size());
    at_.cut = 1;
    RawRow row = next_row(std::move(bytes));
    at_.offset = window_.file().size();
    row.malformed = Error(Reason::kRowCut, std::to_string(header_.records) +
                                               " records are announced, the file holds " +
                                               std::to_string(have));
    return row;
  }

  Result<RawRow> take_record() {
    Bytes bytes(window_.view().substr(0, header_.record_bytes));
    window_.consume(header_.record_bytes);
    RawRow row = next_row(std::move(bytes));
    const Status read = row.number > header_.records
                            ? Status(Error(Reason::kRowWidth, "behind the last record announced"))
                            : read_values(row);
    if (!read.ok()) {
      if (stops_the_run(read.error())) return read.error();
      row.values.clear();
      row.malformed = read.error();
    }
    return row;
  }

  Status read_values(RawRow& row) {
    if (row.bytes[0] != kKept) return Error(Reason::kRowWidth, "the deletion mark is neither");
    const Bytes record = row.bytes;  // memos are added to row.bytes
    row.values.resize(header_.fields.size());
    for (std::size_t i = 0; i < header_.fields.size(); ++i) {
      const DbfField& f = header_.fields[i];
      const ByteView field = ByteView(record).substr(f.offset, f.length);
      const Status read = f.type == 'M' ? read_memo(field, row, row.values[i])
                                        : read_value(f.type, field, row.values[i]);
      if (!read.ok()) {
        if (stops_the_run(read.error())) return read;
        return Error(read.error().reason(), "field " + f.name);
      }
    }
    return {};
  }

  Status read_value(char type, ByteView field, std::string& out) {
    switch (type) {
      case 'D':
        return read_date(field, out);
      case 'L':
        return read_logical(field, out);
      case 'C':
        return read_text(field, out);
      default:
        return read_number(field, out);
    }
  }

  Status read_text(ByteView field, std::string& out) {
    // Some writers fill up with NUL instead of blanks.
    const std::size_t end = field.find_last_not_of(ByteView(" \0", 2));
    if (decoder_.decode(field.substr(0, end + 1), out)) return {};
    return Error(Reason::kRowEncoding);
  }

  // The row keeps the memo behind the record: length (4 bytes, big-endian), then its bytes.
  Status read_memo(ByteView field, RawRow& row, std::string& out) {
    const std::uint64_t number = LH_TRY(memo_number(field));
    const std::size_t left =
        settings_.max_row_bytes - std::min(row.bytes.size(), settings_.max_row_bytes);
    const Bytes memo = LH_TRY(memo_->read(number, left));
    append_be32(row.bytes, static_cast<std::uint32_t>(memo.size()));
    row.bytes += memo;
    if (decoder_.decode(memo, out)) return {};
    return Error(Reason::kRowEncoding);
  }

  DbfHeader header_;
  std::optional<DbfMemoFile> memo_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_dbf(const std::string& path,
                                         const FileSourceSettings& settings, const Cursor& from) {
  FileBytes file = LH_TRY(FileBytes::open(path));
  Decoder decoder = LH_TRY(Decoder::create(settings.encoding));
  auto source = std::make_unique<DbfSource>(std::move(file), std::move(decoder), settings);
  LH_TRY(source->start(path, from));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace lh::adapters::file::formats
