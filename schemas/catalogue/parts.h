// Parts that the definitions of the catalogue share in their JSON form. Private to this folder.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/catalogue.h"

namespace lh::schemas {

// An error about one member, with its path: "licence_type.code".
Error member_error(const ObjectReader& r, std::string_view member, Reason reason,
                   std::string_view why = {});

Result<std::string> read_filled(ObjectReader& r, std::string_view member, std::size_t max_bytes);
Result<Names> read_names(ObjectReader& r);          // member "names"
Result<Effective> read_effective(ObjectReader& r);  // member "effective"
Result<int> read_version(ObjectReader& r);          // member "version", 1..999 (GB/T 36904)
Result<Uscc> read_uscc(ObjectReader& r, std::string_view member);
Result<std::optional<LicenceTypeCode>> read_type_code(ObjectReader& r, std::string_view member);
// An array of distinct non-empty texts; absent = empty.
Result<std::vector<std::string>> read_texts(ObjectReader& r, std::string_view member);

bool is_code(std::string_view s, std::size_t longest);  // letters, digits, _ and -
bool is_base_kind(std::string_view id);                 // natural_person, legal_entity, address

Result<Material> material_from_json(const Json& j, std::string where);
Json material_to_json(const Material& m);

// [a-z0-9._-]{1,64}, as ids of sharing rules are.
bool is_definition_id(std::string_view s);
// One of a short list of words, or json.value with the list.
Result<std::string> read_word(ObjectReader& r, std::string_view member,
                              std::span<const std::string_view> words);
// Every item of a list of texts is one of the words.
Status check_words(const ObjectReader& r, std::string_view member,
                   const std::vector<std::string>& texts, std::span<const std::string_view> words);
Result<std::optional<LocalDate>> read_date(ObjectReader& r, std::string_view member);

// Fields that may name a code table (only types can: base data is read without the catalogue).
using TypeTables = std::vector<std::pair<std::string, std::string>>;
Result<std::vector<FieldDefinition>> type_fields_from_json(const Json& array, TypeTables& tables);
Json type_fields_to_json(const std::vector<FieldDefinition>& fields, const TypeTables& tables);

Status read_chapters(ObjectReader& r, TypeChapters& out);
void chapters_to_json(const TypeChapters& c, Json& j);

Json effective_to_json(const Effective& e);
Json texts_to_json(const std::vector<std::string>& texts);

}  // namespace lh::schemas
