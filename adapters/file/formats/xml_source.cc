// XML: the rows of the file, each read by the strict reader inside the elements around it.
#include "adapters/file/formats/file_rows.h"
#include "adapters/file/formats/formats.h"
#include "adapters/file/formats/xml_frames.h"
#include "schemas/xml/xml_rows.h"

namespace lh::adapters::file::formats {
namespace {

// The parser keeps every name it has seen; a new one forgets them.
constexpr std::size_t kRowsOfOneReader = 1U << 16U;

Result<std::vector<Bytes>> path_in_bytes(const FileSourceSettings& settings) {
  std::vector<Bytes> out;
  std::string_view left = settings.rows;
  while (!left.empty()) {
    left.remove_prefix(1);
    const std::string_view name = left.substr(0, left.find('/'));
    left.remove_prefix(name.size());
    out.push_back(settings.encoding == Encoding::kUtf8 ? Bytes(name)
                                                       : LH_TRY(encode_gb18030(name)));
  }
  return out;
}

Error row_error(const Error& error) {
  if (error.reason() == Reason::kInputEncoding) return Error(Reason::kRowEncoding);
  return error;
}

class XmlSource final : public FileRows {
 public:
  XmlSource(FileBytes file, Decoder decoder, const FileSourceSettings& settings,
            std::vector<Bytes> path)
      : FileRows(std::move(file), std::move(decoder), settings, {CursorRules::RowEnd::kOwn, 0, 0}),
        frames_(window_, settings.encoding, std::move(path), settings.max_row_bytes) {
    for (const ColumnPlace& c : settings.columns) paths_.push_back(c.path);
  }

  // What stands around a row is known only from the beginning, so the rows before the cursor are
  // passed over, not read.
  Status start(const Cursor& from) {
    LH_TRY(check_header());
    LH_TRY(new_reader());  // the paths
    const FileCursor to = LH_TRY(parse_cursor(window_.file(), from, rules_));
    LH_TRY(skip_byte_order_mark());
    LH_TRY(frames_.start());
    for (std::uint64_t i = 0; i < to.rows; ++i) LH_TRY(frames_.next());
    if (to.rows > 0 && window_.position() != to.offset) {
      return Error(Reason::kCursorInvalid, "not behind the last row given");
    }
    at_ = to;
    return {};
  }

  Result<std::optional<RawRow>> next() override {
    if (at_.cut != 0) return std::optional<RawRow>();
    auto frame = LH_TRY(frames_.next());
    if (!frame) return std::optional<RawRow>();
    RawRow row = next_row(std::move(frame->bytes));
    switch (frame->kind) {
      case XmlFrame::Kind::kRow:
        if (const Status read = read_row(row); !read.ok()) {
          row.values.clear();
          row.malformed = read.error();
        }
        break;
      case XmlFrame::Kind::kTooLong:
        row.malformed = Error(Reason::kRowTooLong);
        break;
      case XmlFrame::Kind::kCut:
        row.malformed = Error(Reason::kRowCut, "the file ends before the root element does");
        break;
      case XmlFrame::Kind::kStray:
        row.malformed = Error(Reason::kInputMalformed, "XML: what stands here cannot");
        break;
    }
    if (frame->kind == XmlFrame::Kind::kCut || frame->kind == XmlFrame::Kind::kStray) at_.cut = 1;
    return std::optional(std::move(row));
  }

 private:
  Status new_reader() {
    reader_.reset();
    reader_.emplace(
        LH_TRY(schemas::XmlRows::create(settings_.rows, paths_, 2 * settings_.max_row_bytes)));
    rows_of_reader_ = 0;
    return {};
  }

  // A reader that stands where the row begins.
  Status reader_inside() {
    const bool same = reader_ && around_ == frames_.around_version() && rows_of_reader_ > 0;
    if (same && rows_of_reader_ < kRowsOfOneReader) return {};
    LH_TRY(new_reader());
    if (!decoder_.decode(frames_.around(), text_)) return Error(Reason::kRowEncoding);
    if (const Status fed = reader_->feed(text_); !fed.ok()) return row_error(fed.error());
    around_ = frames_.around_version();
    return {};
  }

  Status read_row(RawRow& row) {
    if (settings_.rows.find('/', 1) == std::string::npos) LH_TRY(new_reader());  // row = root
    LH_TRY(reader_inside());
    if (!decoder_.decode(row.bytes, text_)) return Error(Reason::kRowEncoding);
    ++rows_of_reader_;
    const Status fed = reader_->feed(text_);
    if (!fed.ok()) {
      rows_of_reader_ = 0;  // it takes nothing more
      return row_error(fed.error());
    }
    auto read = reader_->take();
    if (!read || reader_->take()) {
      rows_of_reader_ = 0;
      return Error(Reason::kInputMalformed, "XML: not one whole row");
    }
    if (read->malformed) return *read->malformed;
    row.values = std::move(read->values);
    return {};
  }

  XmlFrames frames_;
  std::vector<std::string> paths_;
  std::optional<schemas::XmlRows> reader_;
  std::uint64_t around_ = 0;
  std::size_t rows_of_reader_ = 0;  // 0: it does not stand inside around_
  std::string text_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_xml(const std::string& path,
                                         const FileSourceSettings& settings, const Cursor& from) {
  FileBytes file = LH_TRY(FileBytes::open(path));
  Decoder decoder = LH_TRY(Decoder::create(settings.encoding));
  auto names = LH_TRY(path_in_bytes(settings));
  auto source =
      std::make_unique<XmlSource>(std::move(file), std::move(decoder), settings, std::move(names));
  LH_TRY(source->start(from));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace lh::adapters::file::formats
