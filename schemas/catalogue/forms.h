// Forms as data (docs/formats/form.md): each field of a form with the materials it can be filled
// from, the preferred one first.
#pragma once

#include <string>
#include <vector>

#include "schemas/catalogue.h"

namespace lh::schemas {

struct FormSource {
  std::string material, field;
};
struct FormField {
  std::string name;
  Names names;
  std::vector<FormSource> sources;  // never empty
};
struct Form {
  std::string id;
  int version = 1;
  Names names;
  std::string matter;
  std::vector<FormField> fields;
};

// Errors: definition.invalid (a field twice, or without a source), json.*.
Result<Form> form_from_json(const Json& j);
// Of the binary (schemas/data/forms). LH_CHECK: they are valid (tested).
std::vector<Form> shipped_forms();

}  // namespace lh::schemas
