// The same rows as a file of every format: what holds for one format is to hold for all of them.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "adapters/file/encoding.h"
#include "adapters_scratch.h"
#include "base/bytes.h"

namespace lh::adapters::file {

using Rows = std::vector<std::vector<std::string>>;

inline FileSourceSettings settings_of(const std::string& toml) {
  const auto node = parse_settings("kind = \"file\"\n" + toml);
  EXPECT_TRUE(node.ok()) << node.error().describe();
  auto settings = read_settings(*node);
  EXPECT_TRUE(settings.ok()) << settings.error().describe();
  return settings.value();
}

inline Bytes in_encoding(const std::string& utf8, Encoding encoding) {
  return encoding == Encoding::kUtf8 ? utf8 : encode_gb18030(utf8).value();
}

// Column names of every file of the kit.
inline const std::vector<std::string>& kit_columns() {
  static const std::vector<std::string> names = {"A", "名称"};
  return names;
}

constexpr std::size_t kKitWidth = 250;  // of a column, where columns have one

struct FormatCase {
  std::string name;
  std::string toml;  // without kind and encoding
  std::function<Bytes(const Rows&, Encoding)> write;

  FileSourceSettings settings(Encoding encoding) const {
    const std::string word = encoding == Encoding::kUtf8 ? "utf-8" : "gb18030";
    return settings_of("encoding = \"" + word + "\"\n" + toml);
  }
};

inline std::string quoted_json(const std::string& value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

inline std::string escaped_xml(const std::string& value) {
  std::string out;
  for (const char c : value) {
    out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  return out;
}

inline Bytes write_csv(const Rows& rows, Encoding encoding) {
  std::string text = "A,名称\r\n";
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += i == 0 ? "\"" : ",\"";
      for (const char c : row[i]) text += c == '"' ? "\"\"" : std::string(1, c);
      text += "\"";
    }
    text += "\r\n";
  }
  return in_encoding(text, encoding);
}

inline Bytes write_fixed(const Rows& rows, Encoding encoding, const std::string& line_end) {
  Bytes out;
  for (const auto& row : rows) {
    for (const auto& value : row) {
      Bytes bytes = in_encoding(value, encoding);
      bytes.resize(kKitWidth, ' ');
      out += bytes;
    }
    out += line_end;
  }
  return out;
}

inline Bytes write_json_object(const std::vector<std::string>& row) {
  return "{\"a\": {\"b\": [null, " + quoted_json(row[0]) + "]}, \"名称\":" + quoted_json(row[1]) +
         "}";
}

inline Bytes write_json_lines(const Rows& rows, Encoding encoding) {
  std::string text;
  for (const auto& row : rows) text += write_json_object(row) + "\n";
  return in_encoding(text, encoding);
}

inline Bytes write_json_array(const Rows& rows, Encoding encoding) {
  std::string text = "{\"total\": 1, \"数据\": {\"rows\": [";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += (i == 0 ? "\n " : ",\n ") + write_json_object(rows[i]);
  }
  return in_encoding(text + "\n]}, \"end\": [{}]}\n", encoding);
}

inline Bytes write_xml(const Rows& rows, Encoding encoding) {
  std::string text = encoding == Encoding::kUtf8
                         ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         : "<?xml version='1.0' encoding='gb18030' standalone='yes'?>\n";
  text += "<!-- <行> --><n:表 xmlns:n='urn:t'><!-- x --><date>now</date>\n";
  for (const auto& row : rows) {
    text += "<n:行 a=\"1>2\"><a><b>" + escaped_xml(row[0]) + "</b></a><n:名称>" +
            escaped_xml(row[1]) + "</n:名称></n:行>\n";
  }
  return in_encoding(text + "</n:表>\n", encoding);
}

inline void put_le(Bytes& out, std::size_t value, std::size_t bytes) {
  for (; bytes > 0; --bytes, value >>= 8U) out.push_back(static_cast<char>(value & 0xFFU));
}

inline Bytes dbf_field(const Bytes& name, char type, std::size_t length) {
  Bytes out = name;
  out.resize(11, '\0');
  out.push_back(type);
  out.resize(16, '\0');
  out.push_back(static_cast<char>(length));
  out.resize(32, '\0');
  return out;
}

inline Bytes dbf_head(std::size_t records, std::size_t record_bytes, const Bytes& fields,
                      char version = 3) {
  Bytes out(1, version);
  out += "\x7E\x0B\x16";  // 2026-11-22
  put_le(out, records, 4);
  put_le(out, 33 + fields.size(), 2);
  put_le(out, record_bytes, 2);
  out.resize(32, '\0');
  return out + fields + "\r";
}

inline Bytes write_dbf(const Rows& rows, Encoding encoding) {
  const Bytes fields =
      dbf_field("A", 'C', kKitWidth) + dbf_field(in_encoding("名称", encoding), 'C', kKitWidth);
  Bytes out = dbf_head(rows.size(), 1 + 2 * kKitWidth, fields);
  for (const auto& row : rows) out += " " + write_fixed({row}, encoding, "");
  return out + "\x1A";
}

inline std::vector<FormatCase> every_format() {
  const std::string json_columns =
      "[[columns]]\nname = \"A\"\npath = \"a.b[1]\"\n"
      "[[columns]]\nname = \"名称\"\npath = \"名称\"\n";
  const std::string places =
      "[[columns]]\nname = \"A\"\nstart = 1\nlength = 250\n"
      "[[columns]]\nname = \"名称\"\nstart = 251\nlength = 250\n";
  return {
      {"csv", "", write_csv},
      {"fixed_lines", "format = \"fixed\"\n" + places,
       [](const Rows& r, Encoding e) { return write_fixed(r, e, "\r\n"); }},
      {"fixed_records", "format = \"fixed\"\nrecord_length = 500\n" + places,
       [](const Rows& r, Encoding e) { return write_fixed(r, e, ""); }},
      {"dbf", "format = \"dbf\"\n", write_dbf},
      {"jsonl", "format = \"jsonl\"\n" + json_columns, write_json_lines},
      {"json", "format = \"json\"\nrows = \"数据.rows\"\n" + json_columns, write_json_array},
      {"xml",
       "format = \"xml\"\nrows = \"/表/行\"\n[[columns]]\nname = \"A\"\npath = \"a/b\"\n"
       "[[columns]]\nname = \"名称\"\npath = \"名称\"\n",
       write_xml},
  };
}

inline std::string reason_of_opening(const std::string& path, const FileSourceSettings& settings,
                                     const Cursor& from = {}) {
  const auto source = open_file(path, settings, from);
  return source.ok() ? "opened" : std::string(source.error().id());
}

inline std::vector<RawRow> read_any(const std::string& path, const FileSourceSettings& settings,
                                    const Cursor& from = {}) {
  auto source = open_file(path, settings, from);
  EXPECT_TRUE(source.ok()) << source.error().describe();
  return source.ok() ? read_rows(**source) : std::vector<RawRow>();
}

}  // namespace lh::adapters::file
