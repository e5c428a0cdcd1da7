// TOML text -> the neutral tree. The one home of the TOML library in this room.
#include <toml++/toml.h>

#include <algorithm>

#include "adapters/settings.h"
#include "base/bytes.h"

namespace lh::adapters {
namespace {

constexpr std::size_t kMaxMappingBytes = 1U << 20U;
constexpr int kMaxDepth = 16;

// toml++ keeps tables sorted by key; people mean the order they wrote.
void in_file_order(SettingsNode::Table& table, std::vector<toml::source_position>& places) {
  std::vector<std::size_t> order(table.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&places](std::size_t a, std::size_t b) {
    const auto& x = places[a];
    const auto& y = places[b];
    return x.line != y.line ? x.line < y.line : x.column < y.column;
  });
  SettingsNode::Table sorted;
  sorted.reserve(table.size());
  for (const std::size_t i : order) sorted.push_back(std::move(table[i]));
  table = std::move(sorted);
}

Result<SettingsNode> convert(const toml::node& from, int depth);

Result<SettingsNode::Table> convert_table(const toml::table& from, int depth) {
  SettingsNode::Table out;
  std::vector<toml::source_position> places;
  for (const auto& [key, node] : from) {
    out.push_back({std::string(key.str()), LH_TRY(convert(node, depth + 1))});
    places.push_back(node.source().begin);
  }
  in_file_order(out, places);
  return out;
}

Result<SettingsNode> convert(const toml::node& from, int depth) {
  SettingsNode out;
  out.line = static_cast<int>(from.source().begin.line);
  if (depth > kMaxDepth) return invalid_setting(out, "tables within tables, too deep");
  if (const auto* table = from.as_table()) {
    out.value = LH_TRY(convert_table(*table, depth));
  } else if (const auto* array = from.as_array()) {
    SettingsNode::List items;
    for (const toml::node& item : *array) items.push_back(LH_TRY(convert(item, depth + 1)));
    out.value = std::move(items);
  } else if (const auto text = from.value_exact<std::string>()) {
    out.value = *text;
  } else if (const auto number = from.value_exact<std::int64_t>()) {
    out.value = *number;
  } else if (const auto real = from.value_exact<double>()) {
    out.value = *real;
  } else if (const auto truth = from.value_exact<bool>()) {
    out.value = *truth;
  } else {
    return invalid_setting(out, "dates and times are written as text");
  }
  return out;
}

}  // namespace

Result<SettingsNode> parse_settings(std::string_view toml) {
  if (toml.size() > kMaxMappingBytes) return Error(Reason::kInputTooLarge, "mapping: 1 MiB");
  if (!is_utf8(toml)) return Error(Reason::kMappingSyntax, "the file is not UTF-8");
  try {  // the library throws; nothing of it leaves this function
    return convert(toml::parse(toml), 0);
  } catch (const toml::parse_error& error) {
    return Error(Reason::kMappingSyntax, "line " + std::to_string(error.source().begin.line) +
                                             ": " + std::string(error.description()));
  }
}

}  // namespace lh::adapters
