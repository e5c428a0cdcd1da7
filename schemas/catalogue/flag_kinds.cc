#include "schemas/catalogue/flag_kinds.h"

#include "base/embedded.h"
#include "base/limits.h"

namespace lh::embedded {
std::span<const File> schema_files();  // made by tools/cmake/embed.cmake
}

namespace lh::schemas {

Result<FlagKind> flag_kind_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "flag_kind"));
  FlagKind out;
  out.id = LH_TRY(r.string("id", 64));
  auto names = LH_TRY(ObjectReader::open(*LH_TRY(r.object("names")), "flag_kind.names"));
  out.names.chinese = LH_TRY(names.string("chinese", 256));
  out.names.english = LH_TRY(names.string("english", 256));
  LH_TRY(names.finish());
  out.usual_basis = LH_TRY(r.optional_string("usual_basis", 512)).value_or(std::string());
  LH_TRY(r.finish());
  if (out.id.empty()) return Error(Reason::kJsonValue, r.path("id"));
  return out;
}

const std::vector<FlagKind>& shipped_flag_kinds() {
  static const std::vector<FlagKind> kKinds = [] {
    std::vector<FlagKind> out;
    for (const embedded::File& file : embedded::schema_files()) {
      if (!file.path.starts_with("flags/")) continue;
      const auto json = parse_json(file.bytes, limits::kJsonBodyBytes);
      LH_CHECK(json.ok(), file.path);
      auto kind = flag_kind_from_json(*json);
      LH_CHECK(kind.ok(), file.path);
      out.push_back(std::move(*kind));
    }
    return out;
  }();
  return kKinds;
}

const FlagKind* find_flag_kind(std::string_view id) {
  for (const FlagKind& kind : shipped_flag_kinds()) {
    if (kind.id == id) return &kind;
  }
  return nullptr;
}

}  // namespace lh::schemas
