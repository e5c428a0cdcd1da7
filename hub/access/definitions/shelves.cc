#include "hub/access/definitions/shelves.h"

#include <set>

namespace lh::hub::access {
namespace {

// Calls visit with a value of the kind's type, which is not looked at.
template <class Visit>
auto by_kind(ObjectKind kind, const Visit& visit) {
  switch (kind) {
    case ObjectKind::kLicenceType:
      return visit(static_cast<const schemas::LicenceType*>(nullptr));
    case ObjectKind::kBaseKind:
      return visit(static_cast<const schemas::BaseKind*>(nullptr));
    case ObjectKind::kMatter:
      return visit(static_cast<const schemas::Matter*>(nullptr));
    case ObjectKind::kRule:
      return visit(static_cast<const schemas::SharingRule*>(nullptr));
    case ObjectKind::kBundle:
      return visit(static_cast<const schemas::Bundle*>(nullptr));
    case ObjectKind::kProof:
      return visit(static_cast<const schemas::Proof*>(nullptr));
    case ObjectKind::kCodeTable:
      return visit(static_cast<const schemas::CodeTable*>(nullptr));
    case ObjectKind::kDirectoryEntry:
      return visit(static_cast<const schemas::DirectoryEntry*>(nullptr));
    case ObjectKind::kPublicationRule:
      return visit(static_cast<const schemas::PublicationRule*>(nullptr));
  }
  LH_CHECK(false, "a kind outside the list");
  return visit(static_cast<const schemas::PublicationRule*>(nullptr));
}

}  // namespace

void Shelves::put(const Definition& definition, std::uint64_t mark) {
  const std::string id = id_of(definition);
  const int version = version_of(definition);
  std::visit(
      [&](const auto& d) {
        using T = std::decay_t<decltype(d)>;
        std::get<Shelf<T>>(shelves_)[id][version] = {std::make_shared<const T>(d), mark};
      },
      definition);
}

bool Shelves::take_over(const Shelves& earlier, ObjectKind kind, std::string_view id, int version,
                        std::uint64_t mark) {
  return by_kind(kind, [&]<class T>(const T*) {
    const auto& shelf = earlier.of<T>();
    const auto versions = shelf.find(id);
    if (versions == shelf.end()) return false;
    const auto kept = versions->second.find(version);
    if (kept == versions->second.end() || kept->second.mark != mark) return false;
    std::get<Shelf<T>>(shelves_)[std::string(id)][version] = kept->second;
    return true;
  });
}

std::optional<Definition> Shelves::newest(ObjectKind kind, std::string_view id) const {
  return by_kind(kind, [&]<class T>(const T*) -> std::optional<Definition> {
    const auto versions = of<T>().find(id);
    if (versions == of<T>().end()) return std::nullopt;
    return Definition(*versions->second.rbegin()->second.value);
  });
}

std::optional<Definition> Shelves::in_force(ObjectKind kind, std::string_view id,
                                            LocalDate at) const {
  return by_kind(kind, [&]<class T>(const T*) -> std::optional<Definition> {
    const T* found = find<T>(id, at);
    if (found == nullptr) return std::nullopt;
    return Definition(*found);
  });
}

std::vector<std::string> Shelves::ids_in_force(ObjectKind kind, LocalDate at) const {
  return by_kind(kind, [&]<class T>(const T*) {
    std::vector<std::string> out;
    for (const auto& [id, versions] : of<T>()) {
      if (find<T>(id, at) != nullptr) out.push_back(id);
    }
    return out;
  });
}

void Shelves::index() {
  rules_by_object_.clear();
  for (const auto& [id, versions] : of<schemas::SharingRule>()) {
    for (auto it = versions.rbegin(); it != versions.rend(); ++it) {
      rules_by_object_[it->second.value->object].push_back(it->second.value.get());
    }
  }
  resolved_.clear();
  for (const auto& [code, versions] : of<schemas::LicenceType>()) {
    for (const auto& [version, kept] : versions) {
      if (!kept.value->code_tables.empty()) resolve_tables(*kept.value);
    }
  }
}

// The codes change on the days a version of a table begins or ends.
void Shelves::resolve_tables(const schemas::LicenceType& type) {
  std::set<LocalDate> days = {type.effective.from};
  for (const auto& [field, table] : type.code_tables) {
    const auto versions = of<schemas::CodeTable>().find(table);
    if (versions == of<schemas::CodeTable>().end()) continue;
    for (const auto& [version, kept] : versions->second) {
      days.insert(kept.value->effective.from);
      if (kept.value->effective.until) days.insert(kept.value->effective.until->plus_days(1));
    }
  }
  Segments segments;
  for (const LocalDate day : days) {
    auto copy = std::make_shared<schemas::LicenceType>(type);
    for (auto& field : copy->fields) fill_codes(field, day, type);
    segments.emplace_back(day, std::move(copy));
  }
  resolved_[&type] = std::move(segments);
}

void Shelves::fill_codes(schemas::FieldDefinition& field, LocalDate day,
                         const schemas::LicenceType& type) const {
  for (const auto& [name, id] : type.code_tables) {
    const auto* table = find<schemas::CodeTable>(id, day);
    if (name != field.name || table == nullptr) continue;
    for (const auto& [code, names] : table->codes) field.codes.emplace_back(code, names.chinese);
  }
}

const schemas::LicenceType* Shelves::find_type(std::string_view code, LocalDate at) const {
  const auto* found = find<schemas::LicenceType>(code, at);
  if (found == nullptr || resolved_.empty()) return found;
  const auto segments = resolved_.find(found);
  if (segments == resolved_.end()) return found;
  const schemas::LicenceType* out = found;
  for (const auto& [day, type] : segments->second) {
    if (day <= at) out = type.get();
  }
  return out;
}

const std::vector<const schemas::SharingRule*>& Shelves::rules_about(
    std::string_view object) const {
  static const std::vector<const schemas::SharingRule*> kNone;
  const auto found = rules_by_object_.find(object);
  return found == rules_by_object_.end() ? kNone : found->second;
}

std::shared_ptr<const Policy> PolicyMaker::with(const Policy& policy,
                                                const std::vector<Definition>& more) {
  auto out = std::make_shared<Policy>();
  *out->shelves_ = policy.shelves();
  for (const Definition& d : more) out->shelves_->put(d, 0);
  out->shelves_->index();
  out->epoch_ = policy.epoch();
  return out;
}

}  // namespace lh::hub::access
