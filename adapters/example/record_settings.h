// The [source] table of the kind "records".
#pragma once

#include <string>
#include <vector>

#include "adapters/file/encoding.h"
#include "adapters/settings.h"
#include "base/limits.h"

namespace lh::adapters::example {

struct RecordSettings {
  std::string path;                  // where the file is when a run names none
  std::vector<std::string> columns;  // the keys a record may have, in the order of its values
  file::Encoding encoding = file::Encoding::kUtf8;
  std::size_t max_row_bytes = limits::kRowBytes;
};

// Errors: mapping.invalid with the line.
Result<RecordSettings> read_settings(const SettingsNode& source);

}  // namespace lh::adapters::example
