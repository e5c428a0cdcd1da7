// A definition of any kind as one value: how it is read, written and named.
#pragma once

#include <variant>

#include "hub/access/catalogue.h"

namespace lh::hub::access {

// In the order of ObjectKind, from 1.
using Definition =
    std::variant<schemas::LicenceType, schemas::BaseKind, schemas::Matter, schemas::SharingRule,
                 schemas::Bundle, schemas::Proof, schemas::CodeTable, schemas::DirectoryEntry,
                 schemas::PublicationRule>;

bool is_object_kind(std::uint64_t n);
std::string_view kind_text(ObjectKind kind);           // of schemas::kDefinitionKinds
Result<ObjectKind> parse_kind(std::string_view text);  // json.value

Result<Definition> read_definition(ObjectKind kind, const schemas::Json& json);
schemas::Json write_definition(const Definition& definition);
ObjectKind kind_of(const Definition& definition);
std::string id_of(const Definition& definition);
int version_of(const Definition& definition);
// A kind of base data is in force from the beginning.
schemas::Effective effective_of(const Definition& definition);
// Where a definition of this kind stands.
Reason unknown_reason(ObjectKind kind);

}  // namespace lh::hub::access
