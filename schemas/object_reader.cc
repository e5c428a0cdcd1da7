#include "schemas/json.h"

#include <algorithm>

namespace lh::schemas {

std::string shown_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const bool plain = !name.empty() && name.size() <= 64 && is_letter(name.front()) &&
                     std::all_of(name.begin(), name.end(), [&](char c) {
                       return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
                     });
  return plain ? std::string(name) : "(not a name)";
}

ObjectReader::ObjectReader(const Json::Object& members, std::string where)
    : members_(&members), taken_(members.size(), false), where_(std::move(where)) {}

Result<ObjectReader> ObjectReader::open(const Json& value, std::string where) {
  const Json::Object* members = value.members();
  if (members == nullptr) return Error(Reason::kJsonWrongType, where + ": an object is expected");
  return ObjectReader(*members, std::move(where));
}

const Json* ObjectReader::take(std::string_view name) {
  for (std::size_t i = 0; i < members_->size(); ++i) {
    if ((*members_)[i].first != name) continue;
    taken_[i] = true;
    return &(*members_)[i].second;
  }
  return nullptr;
}

const Json* ObjectReader::optional(std::string_view name) {
  const Json* value = take(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

Result<const std::string*> ObjectReader::text(std::string_view name, std::size_t max_bytes) {
  const Json* value = optional(name);
  if (value == nullptr) return nullptr;
  const std::string* text = value->string();
  if (text == nullptr) return Error(Reason::kJsonWrongType, path(name) + ": text is expected");
  if (text->size() > max_bytes) {
    return Error(Reason::kJsonValue,
                 path(name) + ": longer than " + std::to_string(max_bytes) + " bytes");
  }
  return text;
}

Result<std::optional<std::string>> ObjectReader::optional_string(std::string_view name,
                                                                 std::size_t max_bytes) {
  const std::string* found = LH_TRY(text(name, max_bytes));
  if (found == nullptr) return std::optional<std::string>();
  return std::optional<std::string>(*found);
}

Result<std::string> ObjectReader::string(std::string_view name, std::size_t max_bytes) {
  const std::string* found = LH_TRY(text(name, max_bytes));
  if (found == nullptr) return Error(Reason::kJsonMissingMember, path(name));
  return *found;
}

Result<std::optional<std::int64_t>> ObjectReader::optional_integer(std::string_view name) {
  const Json* value = optional(name);
  if (value == nullptr) return std::optional<std::int64_t>();
  const std::int64_t* n = value->integer();
  if (n == nullptr) return Error(Reason::kJsonWrongType, path(name) + ": an integer is expected");
  return std::optional<std::int64_t>(*n);
}

Result<std::int64_t> ObjectReader::integer(std::string_view name) {
  const auto n = LH_TRY(optional_integer(name));
  if (!n) return Error(Reason::kJsonMissingMember, path(name));
  return *n;
}

Result<std::optional<bool>> ObjectReader::optional_boolean(std::string_view name) {
  const Json* value = optional(name);
  if (value == nullptr) return std::optional<bool>();
  const bool* truth = value->boolean();
  if (truth == nullptr) {
    return Error(Reason::kJsonWrongType, path(name) + ": true or false is expected");
  }
  return std::optional<bool>(*truth);
}

Result<const Json*> ObjectReader::object(std::string_view name) {
  const Json* value = optional(name);
  if (value == nullptr) return Error(Reason::kJsonMissingMember, path(name));
  if (value->members() == nullptr) {
    return Error(Reason::kJsonWrongType, path(name) + ": an object is expected");
  }
  return value;
}

Result<const Json*> ObjectReader::array(std::string_view name) {
  const Json* value = optional(name);
  if (value == nullptr) return Error(Reason::kJsonMissingMember, path(name));
  if (value->items() == nullptr) {
    return Error(Reason::kJsonWrongType, path(name) + ": an array is expected");
  }
  return value;
}

Status ObjectReader::finish() const {
  for (std::size_t i = 0; i < members_->size(); ++i) {
    if (taken_[i]) continue;
    return Error(Reason::kJsonUnknownMember, path(shown_name((*members_)[i].first)));
  }
  return {};
}

}  // namespace lh::schemas
