// What a mapping must satisfy beyond its syntax.
#pragma once

#include "adapters/mapping.h"

namespace lh::adapters {

// Every converter, check, table and field that is named exists and fits. Errors: mapping.invalid
// with the line of the field or output.
Status check_mapping(const Mapping& mapping);

// Asks a mapping for its tables [limits], [calendar] and [reconcile]. Errors: mapping.invalid.
Status read_run_terms(SettingsReader& mapping, Mapping& out);

// The statuses a licence may come with (schemas::LicenceStatus by name).
bool is_licence_status(std::string_view text);
const FieldRule* find_field_rule(const OutputRule& output, std::string_view name);

}  // namespace lh::adapters
