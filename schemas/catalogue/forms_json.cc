#include <algorithm>

#include "base/embedded.h"
#include "base/limits.h"
#include "schemas/catalogue/forms.h"
#include "schemas/catalogue/parts.h"

namespace lh::embedded {
std::span<const File> schema_files();  // made by tools/cmake/embed.cmake
}

namespace lh::schemas {
namespace {

constexpr std::size_t kFormFields = 256;
constexpr std::size_t kSources = 8;

Result<FormSource> source_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "form.source"));
  FormSource out{LH_TRY(read_filled(r, "material", 64)), LH_TRY(read_filled(r, "field", 64))};
  LH_TRY(r.finish());
  return out;
}

Result<FormField> field_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "form.field"));
  FormField out;
  out.name = LH_TRY(read_filled(r, "name", 64));
  out.names = LH_TRY(read_names(r));
  const auto& sources = *LH_TRY(r.array("sources"))->items();
  if (sources.empty() || sources.size() > kSources) {
    return Error(Reason::kDefinitionInvalid, "form.field.sources: none, or too many");
  }
  for (const Json& source : sources) out.sources.push_back(LH_TRY(source_from_json(source)));
  LH_TRY(r.finish());
  return out;
}

}  // namespace

Result<Form> form_from_json(const Json& j) {
  auto r = LH_TRY(ObjectReader::open(j, "form"));
  Form out;
  out.id = LH_TRY(read_filled(r, "id", 64));
  out.version = LH_TRY(read_version(r));
  out.names = LH_TRY(read_names(r));
  out.matter = LH_TRY(read_filled(r, "matter", 36));
  const auto& fields = *LH_TRY(r.array("fields"))->items();
  if (fields.empty() || fields.size() > kFormFields) {
    return Error(Reason::kDefinitionInvalid, "form.fields: none, or too many");
  }
  for (const Json& field : fields) {
    out.fields.push_back(LH_TRY(field_from_json(field)));
    const auto again = std::count_if(out.fields.begin(), out.fields.end(), [&out](const auto& f) {
      return f.name == out.fields.back().name;
    });
    if (again > 1) return Error(Reason::kDefinitionInvalid, "form.fields: the same name twice");
  }
  LH_TRY(r.finish());
  return out;
}

// A shipped file that is not valid is a bug of this build, found by the unit tests.
std::vector<Form> shipped_forms() {
  std::vector<Form> out;
  for (const embedded::File& file : embedded::schema_files()) {
    if (!file.path.starts_with("forms/")) continue;
    const auto json = parse_json(file.bytes, limits::kJsonBodyBytes);
    LH_CHECK(json.ok(), file.path);
    auto form = form_from_json(*json);
    LH_CHECK(form.ok(), std::string(file.path) + ": " + form.error().describe());
    out.push_back(std::move(form).value());
  }
  return out;
}

}  // namespace lh::schemas
