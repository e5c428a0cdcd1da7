// What a mapping says of calls at request time and of records given back: the key of one record of
// the source, and the record of a push, as texts with places in braces.
//   [[outputs]] lookup = { "信用代码" = "{holder.id}", "region" = "990102" }
//   [[pushes]] object, on, and record = { certNo = "{licence_id}", name = "{field.operator_name}" }
//   [[pushes]] object, on = ["base_data"], and record = { code = "{field.uscc}", what = "{event}" }
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/mapping.h"

namespace lh::adapters {

// Errors: mapping.invalid with the line.
Status read_lookup(SettingsReader& output, OutputRule& out);
Status read_pushes(SettingsReader& mapping, Mapping& out);

using NamedTexts = std::vector<std::pair<std::string, std::string>>;

// The key of the records of one holder; the rule has a lookup.
NamedTexts lookup_key(const OutputRule& rule, const std::string& holder_id);

// The record to push. Values by the names that is_push_place() knows; what has no value is empty.
NamedTexts push_record(const PushRule& rule, const NamedTexts& values);
bool is_push_place(RecordKind about, std::string_view name);

}  // namespace lh::adapters
