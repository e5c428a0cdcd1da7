// The kind "file": a source over the file a run names, in the format its mapping names.
#include "adapters/file/file_source.h"
#include "adapters/file/formats/formats.h"

namespace lh::adapters::file {
namespace {

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
    return open_file(path, settings, from);
  }
  Result<KeptRow> reread(const SettingsNode& source, KeptRow kept) const override {
    return reread_row(LH_TRY(read_settings(source)), std::move(kept));
  }
};

}  // namespace

Result<std::unique_ptr<Source>> open_file(const std::string& path,
                                          const FileSourceSettings& settings, const Cursor& from) {
  switch (settings.format) {
    case Format::kCsv:
      break;
    case Format::kFixed:
      return formats::open_fixed(path, settings, from);
    case Format::kDbf:
      return formats::open_dbf(path, settings, from);
    case Format::kXml:
      return formats::open_xml(path, settings, from);
    case Format::kJsonl:
      return formats::open_json_lines(path, settings, from);
    case Format::kJson:
      return formats::open_json_array(path, settings, from);
  }
  return open_csv(path, settings, from);
}

std::unique_ptr<Kind> make_kind() {
  return std::make_unique<FileKind>();
}

}  // namespace lh::adapters::file
