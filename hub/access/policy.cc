// The read side of the catalogue: definitions by code and day.
#include <algorithm>

#include "hub/access/catalogue.h"
#include "hub/access/decision_memo.h"
#include "hub/access/definitions/shelves.h"

namespace lh::hub::access {
namespace {

constexpr int kMergersInARow = 16;

template <class T>
std::vector<const T*> all_of(const Shelves::Shelf<T>& shelf) {
  std::vector<const T*> out;
  for (const auto& [id, versions] : shelf) {
    for (const auto& [version, kept] : versions) out.push_back(kept.value.get());
  }
  return out;
}

// The version of that day; of a type that has ended, the last one before: that it was merged stays
// known.
const schemas::LicenceType* last_known(const Shelves& shelves, std::string_view code,
                                       LocalDate at) {
  if (const auto* type = shelves.find<schemas::LicenceType>(code, at)) return type;
  const auto versions = shelves.of<schemas::LicenceType>().find(code);
  if (versions == shelves.of<schemas::LicenceType>().end()) return nullptr;
  for (auto it = versions->second.rbegin(); it != versions->second.rend(); ++it) {
    if (it->second.value->effective.from <= at) return it->second.value.get();
  }
  return nullptr;
}

template <class T>
void put_all(Shelves& shelves, const std::vector<T>& definitions) {
  for (const T& d : definitions) shelves.put(Definition(d), 0);
}

}  // namespace

Policy::Policy() : shelves_(std::make_unique<Shelves>()), memo_(std::make_unique<DecisionMemo>()) {}
Policy::~Policy() = default;

std::shared_ptr<const Policy> Policy::make(const Definitions& definitions, std::uint64_t epoch) {
  auto out = std::make_shared<Policy>();
  Shelves& shelves = *out->shelves_;
  put_all(shelves, definitions.types);
  put_all(shelves, definitions.kinds);
  put_all(shelves, definitions.matters);
  put_all(shelves, definitions.rules);
  put_all(shelves, definitions.bundles);
  put_all(shelves, definitions.proofs);
  put_all(shelves, definitions.tables);
  put_all(shelves, definitions.directory);
  put_all(shelves, definitions.publication);
  shelves.index();
  out->epoch_ = epoch;
  return out;
}

const schemas::LicenceType* Policy::find_type(std::string_view code, LocalDate at) const {
  return shelves_->find_type(code, at);
}
const schemas::BaseKind* Policy::find_base_kind(std::string_view id) const {
  return shelves_->find<schemas::BaseKind>(id, LocalDate());
}
const schemas::Matter* Policy::find_matter(std::string_view code, LocalDate at) const {
  return shelves_->find<schemas::Matter>(code, at);
}
const schemas::Bundle* Policy::find_bundle(std::string_view code, LocalDate at) const {
  return shelves_->find<schemas::Bundle>(code, at);
}
const schemas::Proof* Policy::find_proof(std::string_view code, LocalDate at) const {
  return shelves_->find<schemas::Proof>(code, at);
}
const schemas::CodeTable* Policy::find_code_table(std::string_view id, LocalDate at) const {
  return shelves_->find<schemas::CodeTable>(id, at);
}
const schemas::DirectoryEntry* Policy::find_directory_entry(std::string_view id,
                                                            LocalDate at) const {
  return shelves_->find<schemas::DirectoryEntry>(id, at);
}
const schemas::PublicationRule* Policy::find_publication_rule(LocalDate at) const {
  return shelves_->find<schemas::PublicationRule>(schemas::kPublicationRule, at);
}

// Mergers cannot be circular once checked; an older definition that is leads to a bounded walk.
std::string Policy::resolve_type(std::string_view code, LocalDate at) const {
  std::string out(code);
  for (int i = 0; i < kMergersInARow; ++i) {
    const auto* type = last_known(*shelves_, out, at);
    if (type == nullptr || !type->merged_into || at < type->merged_into->from) return out;
    out = type->merged_into->type.text();
  }
  return out;
}

std::vector<std::string> Policy::types_standing_for(std::string_view code, LocalDate at) const {
  std::vector<std::string> out = {std::string(code)};
  for (const auto& [id, versions] : shelves_->of<schemas::LicenceType>()) {
    const auto* type = last_known(*shelves_, id, at);
    if (type == nullptr || !type->merged_into || id == code) continue;
    if (resolve_type(id, at) == code) out.push_back(id);
  }
  return out;
}

// The version is chosen by id and day alone, before matter: a version that moved a rule to another
// matter must not leave the older one in force beside it.
std::vector<const schemas::SharingRule*> Policy::rules_for(std::string_view matter,
                                                           std::string_view object,
                                                           LocalDate at) const {
  std::vector<const schemas::SharingRule*> out;
  const schemas::SharingRule* previous = nullptr;
  for (const auto* rule : shelves_->rules_about(object)) {
    if (!rule->effective.covers(at)) continue;
    if (previous != nullptr && previous->id == rule->id) continue;
    previous = rule;
    if (shelves_->find<schemas::SharingRule>(rule->id, at) != rule) continue;  // it moved
    if (rule->matter == "*" || rule->matter == matter) out.push_back(rule);
  }
  return out;
}

std::vector<const schemas::LicenceType*> Policy::types() const {
  return all_of(shelves_->of<schemas::LicenceType>());
}
std::vector<const schemas::Matter*> Policy::matters() const {
  return all_of(shelves_->of<schemas::Matter>());
}
std::vector<const schemas::SharingRule*> Policy::rules() const {
  return all_of(shelves_->of<schemas::SharingRule>());
}

std::vector<const schemas::DirectoryEntry*> Policy::directory(LocalDate at) const {
  std::vector<const schemas::DirectoryEntry*> out;
  for (const auto& [id, versions] : shelves_->of<schemas::DirectoryEntry>()) {
    if (const auto* e = shelves_->find<schemas::DirectoryEntry>(id, at)) out.push_back(e);
  }
  return out;
}

}  // namespace lh::hub::access
