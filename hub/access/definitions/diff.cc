#include "hub/access/definitions/diff.h"

#include <optional>

namespace lh::hub::access {
namespace {

using schemas::Json;

constexpr std::size_t kMost = 200;

class Walk {
 public:
  void compare(const std::string& path, const Json& was, const Json& now) {
    if (out_.size() >= kMost || schemas::to_text(was) == schemas::to_text(now)) return;
    if (was.members() != nullptr && now.members() != nullptr) return members(path, was, now);
    if (is_named(was) && is_named(now)) return items(path, was, now);
    out_.push_back({path, was, now});
  }
  std::vector<Difference> take() { return std::move(out_); }

 private:
  // What an item of a list is called.
  static const std::string* name_of(const Json& item) {
    for (const char* member : {"code", "name", "matter"}) {
      const Json* found = item.find(member);
      if (found != nullptr && found->string() != nullptr) return found->string();
    }
    return nullptr;
  }
  static bool is_named(const Json& list) {
    if (list.items() == nullptr) return false;
    for (const Json& item : *list.items()) {
      if (name_of(item) == nullptr) return false;
    }
    return true;
  }
  static const Json* find_item(const Json& list, const std::string& name) {
    for (const Json& item : *list.items()) {
      if (*name_of(item) == name) return &item;
    }
    return nullptr;
  }

  void members(const std::string& path, const Json& was, const Json& now) {
    const std::string before = path.empty() ? "" : path + ".";
    for (const auto& [name, value] : *was.members()) {
      const Json* other = now.find(name);
      compare(before + name, value, other == nullptr ? Json() : *other);
    }
    for (const auto& [name, value] : *now.members()) {
      if (was.find(name) == nullptr) compare(before + name, Json(), value);
    }
  }
  void items(const std::string& path, const Json& was, const Json& now) {
    const std::size_t before = out_.size();
    for (const Json& item : *was.items()) {
      const Json* other = find_item(now, *name_of(item));
      compare(path + "[" + *name_of(item) + "]", item, other == nullptr ? Json() : *other);
    }
    for (const Json& item : *now.items()) {
      if (find_item(was, *name_of(item)) == nullptr) {
        compare(path + "[" + *name_of(item) + "]", Json(), item);
      }
    }
    if (out_.size() == before) out_.push_back({path, was, now});  // another order
  }

  std::vector<Difference> out_;
};

}  // namespace

std::vector<Difference> differences(const Json& was, const Json& now) {
  Walk walk;
  walk.compare("", was, now);
  return walk.take();
}

Json differences_to_json(const std::vector<Difference>& list) {
  Json out = Json::array();
  for (const Difference& d : list) {
    Json j = Json::object();
    j.set("path", d.path);
    if (!d.was.is_null()) j.set("was", d.was);
    if (!d.now.is_null()) j.set("now", d.now);
    out.push(std::move(j));
  }
  return out;
}

Json content_of(const Json& definition) {
  Json out = Json::object();
  if (definition.members() == nullptr) return definition;
  for (const auto& [name, value] : *definition.members()) {
    if (name != "version" && name != "effective") out.set(name, value);
  }
  return out;
}

}  // namespace lh::hub::access
