#include "adapters/settings.h"

#include <algorithm>

namespace lh::adapters {
namespace {

std::string must_be(std::string_view key, std::string_view what) {
  return std::string(key).append(" is ").append(what);
}

}  // namespace

const SettingsNode* SettingsNode::find(std::string_view key) const {
  const Table* members = table();
  if (members == nullptr) return nullptr;
  for (const auto& [name, node] : *members) {
    if (name == key) return &node;
  }
  return nullptr;
}

Error invalid_setting(const SettingsNode& at, std::string_view what) {
  return Error(Reason::kMappingInvalid,
               "line " + std::to_string(at.line) + ": " + std::string(what));
}

Result<SettingsReader> SettingsReader::open(const SettingsNode& of, std::string_view what) {
  if (of.table() == nullptr) return invalid_setting(of, must_be(what, "a table"));
  return SettingsReader(of);
}

const SettingsNode* SettingsReader::find(std::string_view key) {
  asked_.emplace_back(key);
  return of_->find(key);
}

Result<std::string> SettingsReader::text(std::string_view key) {
  const SettingsNode* node = find(key);
  if (node == nullptr) return std::string();
  if (node->text() == nullptr) return invalid_setting(*node, must_be(key, "a text"));
  return *node->text();
}

Result<std::string> SettingsReader::required_text(std::string_view key) {
  std::string value = LH_TRY(text(key));
  if (value.empty()) return invalid(must_be(key, "missing or empty"));
  return value;
}

Result<std::string> SettingsReader::choice(std::string_view key,
                                           const std::vector<std::string_view>& allowed) {
  std::string value = LH_TRY(text(key));
  if (value.empty()) return std::string(allowed.front());
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
  std::string list;
  for (const auto word : allowed) list.append(list.empty() ? "" : ", ").append(word);
  return invalid_setting(*of_->find(key), must_be(key, "one of: " + list));
}

Result<std::size_t> SettingsReader::number(std::string_view key, std::size_t from, std::size_t to,
                                           std::size_t otherwise) {
  const SettingsNode* node = find(key);
  if (node == nullptr) return otherwise;
  const auto* value = std::get_if<std::int64_t>(&node->value);
  if (value == nullptr || *value < static_cast<std::int64_t>(from) ||
      *value > static_cast<std::int64_t>(to)) {
    return invalid_setting(
        *node, must_be(key, "a number from " + std::to_string(from) + " to " + std::to_string(to)));
  }
  return static_cast<std::size_t>(*value);
}

Result<Flag> SettingsReader::flag(std::string_view key, Flag otherwise) {
  const SettingsNode* node = find(key);
  if (node == nullptr) return otherwise;
  const auto* value = std::get_if<bool>(&node->value);
  if (value == nullptr) return invalid_setting(*node, must_be(key, "true or false"));
  return *value ? Flag::kYes : Flag::kNo;
}

Result<std::vector<std::string>> SettingsReader::texts(std::string_view key) {
  std::vector<std::string> out;
  const SettingsNode* node = find(key);
  if (node == nullptr) return out;
  if (node->list() == nullptr) return invalid_setting(*node, must_be(key, "a list of texts"));
  for (const SettingsNode& item : *node->list()) {
    if (item.text() == nullptr) return invalid_setting(item, must_be(key, "a list of texts"));
    out.push_back(*item.text());
  }
  return out;
}

Result<std::vector<std::pair<std::string, std::string>>> SettingsReader::pairs(
    std::string_view key) {
  std::vector<std::pair<std::string, std::string>> out;
  const SettingsNode* node = LH_TRY(table(key));
  if (node == nullptr) return out;
  for (const auto& [name, value] : *node->table()) {
    if (value.text() == nullptr) return invalid_setting(value, must_be(name, "a text"));
    out.emplace_back(name, *value.text());
  }
  return out;
}

Result<const SettingsNode*> SettingsReader::table(std::string_view key) {
  const SettingsNode* node = find(key);
  if (node != nullptr && node->table() == nullptr) {
    return invalid_setting(*node, must_be(key, "a table"));
  }
  return node;
}

Result<std::vector<const SettingsNode*>> SettingsReader::tables(std::string_view key) {
  std::vector<const SettingsNode*> out;
  const SettingsNode* node = find(key);
  if (node == nullptr) return out;
  if (node->list() == nullptr) return invalid_setting(*node, must_be(key, "a list of tables"));
  for (const SettingsNode& item : *node->list()) {
    if (item.table() == nullptr) return invalid_setting(item, must_be(key, "a list of tables"));
    out.push_back(&item);
  }
  return out;
}

Status SettingsReader::finish() const {
  for (const auto& [key, node] : *of_->table()) {
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) {
      return invalid_setting(node, "the key " + key + " is not known here");
    }
  }
  return {};
}

}  // namespace lh::adapters
