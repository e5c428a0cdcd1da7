// A filled form as JSON text: per field the value with its source, or why it is missing, or what
// contradicts itself. Pure. Private to hub/exchange.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemas/catalogue/forms.h"
#include "schemas/fields.h"

namespace lh::hub::exchange {

// One material of the case as the form sees it: plain values, known before anything is opened.
struct FormMaterial {
  std::string material;
  std::string why;                    // why nothing of it can be used; empty: it can
  std::vector<std::string> released;  // fields
  std::string licence_id, verdict;    // empty for base data
};
struct FormFrame {
  schemas::Form form;
  std::string case_id, as_of;
  std::vector<FormMaterial> materials;
};
using MaterialFields = std::vector<std::optional<schemas::Fields>>;  // in the order of materials

std::string filled_form(const MaterialFields& fields, const FormFrame& frame);

}  // namespace lh::hub::exchange
