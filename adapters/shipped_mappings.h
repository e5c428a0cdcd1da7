// The mapping files that are part of the binary (adapters/mappings/*.toml).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace lh::adapters {

std::vector<std::string_view> shipped_mapping_names();  // "legal-entities-jilin.toml", …
// The text of one, by its file name with or without ".toml".
std::optional<std::string_view> find_shipped_mapping(std::string_view name);

}  // namespace lh::adapters
