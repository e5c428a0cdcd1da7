#include "adapters/example/record_settings.h"

#include <set>

namespace lh::adapters::example {

// [quote: settings]
Result<RecordSettings> read_settings(const SettingsNode& source) {
  auto in = LH_TRY(SettingsReader::open(source, "source"));
  in.find("kind");
  in.find("header_guard");  // read with the mapping
  LH_TRY(in.texts("header"));
  RecordSettings out;
  out.path = LH_TRY(in.text("path"));
  out.columns = LH_TRY(in.texts("columns"));
  const std::string encoding = LH_TRY(in.choice("encoding", {"utf-8", "gb18030"}));
  out.encoding = encoding == "utf-8" ? file::Encoding::kUtf8 : file::Encoding::kGb18030;
  out.max_row_bytes =
      LH_TRY(in.number("max_row_bytes", 1024, limits::kRowBytes, limits::kRowBytes));
  if (out.columns.empty()) return in.invalid("columns are missing: the keys of a record");
  const std::set<std::string> different(out.columns.begin(), out.columns.end());
  if (different.size() != out.columns.size()) return in.invalid("columns: one stands there twice");
  LH_TRY(in.finish());
  return out;
}
// [end]

}  // namespace lh::adapters::example
