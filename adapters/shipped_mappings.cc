#include "adapters/shipped_mappings.h"

#include "base/embedded.h"

namespace lh::embedded {
std::span<const File> mappings();
}

namespace lh::adapters {

std::vector<std::string_view> shipped_mapping_names() {
  std::vector<std::string_view> out;
  for (const embedded::File& file : embedded::mappings()) out.push_back(file.path);
  return out;
}

std::optional<std::string_view> find_shipped_mapping(std::string_view name) {
  constexpr std::string_view kSuffix = ".toml";
  if (name.ends_with(kSuffix)) name.remove_suffix(kSuffix.size());
  for (const embedded::File& file : embedded::mappings()) {
    if (file.path.substr(0, file.path.size() - kSuffix.size()) == name) return file.bytes;
  }
  return std::nullopt;
}

}  // namespace lh::adapters
