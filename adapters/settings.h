// What a mapping file says, as a neutral tree with line numbers, and the strict reader over it:
// every key is asked for by name and type, and finish() refuses the keys nobody asked for. Kinds of
// sources read their own [source] table with it and never see the TOML library.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace lh::adapters {

struct SettingsMember;

struct SettingsNode {
  using List = std::vector<SettingsNode>;
  using Table = std::vector<SettingsMember>;  // in the order of the file
  std::variant<std::monostate, std::string, std::int64_t, double, bool, List, Table> value;
  int line = 0;

  const Table* table() const { return std::get_if<Table>(&value); }
  const List* list() const { return std::get_if<List>(&value); }
  const std::string* text() const { return std::get_if<std::string>(&value); }
  const SettingsNode* find(std::string_view key) const;  // in a table; null: not there
};

struct SettingsMember {
  std::string name;
  SettingsNode node;
};

// mapping.invalid: "line 12: what".
Error invalid_setting(const SettingsNode& at, std::string_view what);

// TOML 1.0, UTF-8. Errors: mapping.syntax with the line; input.too_large beyond 1 MiB.
Result<SettingsNode> parse_settings(std::string_view toml);

enum class Flag : std::uint8_t { kNo, kYes };

// One table. Errors of every function: mapping.invalid with the line.
class SettingsReader {
 public:
  // of: a table. Errors: mapping.invalid when it is something else.
  static Result<SettingsReader> open(const SettingsNode& of, std::string_view what);

  const SettingsNode* find(std::string_view key);  // null: absent
  Result<std::string> text(std::string_view key);  // absent: empty
  Result<std::string> required_text(std::string_view key);
  // One of `allowed`; absent: the first of them.
  Result<std::string> choice(std::string_view key, const std::vector<std::string_view>& allowed);
  Result<std::size_t> number(std::string_view key, std::size_t from, std::size_t to,
                             std::size_t otherwise);
  Result<Flag> flag(std::string_view key, Flag otherwise);
  Result<std::vector<std::string>> texts(std::string_view key);
  // A table of texts, in the order of the file; absent: empty.
  Result<std::vector<std::pair<std::string, std::string>>> pairs(std::string_view key);
  Result<const SettingsNode*> table(std::string_view key);                // null: absent
  Result<std::vector<const SettingsNode*>> tables(std::string_view key);  // [[key]]; absent: empty
  Status finish() const;
  Error invalid(std::string_view what) const { return invalid_setting(*of_, what); }
  const SettingsNode& node() const { return *of_; }

 private:
  explicit SettingsReader(const SettingsNode& of) : of_(&of) {}
  const SettingsNode* of_;
  std::vector<std::string> asked_;
};

}  // namespace lh::adapters
