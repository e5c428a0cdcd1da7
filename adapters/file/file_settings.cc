// The [source] table of the kind "file": each format has keys of its own.
#include <algorithm>

#include "adapters/file/file_source.h"
#include "adapters/file/formats/json_path.h"

namespace lh::adapters::file {
namespace {

constexpr std::size_t kMostSkipped = 100;

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

Status read_csv(SettingsReader& in, FileSourceSettings& out) {
  const std::string delimiter = LH_TRY(in.text("delimiter"));
  if (delimiter.size() > 1) return in.invalid("delimiter is one ASCII character");
  if (!delimiter.empty()) out.delimiter = delimiter[0];
  return check_delimiter(in, out);
}

Result<Format> read_format(SettingsReader& in) {
  const std::string name =
      LH_TRY(in.choice("format", {"csv", "fixed", "dbf", "xml", "jsonl", "json"}));
  if (name == "fixed") return Format::kFixed;
  if (name == "dbf") return Format::kDbf;
  if (name == "xml") return Format::kXml;
  if (name == "jsonl") return Format::kJsonl;
  return name == "json" ? Format::kJson : Format::kCsv;
}

Status read_column(const SettingsNode& node, FileSourceSettings& out) {
  auto in = LH_TRY(SettingsReader::open(node, "a column"));
  ColumnPlace column;
  column.name = LH_TRY(in.required_text("name"));
  const auto same = [&column](const ColumnPlace& c) { return c.name == column.name; };
  if (std::any_of(out.columns.begin(), out.columns.end(), same)) {
    return in.invalid("a column of that name is already there: " + column.name);
  }
  if (out.format == Format::kFixed) {
    const std::size_t most = out.max_row_bytes;
    const std::size_t start = LH_TRY(in.number("start", 1, most, 0));  // people count from 1
    column.length = LH_TRY(in.number("length", 1, most, 0));
    if (start == 0 || column.length == 0) return in.invalid("start and length are needed");
    column.start = start - 1;
  } else {
    column.path = LH_TRY(in.required_text("path"));
    if (out.format != Format::kXml && !formats::parse_json_path(column.path).ok()) {
      return in.invalid("path is of the form a.b[0].c");
    }
  }
  LH_TRY(in.finish());
  out.columns.push_back(std::move(column));
  return {};
}

Status read_columns(SettingsReader& in, FileSourceSettings& out) {
  const auto tables = LH_TRY(in.tables("columns"));
  if (tables.empty()) return in.invalid("columns are missing: this format has no header line");
  if (tables.size() > limits::kRowColumns) return in.invalid("too many columns");
  for (const SettingsNode* table : tables) LH_TRY(read_column(*table, out));
  return {};
}

Status read_fixed(SettingsReader& in, FileSourceSettings& out) {
  const std::size_t most = out.max_row_bytes;
  out.unit = LH_TRY(in.choice("unit", {"bytes", "characters"})) == "bytes" ? Unit::kBytes
                                                                           : Unit::kCharacters;
  out.line_length = LH_TRY(in.number("line_length", 1, most, 0));
  out.record_length = LH_TRY(in.number("record_length", 1, most, 0));
  out.skip_lines = LH_TRY(in.number("skip_lines", 0, kMostSkipped, 0));
  if (LH_TRY(in.flag("short_lines", Flag::kNo)) == Flag::kYes) out.short_lines = ShortLines::kPad;
  LH_TRY(read_columns(in, out));
  std::size_t end = 0;
  for (const auto& c : out.columns) end = std::max(end, c.start + c.length);
  const bool lines = out.record_length == 0;
  if (!lines && (out.line_length != 0 || out.skip_lines != 0)) {
    return in.invalid("record_length is for files without lines");
  }
  if (!lines && (out.unit == Unit::kCharacters || out.short_lines == ShortLines::kPad)) {
    return in.invalid("records of record_length are counted in bytes and are never short");
  }
  if (lines && out.line_length == 0) out.line_length = end;
  if (end > (lines ? out.line_length : out.record_length)) {
    return in.invalid("a column ends behind the end of the line");
  }
  return {};
}

Status read_xml(SettingsReader& in, FileSourceSettings& out) {
  out.rows = LH_TRY(in.required_text("rows"));
  if (out.rows.front() != '/' || out.rows.back() == '/' ||
      out.rows.find("//") != std::string::npos) {
    return in.invalid("rows is the path of the row element, as /list/row");
  }
  return read_columns(in, out);
}

Status read_json(SettingsReader& in, FileSourceSettings& out) {
  out.rows = LH_TRY(in.text("rows"));
  const auto path = formats::parse_json_path(out.rows);
  if (!path.ok() && !out.rows.empty()) return in.invalid("rows is of the form a.b");
  if (path.ok() && std::any_of(path->begin(), path->end(),
                               [](const formats::JsonStep& s) { return s.name.empty(); })) {
    return in.invalid("rows goes through objects only");
  }
  return read_columns(in, out);
}

Status read_own_keys(SettingsReader& in, FileSourceSettings& out) {
  switch (out.format) {
    case Format::kCsv:
      return read_csv(in, out);
    case Format::kFixed:
      return read_fixed(in, out);
    case Format::kDbf:
      return {};
    case Format::kXml:
      return read_xml(in, out);
    case Format::kJsonl:
      return read_columns(in, out);
    case Format::kJson:
      return read_json(in, out);
  }
  return {};
}

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
  out.format = LH_TRY(read_format(in));
  out.header = LH_TRY(in.texts("header"));
  out.max_row_bytes =
      LH_TRY(in.number("max_row_bytes", 1024, limits::kRowBytes, limits::kRowBytes));
  out.path = LH_TRY(in.text("path"));
  LH_TRY(read_own_keys(in, out));
  LH_TRY(in.finish());
  return out;
}

}  // namespace lh::adapters::file
