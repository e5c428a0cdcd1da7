// Matters and their material lists in JSON (docs/formats/catalogue.md).
#include <algorithm>
#include <array>

#include "schemas/catalogue/parts.h"

namespace lh::schemas {
namespace {

constexpr std::size_t kMaterialsPerMatter = 200;
constexpr std::array<std::string_view, 3> kSubjects = {"applicant", "legal_representative",
                                                       "employee"};

bool is_code(std::string_view s, std::size_t longest) {
  return !s.empty() && s.size() <= longest && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-';
  });
}

// 其他材料, 有关材料 and the like: an open list is a demand nobody can meet once and for all.
bool is_open_ended(const Names& names) {
  constexpr std::array<std::string_view, 4> kWhich = {"其他", "其它", "有关", "相关"};
  constexpr std::array<std::string_view, 5> kWhat = {"材料", "资料", "文件", "证明", "证件"};
  constexpr std::array<std::string_view, 4> kEnglish = {"other materials", "other documents",
                                                        "relevant materials", "relevant documents"};
  if (names.chinese.ends_with("等") || names.chinese.ends_with("等材料")) return true;
  for (const auto which : kWhich) {
    for (const auto what : kWhat) {
      if (names.chinese.ends_with(std::string(which) + std::string(what))) return true;
    }
  }
  std::string english = names.english;
  std::transform(english.begin(), english.end(), english.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::any_of(kEnglish.begin(), kEnglish.end(),
                     [&english](std::string_view e) { return english.ends_with(e); });
}

Status read_source(ObjectReader& r, Material& m) {
  m.source = LH_TRY(r.string("source", 32));
  m.licence_type = LH_TRY(read_type_code(r, "licence_type"));
  m.base_kind = LH_TRY(r.optional_string("base_kind", 32)).value_or("");
  if (m.source != "licence" && m.source != "base_data" && m.source != "document") {
    return member_error(r, "source", Reason::kJsonValue, "licence, base_data or document");
  }
  if (m.licence_type.has_value() != (m.source == "licence")) {
    return member_error(r, "licence_type", Reason::kMatterInvalid, "goes with the source licence");
  }
  if (is_base_kind(m.base_kind) != (m.source == "base_data") ||
      (m.source != "base_data" && !m.base_kind.empty())) {
    return member_error(r, "base_kind", Reason::kMatterInvalid, "goes with the source base_data");
  }
  return {};
}

// Nobody may demand a material without a legal basis. An old demand stays readable when the file
// says so itself; the plan then answers not_demandable.
Status read_basis(ObjectReader& r, Material& m) {
  m.legal_basis = LH_TRY(r.optional_string("legal_basis", 1024)).value_or("");
  const bool waived = LH_TRY(r.optional_boolean("not_demandable")).value_or(false);
  if (m.legal_basis.empty() && !waived) {
    return member_error(r, "legal_basis", Reason::kMaterialNoBasis, m.code);
  }
  if (!m.legal_basis.empty() && waived) {
    return member_error(r, "not_demandable", Reason::kMatterInvalid, "contradicts legal_basis");
  }
  return {};
}

Result<Material> material_from_json(const Json& j, std::string where) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  Material m;
  m.code = LH_TRY(r.string("code", 64));
  if (!is_code(m.code, 64)) return member_error(r, "code", Reason::kJsonValue, "not a code");
  m.names = LH_TRY(read_names(r));
  if (is_open_ended(m.names)) {
    return member_error(r, "names", Reason::kMatterInvalid, "an open-ended demand");
  }
  for (const auto step : {read_source, read_basis}) {
    LH_TRY(step(r, m));
  }
  m.subject = LH_TRY(r.string("subject", 32));
  if (std::find(kSubjects.begin(), kSubjects.end(), m.subject) == kSubjects.end()) {
    return member_error(r, "subject", Reason::kJsonValue, "not a part in a case");
  }
  m.issued_by_roles = LH_TRY(read_texts(r, "issued_by_roles"));
  m.issued_by_asker = LH_TRY(r.optional_boolean("issued_by_asker")).value_or(false);
  LH_TRY(r.finish());
  return m;
}

Json material_to_json(const Material& m) {
  Json j = Json::object();
  j.set("code", m.code).set("names", names_to_json(m.names)).set("source", m.source);
  if (m.licence_type) j.set("licence_type", m.licence_type->text());
  if (!m.base_kind.empty()) j.set("base_kind", m.base_kind);
  if (m.legal_basis.empty()) {
    j.set("not_demandable", true);
  } else {
    j.set("legal_basis", m.legal_basis);
  }
  j.set("subject", m.subject);
  if (!m.issued_by_roles.empty()) j.set("issued_by_roles", texts_to_json(m.issued_by_roles));
  if (m.issued_by_asker) j.set("issued_by_asker", true);
  return j;
}

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
  return j;
}

}  // namespace lh::schemas
