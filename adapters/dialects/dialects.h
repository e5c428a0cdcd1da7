// Name dialects: under which column names the field's systems know the same fields. One table a
// dialect (adapters/dialects/*.tsv: column, tab, field), each field and each column once.
// Source: the columns of public tables and interfaces; canonical names are those of GB/T 36903.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace lh::adapters::dialects {

struct Name {
  std::string_view column;  // as the dialect spells it
  std::string_view field;
};

std::vector<std::string_view> names();  // of the dialects, ascending: "guangdong", "national", …
bool is_known(std::string_view dialect);
// The column a dialect has for a field; nothing when it has none, or is not known.
std::optional<std::string_view> column_of(std::string_view dialect, std::string_view field);
const std::vector<Name>& table(std::string_view dialect);  // empty when it is not known

}  // namespace lh::adapters::dialects
