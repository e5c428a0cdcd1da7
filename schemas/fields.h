// Surface fields (照面信息) and their definitions: shared by licence types and base-data kinds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "schemas/json.h"

namespace lh::schemas {

enum class FieldKind : std::uint8_t {  // stored by name in definitions
  kText,
  kDate,
  kCode,
  kAmount,
  kInteger,
  kIdentifier,
  kList
};
enum class FieldPrivacy : std::uint8_t { kPublic, kPersonal };  // personal: about a natural person

struct FieldDefinition {
  std::string name;  // snake_case, national name where one exists (domain.md 1.3)
  std::string chinese;
  std::string english;
  FieldKind kind = FieldKind::kText;
  FieldPrivacy privacy = FieldPrivacy::kPublic;
  bool required = false;
  std::size_t max_bytes = 512;
  std::vector<std::pair<std::string, std::string>> codes;  // for kCode: value -> Chinese label
  std::string pinyin;                                      // ZZMC …, empty when none
  std::string identifier;  // for kIdentifier: "uscc", "resident_id", "organisation_code"
};

// Values in the order of the definition. Dates are YYYY-MM-DD, amounts decimal text with a currency
// ("2000000.00 CNY"), lists have one item a line.
using Fields = std::vector<std::pair<std::string, std::string>>;
const std::string* find_field(const Fields& fields, std::string_view name);

// Every required field present, none unknown, each valid for its kind. Errors: licence.field with
// the field's name (never its value). Gives the fields in the order of the definition.
Result<Fields> check_fields(const std::vector<FieldDefinition>& definitions, const Fields& fields);
Result<Fields> fields_from_json(const Json& object, std::string_view where);
Json fields_to_json(const Fields& fields);
Result<std::vector<FieldDefinition>> field_definitions_from_json(const Json& array);
Json field_definitions_to_json(const std::vector<FieldDefinition>& definitions);

}  // namespace lh::schemas
