// Reads tests/hostile/http/probes.tsv.
#pragma once

#include <fstream>
#include <string>
#include <vector>

namespace lh::kits {

struct HttpProbe {
  std::string name;
  std::string reason_id;
  std::string bytes;
};

// \r \n \t \0 \\ \xHH and \{N*c}
inline std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    const char c = text.at(++i);
    if (c == 'x') {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else if (c == '{') {
      const std::size_t star = text.find('*', i);
      const std::size_t end = text.find('}', star);
      out.append(static_cast<std::size_t>(std::stoi(text.substr(i + 1, star - i - 1))),
                 text.at(star + 1));
      i = end;
    } else {
      out += c == 'r' ? '\r' : c == 'n' ? '\n' : c == 't' ? '\t' : c == '0' ? '\0' : c;
    }
  }
  return out;
}

inline std::vector<HttpProbe> load_http_probes(const std::string& source_dir) {
  std::vector<HttpProbe> out;
  std::ifstream in(source_dir + "/tests/hostile/http/probes.tsv");
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t a = line.find('\t');
    const std::size_t b = line.find('\t', a + 1);
    out.push_back(
        {line.substr(0, a), line.substr(a + 1, b - a - 1), unescaped(line.substr(b + 1))});
  }
  return out;
}

}  // namespace lh::kits
