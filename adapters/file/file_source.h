// The file kind: CSV in UTF-8 or GB18030 (RFC 4180 quoting, LF or CRLF), decoded by iconv.
// Text that is not valid in its encoding makes the row malformed, never a replacement character.
// Memory: one row and a 256 KiB read buffer, whatever the size of the file.
#pragma once

#include <memory>
#include <string>

#include "adapters/adapter.h"
#include "adapters/file/encoding.h"
#include "adapters/kind.h"
#include "base/limits.h"

namespace lh::adapters::file {

struct FileSourceSettings {
  Encoding encoding = Encoding::kUtf8;
  char delimiter = ',';
  std::vector<std::string> header;  // expected names; a missing one is mapping.column_missing
  std::size_t max_row_bytes = limits::kRowBytes;
  std::string path;  // where the file is when a run names none
};

// The [source] table of a mapping. Errors: mapping.invalid with the line (a delimiter that GB18030
// uses inside characters, …).
Result<FileSourceSettings> read_settings(const SettingsNode& source);

std::unique_ptr<Kind> make_kind();

// Errors: file.unreadable, mapping.column_missing, row.encoding, row.quoting, row.too_long (of the
// header line), cursor.invalid (another file, or one that shrank or was rewritten before the
// cursor; a file that only grew is resumed). A regular file only. See docs/formats/mapping.md for
// what becomes of a broken row.
Result<std::unique_ptr<Source>> open_csv(const std::string& path,
                                         const FileSourceSettings& settings, const Cursor& from);

}  // namespace lh::adapters::file
