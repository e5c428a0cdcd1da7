// Matters and their material lists in JSON (docs/formats/catalogue.md).
#include <algorithm>

#include "schemas/catalogue/parts.h"
#include "schemas/catalogue_lists.h"

namespace lh::schemas {
namespace {

constexpr std::size_t kMaterialsPerMatter = 200;

Result<std::vector<Material>> read_materials(ObjectReader& r) {
  const Json* array = LH_TRY(r.array("materials"));
  if (array->items()->size() > kMaterialsPerMatter) {
    return member_error(r, "materials", Reason::kMatterInvalid, "too many");
  }
  std::vector<Material> out;
  for (std::size_t i = 0; i < array->items()->size(); ++i) {
    auto m = LH_TRY(
        material_from_json((*array->items())[i], r.path("materials[" + std::to_string(i) + "]")));
    if (std::any_of(out.begin(), out.end(),
                    [&m](const Material& other) { return other.code == m.code; })) {
      return member_error(r, "materials", Reason::kMatterInvalid, m.code + " is there twice");
    }
    out.push_back(std::move(m));
  }
  return out;
}

// 目录清单与实施清单: which entry of which level's catalogue it implements.
Status read_place(ObjectReader& r, Matter& m) {
  m.catalogue_code = LH_TRY(r.optional_string("catalogue_code", 36)).value_or("");
  if (!m.catalogue_code.empty() && !is_code(m.catalogue_code, 36)) {
    return member_error(r, "catalogue_code", Reason::kJsonValue, "not a code");
  }
  if (r.optional("level") != nullptr) m.level = LH_TRY(read_word(r, "level", kLevels));
  m.matter_type = LH_TRY(r.optional_string("matter_type", 64)).value_or("");
  return {};
}

}  // namespace

Result<Matter> matter_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "matter"));
  Matter m;
  m.code = LH_TRY(r.string("code", 36));  // 实施编码, up to 36 characters in the upload tables
  if (!is_code(m.code, 36)) return member_error(r, "code", Reason::kJsonValue, "not a code");
  m.version = LH_TRY(read_version(r));
  m.effective = LH_TRY(read_effective(r));
  m.names = LH_TRY(read_names(r));
  m.implementing_body = LH_TRY(read_uscc(r, "implementing_body"));
  m.division = LH_TRY(r.string("division", 12));
  const auto division = parse_division(m.division);
  if (!division.ok()) return member_error(r, "division", division.error().reason());
  m.result_type = LH_TRY(read_type_code(r, "result_type"));
  m.legal_basis = LH_TRY(read_filled(r, "legal_basis", 1024));
  m.materials = LH_TRY(read_materials(r));
  LH_TRY(read_place(r, m));
  LH_TRY(r.finish());
  return m;
}

Json matter_to_json(const Matter& m) {
  Json j = Json::object();
  j.set("code", m.code).set("version", m.version);
  j.set("effective", effective_to_json(m.effective)).set("names", names_to_json(m.names));
  j.set("implementing_body", m.implementing_body.text()).set("division", m.division);
  if (m.result_type) j.set("result_type", m.result_type->text());
  j.set("legal_basis", m.legal_basis);
  Json materials = Json::array();
  for (const Material& material : m.materials) materials.push(material_to_json(material));
  j.set("materials", std::move(materials));
  if (!m.catalogue_code.empty()) j.set("catalogue_code", m.catalogue_code);
  if (!m.level.empty()) j.set("level", m.level);
  if (!m.matter_type.empty()) j.set("matter_type", m.matter_type);
  return j;
}

}  // namespace lh::schemas
