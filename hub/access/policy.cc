// The read side of the catalogue: definitions by code and day.
#include <algorithm>

#include "hub/access/catalogue.h"
#include "hub/access/decision_memo.h"

namespace lh::hub::access {
namespace {

template <class T>
using Versions = std::map<std::pair<std::string, int>, T>;

bool in_force(const schemas::BaseKind& /*kind*/, LocalDate /*at*/) {
  return true;
}
template <class T>
bool in_force(const T& definition, LocalDate at) {
  return definition.effective.covers(at);
}

// The greatest version in force that day; null when there is none.
template <class T>
const T* find_version(const Versions<T>& versions, std::string_view id, LocalDate at) {
  const T* found = nullptr;
  for (auto it = versions.lower_bound({std::string(id), 0});
       it != versions.end() && it->first.first == id; ++it) {
    if (in_force(it->second, at)) found = &it->second;
  }
  return found;
}

template <class T>
std::vector<const T*> all_of(const Versions<T>& versions) {
  std::vector<const T*> out;
  out.reserve(versions.size());
  for (const auto& [key, definition] : versions) out.push_back(&definition);
  return out;
}

}  // namespace

Policy::Policy() : memo_(std::make_unique<DecisionMemo>()) {}
Policy::~Policy() = default;

std::shared_ptr<const Policy> Policy::make(const Definitions& definitions, std::uint64_t epoch) {
  auto out = std::make_shared<Policy>();
  for (const auto& t : definitions.types)
    out->types_.emplace(std::pair(t.code.text(), t.version), t);
  for (const auto& k : definitions.kinds) out->kinds_.emplace(std::pair(k.id, k.version), k);
  for (const auto& m : definitions.matters) out->matters_.emplace(std::pair(m.code, m.version), m);
  for (const auto& r : definitions.rules) out->rules_.emplace(std::pair(r.id, r.version), r);
  out->epoch_ = epoch;
  out->index_rules();
  return out;
}

Status Policy::add(ObjectKind kind, std::string_view definition_json) {
  const auto json = LH_TRY(schemas::parse_json(definition_json, definition_json.size()));
  switch (kind) {
    case ObjectKind::kLicenceType: {
      auto t = LH_TRY(schemas::licence_type_from_json(json));
      types_.emplace(std::pair(t.code.text(), t.version), std::move(t));
      return {};
    }
    case ObjectKind::kBaseKind: {
      auto k = LH_TRY(schemas::base_kind_from_json(json));
      kinds_.emplace(std::pair(k.id, k.version), std::move(k));
      return {};
    }
    case ObjectKind::kMatter: {
      auto m = LH_TRY(schemas::matter_from_json(json));
      matters_.emplace(std::pair(m.code, m.version), std::move(m));
      return {};
    }
    case ObjectKind::kRule: {
      auto r = LH_TRY(schemas::sharing_rule_from_json(json));
      rules_.emplace(std::pair(r.id, r.version), std::move(r));
      return {};
    }
  }
  return Error(Reason::kStoreCorrupt, "kind of definition");
}

void Policy::index_rules() {
  by_object_.clear();
  for (const auto& [key, rule] : rules_) by_object_[rule.object].push_back(&rule);
  for (auto& [object, rules] : by_object_) {
    std::stable_sort(rules.begin(), rules.end(), [](const auto* a, const auto* b) {
      return a->id != b->id ? a->id < b->id : a->version > b->version;
    });
  }
}

const schemas::LicenceType* Policy::find_type(std::string_view code, LocalDate at) const {
  return find_version(types_, code, at);
}

const schemas::BaseKind* Policy::find_base_kind(std::string_view id) const {
  return find_version(kinds_, id, LocalDate());
}

const schemas::Matter* Policy::find_matter(std::string_view code, LocalDate at) const {
  return find_version(matters_, code, at);
}

// The version is chosen by id and day alone, before matter: a version that moved a rule to another
// matter must not leave the older one in force beside it.
std::vector<const schemas::SharingRule*> Policy::rules_for(std::string_view matter,
                                                           std::string_view object,
                                                           LocalDate at) const {
  std::vector<const schemas::SharingRule*> out;
  const auto rules = by_object_.find(object);
  if (rules == by_object_.end()) return out;
  const schemas::SharingRule* previous = nullptr;
  for (const auto* rule : rules->second) {
    if (!rule->effective.covers(at)) continue;
    if (previous != nullptr && previous->id == rule->id) continue;
    previous = rule;
    if (find_version(rules_, rule->id, at) != rule) continue;  // it moved to another object
    if (rule->matter == "*" || rule->matter == matter) out.push_back(rule);
  }
  return out;
}

std::vector<const schemas::LicenceType*> Policy::types() const {
  return all_of(types_);
}
std::vector<const schemas::Matter*> Policy::matters() const {
  return all_of(matters_);
}
std::vector<const schemas::SharingRule*> Policy::rules() const {
  return all_of(rules_);
}

}  // namespace lh::hub::access
