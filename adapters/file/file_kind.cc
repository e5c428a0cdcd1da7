// The kind "file": its [source] table, and a source over the file a run names.
#include "adapters/file/file_source.h"

namespace lh::adapters::file {
namespace {

// GB 18030, section 5: bytes 0x30..0x39 and 0x40..0x7E also stand inside characters of two and four
// bytes, so a row could be cut in the middle of a character.
Status check_delimiter(const SettingsReader& in, const FileSourceSettings& file) {
  const auto d = static_cast<unsigned char>(file.delimiter);
  if (d == '"' || d == '\n' || d == '\r' || d == 0 || d >= 0x80) {
    return in.invalid("delimiter: an ASCII character other than quote and line end");
  }
  if (file.encoding == Encoding::kGb18030 && d >= 0x30) {
    return in.invalid("delimiter: with gb18030 only characters below 0x30, as comma and tab");
  }
  return {};
}

class FileKind final : public Kind {
 public:
  std::string_view name() const override { return "file"; }
  Status check(const SettingsNode& source) const override {
    LH_TRY(read_settings(source));
    return {};
  }
  Result<std::unique_ptr<Source>> pull(const SettingsNode& source, const Input& input,
                                       const Cursor& from) const override {
    const FileSourceSettings settings = LH_TRY(read_settings(source));
    const std::string& path = input.path.empty() ? settings.path : input.path;
    if (path.empty()) return Error(Reason::kUsage, "the source is a file: name it with --input");
    return open_csv(path, settings, from);
  }
};

}  // namespace

Result<FileSourceSettings> read_settings(const SettingsNode& source) {
  auto in = LH_TRY(SettingsReader::open(source, "source"));
  in.find("kind");
  in.find("header_guard");  // read with the mapping
  FileSourceSettings out;
  const std::string encoding = LH_TRY(in.text("encoding"));
  if (encoding.empty()) return in.invalid("encoding is missing");
  if (encoding != "utf-8" && encoding != "gb18030") {
    return in.invalid("encoding is utf-8 or gb18030");
  }
  out.encoding = encoding == "gb18030" ? Encoding::kGb18030 : Encoding::kUtf8;
  const std::string delimiter = LH_TRY(in.text("delimiter"));
  if (delimiter.size() > 1) return in.invalid("delimiter is one ASCII character");
  if (!delimiter.empty()) out.delimiter = delimiter[0];
  out.header = LH_TRY(in.texts("header"));
  out.max_row_bytes =
      LH_TRY(in.number("max_row_bytes", 1024, limits::kRowBytes, limits::kRowBytes));
  out.path = LH_TRY(in.text("path"));
  LH_TRY(check_delimiter(in, out));
  LH_TRY(in.finish());
  return out;
}

std::unique_ptr<Kind> make_kind() {
  return std::make_unique<FileKind>();
}

}  // namespace lh::adapters::file
