// Rows from the bytes that quarantine kept: each format is read by its own source, over a document
// that holds nothing but the row.
#include <sys/mman.h>
#include <unistd.h>

#include "adapters/file/file_source.h"
#include "adapters/file/row_scanner.h"

namespace lh::adapters::file {
namespace {

// A file without a name.
class Scrap {
 public:
  static Result<Scrap> of(const Bytes& bytes) {
    Scrap out;
    out.file_ = ::memfd_create("row", MFD_CLOEXEC);
    if (out.file_ < 0) return Error(Reason::kFileUnwritable, "a file in memory");
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t n = ::write(out.file_, bytes.data() + done, bytes.size() - done);
      if (n <= 0) return Error(Reason::kFileUnwritable, "a file in memory");
      done += static_cast<std::size_t>(n);
    }
    return out;
  }
  Scrap(Scrap&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  Scrap& operator=(Scrap&&) = delete;
  ~Scrap() {
    if (file_ >= 0) ::close(file_);
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  Scrap() = default;
  int file_ = -1;
};

Status read_csv(const FileSourceSettings& settings, KeptRow& kept) {
  RawRow& row = kept.row;
  auto decoder = LH_TRY(Decoder::create(settings.encoding));
  std::string text;
  const RowScan scan = row.bytes.empty() ? RowScan{}
                                         : scan_row(row.bytes, settings.delimiter,
                                                    settings.max_row_bytes, AtEnd::kEndOfFile);
  if (scan.kind == RowScan::Kind::kTooLong) {
    row.malformed = Error(Reason::kRowTooLong);
  } else if (scan.kind != RowScan::Kind::kRow || scan.consumed < row.bytes.size()) {
    row.malformed = Error(Reason::kRowQuoting);
  } else if (!decoder.decode(ByteView(row.bytes).substr(0, scan.row_bytes), text)) {
    row.malformed = Error(Reason::kRowEncoding);
  } else {
    split_row(text, settings.delimiter, row.values);
    if (row.values.size() != kept.columns.size()) row.malformed = Error(Reason::kRowWidth);
  }
  if (row.malformed) row.values.clear();
  return {};
}

Result<Bytes> in_encoding(const std::string& text, Encoding encoding) {
  return encoding == Encoding::kUtf8 ? Result<Bytes>(Bytes(text)) : encode_gb18030(text);
}

// The elements around a row, from its path "/data/row".
Result<Bytes> xml_document(const FileSourceSettings& settings, const Bytes& row) {
  std::string head = settings.encoding == Encoding::kUtf8
                         ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                         : "<?xml version=\"1.0\" encoding=\"GB18030\"?>";
  std::string tail;
  std::string_view path = settings.rows;
  for (auto next = path.find('/', 1); next != std::string_view::npos; next = path.find('/', 1)) {
    const std::string name(path.substr(1, next - 1));
    head += "<" + name + ">";
    tail = "</" + name + ">" + tail;
    path.remove_prefix(next);
  }
  return LH_TRY(in_encoding(head, settings.encoding)) + row +
         LH_TRY(in_encoding(tail, settings.encoding));
}

Result<Bytes> document_of(FileSourceSettings& settings, const Bytes& row) {
  switch (settings.format) {
    case Format::kFixed:
      settings.skip_lines = 0;
      return settings.record_length == 0 ? row + '\n' : row;
    case Format::kJsonl:
    case Format::kJson:
      settings.format = Format::kJson;
      settings.rows.clear();
      return Bytes("[") + row + ']';
    case Format::kXml:
      return xml_document(settings, row);
    case Format::kCsv:
    case Format::kDbf:
      break;
  }
  return Error(Reason::kAdapterUnsupported, "a record of DBF without its header");
}

}  // namespace

Result<KeptRow> reread_row(FileSourceSettings settings, KeptRow kept) {
  kept.row.values.clear();
  kept.row.malformed.reset();
  if (settings.format == Format::kCsv) {
    LH_TRY(read_csv(settings, kept));
    return kept;
  }
  const Scrap scrap = LH_TRY(Scrap::of(LH_TRY(document_of(settings, kept.row.bytes))));
  const auto source = LH_TRY(open_file(scrap.path(), settings, {}));
  kept.columns = source->columns();
  kept.types = source->column_types();
  auto row = LH_TRY(source->next());
  if (!row || LH_TRY(source->next())) {
    kept.row.malformed = Error(Reason::kRowWidth, "the bytes are not one row");
    return kept;
  }
  kept.row.values = std::move(row->values);
  kept.row.malformed = std::move(row->malformed);
  return kept;
}

}  // namespace lh::adapters::file
