#include "adapters/dialects/dialects.h"

#include <algorithm>
#include <map>

#include "base/embedded.h"
#include "base/result.h"

namespace lh::embedded {
std::span<const File> dialects();
}

namespace lh::adapters::dialects {
namespace {

using Tables = std::map<std::string_view, std::vector<Name>>;

// The tables are ours: one that cannot be read is a defect, found by the first test that runs.
std::vector<Name> read_table(std::string_view text) {
  std::vector<Name> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t tab = line.find('\t');
    LH_CHECK(tab != std::string_view::npos, "a line of a dialect: column, tab, field");
    out.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  return out;
}

const Tables& tables() {
  static const Tables kTables = [] {
    Tables out;
    for (const embedded::File& file : embedded::dialects()) {
      out.emplace(file.path.substr(0, file.path.find('.')), read_table(file.bytes));
    }
    return out;
  }();
  return kTables;
}

}  // namespace

std::vector<std::string_view> names() {
  std::vector<std::string_view> out;
  for (const auto& [dialect, table] : tables()) out.push_back(dialect);
  return out;
}

bool is_known(std::string_view dialect) {
  return tables().contains(dialect);
}

const std::vector<Name>& table(std::string_view dialect) {
  static const std::vector<Name> kNone;
  const auto found = tables().find(dialect);
  return found == tables().end() ? kNone : found->second;
}

std::optional<std::string_view> column_of(std::string_view dialect, std::string_view field) {
  const auto& names = table(dialect);
  const auto it = std::find_if(names.begin(), names.end(),
                               [field](const Name& name) { return name.field == field; });
  if (it == names.end()) return std::nullopt;
  return it->column;
}

}  // namespace lh::adapters::dialects
