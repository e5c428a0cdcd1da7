#include "hub/access/definitions/kinds.h"

namespace lh::hub::access {
namespace {

template <class T>
std::string id_of_one(const T& d) {
  if constexpr (requires { d.code.text(); }) {
    return d.code.text();
  } else if constexpr (requires { d.code; }) {
    return d.code;
  } else {
    return d.id;
  }
}

template <class T>
Result<Definition> read(Result<T> (*from_json)(const schemas::Json&), const schemas::Json& json) {
  return Definition(LH_TRY(from_json(json)));
}

struct Writer {
  schemas::Json operator()(const schemas::LicenceType& d) { return licence_type_to_json(d); }
  schemas::Json operator()(const schemas::BaseKind& d) { return base_kind_to_json(d); }
  schemas::Json operator()(const schemas::Matter& d) { return matter_to_json(d); }
  schemas::Json operator()(const schemas::SharingRule& d) { return sharing_rule_to_json(d); }
  schemas::Json operator()(const schemas::Bundle& d) { return bundle_to_json(d); }
  schemas::Json operator()(const schemas::Proof& d) { return proof_to_json(d); }
  schemas::Json operator()(const schemas::CodeTable& d) { return code_table_to_json(d); }
  schemas::Json operator()(const schemas::DirectoryEntry& d) { return directory_entry_to_json(d); }
  schemas::Json operator()(const schemas::PublicationRule& d) {
    return publication_rule_to_json(d);
  }
};

}  // namespace

bool is_object_kind(std::uint64_t n) {
  return n >= 1 && n <= std::variant_size_v<Definition>;
}

std::string_view kind_text(ObjectKind kind) {
  return schemas::kDefinitionKinds[static_cast<std::size_t>(kind) - 1];
}

Result<ObjectKind> parse_kind(std::string_view text) {
  for (std::size_t i = 0; i < std::size(schemas::kDefinitionKinds); ++i) {
    if (schemas::kDefinitionKinds[i] == text) return static_cast<ObjectKind>(i + 1);
  }
  return Error(Reason::kJsonValue, "kind: not a kind of definition");
}

Result<Definition> read_definition(ObjectKind kind, const schemas::Json& json) {
  switch (kind) {
    case ObjectKind::kLicenceType:
      return read(schemas::licence_type_from_json, json);
    case ObjectKind::kBaseKind:
      return read(schemas::base_kind_from_json, json);
    case ObjectKind::kMatter:
      return read(schemas::matter_from_json, json);
    case ObjectKind::kRule:
      return read(schemas::sharing_rule_from_json, json);
    case ObjectKind::kBundle:
      return read(schemas::bundle_from_json, json);
    case ObjectKind::kProof:
      return read(schemas::proof_from_json, json);
    case ObjectKind::kCodeTable:
      return read(schemas::code_table_from_json, json);
    case ObjectKind::kDirectoryEntry:
      return read(schemas::directory_entry_from_json, json);
    case ObjectKind::kPublicationRule:
      return read(schemas::publication_rule_from_json, json);
  }
  return Error(Reason::kInputMalformed, "kind of definition");
}

schemas::Json write_definition(const Definition& definition) {
  return std::visit(Writer{}, definition);
}

ObjectKind kind_of(const Definition& definition) {
  return static_cast<ObjectKind>(definition.index() + 1);
}

std::string id_of(const Definition& definition) {
  return std::visit([](const auto& d) { return id_of_one(d); }, definition);
}

int version_of(const Definition& definition) {
  return std::visit([](const auto& d) { return d.version; }, definition);
}

schemas::Effective effective_of(const Definition& definition) {
  return std::visit(
      [](const auto& d) {
        if constexpr (requires { d.effective; }) {
          return d.effective;
        } else {
          return schemas::Effective{};
        }
      },
      definition);
}

Reason unknown_reason(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kLicenceType:
      return Reason::kTypeUnknown;
    case ObjectKind::kMatter:
      return Reason::kMatterUnknown;
    case ObjectKind::kBundle:
      return Reason::kBundleUnknown;
    case ObjectKind::kRule:
      return Reason::kRouteUnknown;
    default:
      return Reason::kDefinitionUnknown;
  }
}

}  // namespace lh::hub::access
