// A first mapping for a source nobody has mapped yet: its columns are matched with the fields of a
// licence type or base-data kind by name (Chinese, English, and the name dialects of the field:
// pinyin initials, national, Guangdong family); converters and checks follow the kind of each
// field. What could not be matched stands in the text as a comment with the shape of its values.
#pragma once

#include <string>
#include <vector>

#include "adapters/adapter.h"
#include "schemas/fields.h"

namespace lh::hub::ingest {

struct ProposalInput {
  std::string name;
  std::string source;  // the [source] table, TOML
  adapters::RecordKind kind = adapters::RecordKind::kBaseData;
  std::string object;  // licence type code or base-data kind
  std::vector<schemas::FieldDefinition> fields;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> samples;  // rows of values, in the order of columns
};
struct Proposal {
  std::string toml;
  std::vector<std::string> matched;  // fields that found a column
  std::vector<std::string> open;     // required fields that found none: the file needs a person
};
Proposal propose_mapping(const ProposalInput& input);

// The field a column of that name probably is; empty: none. Case, spaces and underscores do not
// matter.
std::string field_for_column(const std::vector<schemas::FieldDefinition>& fields,
                             std::string_view column);

}  // namespace lh::hub::ingest
