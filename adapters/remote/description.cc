#include "adapters/remote/description.h"

#include <algorithm>

#include "base/limits.h"
#include "schemas/json.h"

namespace lh::adapters::remote {
namespace {

using schemas::Json;

constexpr std::size_t kDescriptionBytes = 256U << 10U;
constexpr std::size_t kNameBytes = 256;

Error not_as_agreed(const std::string& what) {
  return Error(Reason::kSourceAnswer, "describe: " + what);
}

// A list of names, each once.
Result<std::vector<std::string>> names_at(const Json& object, const char* member) {
  const Json* list = object.find(member);
  std::vector<std::string> out;
  if (list == nullptr) return out;
  if (list->items() == nullptr || list->items()->size() > limits::kRowColumns) {
    return not_as_agreed(std::string(member) + " is no list of names");
  }
  for (const Json& item : *list->items()) {
    const std::string* name = item.string();
    const bool good = name != nullptr && !name->empty() && name->size() <= kNameBytes;
    if (!good || std::find(out.begin(), out.end(), *name) != out.end()) {
      return not_as_agreed(std::string(member) + " is no list of different names");
    }
    out.push_back(*name);
  }
  return out;
}

bool among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Result<Description> parse_description(std::string_view json) {
  const auto tree = schemas::parse_json(json, kDescriptionBytes);
  if (!tree.ok() || tree->members() == nullptr) return not_as_agreed("not a JSON object");
  const Json* contract = tree->find("contract");
  if (contract == nullptr || contract->string() == nullptr || *contract->string() != kContract) {
    return not_as_agreed("not the contract " + std::string(kContract));
  }
  Description out;
  out.columns = LH_TRY(names_at(*tree, "columns"));
  out.key = LH_TRY(names_at(*tree, "key"));
  const auto operations = LH_TRY(names_at(*tree, "operations"));
  out.changes = among(operations, "changes");
  out.lookup = among(operations, "lookup");
  out.push = among(operations, "push");
  if (out.columns.empty()) return not_as_agreed("no columns");
  for (const std::string& name : out.key) {
    if (!among(out.columns, name)) return not_as_agreed("a key that is no column");
  }
  if (out.lookup && out.key.empty()) return not_as_agreed("a lookup without a key");
  return out;
}

}  // namespace lh::adapters::remote
