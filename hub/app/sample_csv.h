// Lines of CSV as an honest writer makes them (RFC 4180).
#pragma once

#include <string>
#include <vector>

namespace lh::hub::app {

// Quoted only where it holds a comma, a quote or a line end.
inline std::string csv_value(const std::string& value) {
  if (value.find_first_of(",\"\r\n") == std::string::npos) return value;
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  return out + "\"";
}

inline std::string csv_line(const std::vector<std::string>& values) {
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out.push_back(',');
    out += csv_value(values[i]);
  }
  return out + "\r\n";
}

}  // namespace lh::hub::app
