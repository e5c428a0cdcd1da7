#include "schemas/json.h"

#include <algorithm>

namespace lh::schemas {

const Json* Json::find(std::string_view name) const {
  const Object* object = members();
  if (object == nullptr) return nullptr;
  const auto it = std::find_if(object->begin(), object->end(),
                               [name](const Member& m) { return m.first == name; });
  return it == object->end() ? nullptr : &it->second;
}

Json& Json::set(std::string name, Json value) {
  if (members() == nullptr) v_ = Object{};
  Object& object = *members();
  const auto it = std::find_if(object.begin(), object.end(),
                               [&name](const Member& m) { return m.first == name; });
  if (it != object.end()) {
    it->second = std::move(value);
  } else {
    object.emplace_back(std::move(name), std::move(value));
  }
  return *this;
}

Json& Json::push(Json value) {
  if (items() == nullptr) v_ = Array{};
  items()->push_back(std::move(value));
  return *this;
}

}  // namespace lh::schemas
