#include "base/log_line.h"

#include <cmath>
#include <cstdio>

#include "base/bytes.h"

namespace lh {
namespace {

std::string_view level_text(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

// RFC 8259 section 7, and U+007F, so that no line can move a terminal's cursor.
void append_string(std::string& out, std::string_view text) {
  const bool utf8 = is_utf8(text);
  out.push_back('"');
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (u < 0x20 || u == 0x7F) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(u));
      out += escaped;
    } else if (u >= 0x80 && !utf8) {
      out += "\\ufffd";
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

struct ValueWriter {
  std::string& out;
  void operator()(std::int64_t v) const { out += std::to_string(v); }
  void operator()(std::uint64_t v) const { out += std::to_string(v); }
  void operator()(double v) const {
    if (!std::isfinite(v)) {  // JSON has no word for these
      out += "null";
      return;
    }
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", v);
    out += text;
  }
  void operator()(std::string_view v) const { append_string(out, v); }
  void operator()(Reason v) const { append_string(out, reason_id(v)); }
};

}  // namespace

std::string log_line(UtcTime time, LogLevel level, std::string_view event,
                     std::span<const LogField> fields) {
  std::string out = "{\"time\":\"" + time_text(time) + "\",\"level\":\"";
  out += level_text(level);
  out += "\",\"event\":";
  append_string(out, event);
  for (const LogField& field : fields) {
    out.push_back(',');
    append_string(out, field.name);
    out.push_back(':');
    std::visit(ValueWriter{out}, field.value);
  }
  out.push_back('}');
  return out;
}

}  // namespace lh
