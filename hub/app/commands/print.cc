// Human output of a result: lists of objects as tables, the rest as "name: value".
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "hub/app/commands/commands.h"

namespace lh::hub::app::commands {
namespace {

std::string scalar(const Json& value) {
  if (const auto* s = value.string()) return *s;
  return schemas::to_text(value);
}

// Columns on a terminal: East Asian wide characters take two.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c & 0xC0U) == 0x80U) continue;
    width += c >= 0xE2 ? 2 : 1;
  }
  return width;
}

using Table = std::vector<std::vector<std::string>>;

Table table_of(const Json::Array& items) {
  Table rows(1);
  for (const Json& item : items) {
    for (const auto& [name, value] : *item.members()) {
      if (std::find(rows[0].begin(), rows[0].end(), name) == rows[0].end()) rows[0].push_back(name);
    }
  }
  for (const Json& item : items) {
    std::vector<std::string> row;
    for (const auto& name : rows[0]) {
      const Json* value = item.find(name);
      row.push_back(value == nullptr ? "" : scalar(*value));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void print_table(const Table& rows) {
  std::vector<std::size_t> widths(rows[0].size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (const auto& row : rows) {
    std::cout << "  ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::cout << row[i];
      if (i + 1 < row.size()) std::cout << std::string(widths[i] - width_of(row[i]) + 2, ' ');
    }
    std::cout << "\n";
  }
}

void print_object(const Json& value, const std::string& indent) {
  for (const auto& [name, member] : *value.members()) {
    if (member.members() != nullptr) {
      std::cout << indent << name << ":\n";
      print_object(member, indent + "  ");
    } else if (member.items() != nullptr && !member.items()->empty() &&
               member.items()->front().members() != nullptr) {
      std::cout << indent << name << ":\n";
      print_table(table_of(*member.items()));
    } else {
      std::cout << indent << name << ": " << scalar(member) << "\n";
    }
  }
}

}  // namespace

void print(const Json& value, Output output) {
  if (output == Output::kJson || value.members() == nullptr) {
    std::cout << schemas::to_text(value) << "\n";
    return;
  }
  print_object(value, "");
}

std::string absolute_if_path(const std::string& name) {
  if (name.find('/') == std::string::npos && !std::filesystem::exists(name)) return name;
  return std::filesystem::absolute(name).lexically_normal().string();
}

}  // namespace lh::hub::app::commands
