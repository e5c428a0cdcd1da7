// The file kind: CSV (RFC 4180 quoting, LF or CRLF), fixed width, DBF, XML, JSON lines and JSON, in
// UTF-8 or GB18030, decoded by iconv. Text that is not valid in its encoding makes the row
// malformed, never a replacement character.
// Memory: one row and a 256 KiB read buffer, whatever the size of the file.
#pragma once

#include <memory>
#include <string>

#include "adapters/adapter.h"
#include "adapters/file/encoding.h"
#include "adapters/kind.h"
#include "base/limits.h"

namespace lh::adapters::file {

enum class Format : std::uint8_t { kCsv, kFixed, kDbf, kXml, kJsonl, kJson };
enum class Unit : std::uint8_t { kBytes, kCharacters };
enum class ShortLines : std::uint8_t { kRefuse, kPad };

// A column of a format that has no header line, as the mapping names it.
struct ColumnPlace {
  std::string name;
  std::size_t start = 0;   // fixed: from 0
  std::size_t length = 0;  // fixed
  std::string path;        // xml, json, jsonl
};

struct FileSourceSettings {
  Encoding encoding = Encoding::kUtf8;
  char delimiter = ',';
  std::vector<std::string> header;  // expected names; a missing one is mapping.column_missing
  std::size_t max_row_bytes = limits::kRowBytes;
  std::string path;  // where the file is when a run names none
  Format format = Format::kCsv;
  std::vector<ColumnPlace> columns;  // fixed, xml, json, jsonl
  Unit unit = Unit::kBytes;          // fixed: of start, length and line_length
  std::size_t line_length = 0;       // fixed: 0 = up to the end of the last column
  std::size_t record_length = 0;     // fixed: bytes of a record without a line end; 0 = lines
  std::size_t skip_lines = 0;        // fixed: lines before the first row
  ShortLines short_lines = ShortLines::kRefuse;
  std::string rows;  // xml: path of the row element; json: path of the array, empty = the text
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

// The file in the format of its settings. Errors: as open_csv; source.answer (what the file says of
// itself is not so: a DBF header, an XML declaration, a DOCTYPE); adapter.unsupported (a type of
// DBF field, a memo file that is not there).
Result<std::unique_ptr<Source>> open_file(const std::string& path,
                                          const FileSourceSettings& settings, const Cursor& from);

// One row from its bytes alone. Errors: adapter.unsupported (DBF: a record means nothing without
// its header), those of open_file.
Result<KeptRow> reread_row(FileSourceSettings settings, KeptRow kept);

}  // namespace lh::adapters::file
