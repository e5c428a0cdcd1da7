// Definitions for tests of the catalogue: small ones, valid, changed at will.
#pragma once

#include "hub/access/definitions/shelves.h"
#include "tests/kits/audit_kit.h"

namespace lh::kits {

inline LocalDate on(std::string_view text) {
  return parse_date(text).value();
}

inline const LocalDate kStart = LocalDate::make(2026, 1, 1).value();
inline constexpr std::string_view kBody = "11990100MB99000131";

inline LicenceTypeCode type_code(int number) {
  const std::string digits = std::to_string(1000 + number).substr(1);
  return parse_licence_type_code(std::string(kBody) + digits).value();
}

inline schemas::LicenceType small_type(int number) {
  schemas::LicenceType t;
  t.code = type_code(number);
  t.effective.from = kStart;
  t.names = {"证照" + std::to_string(number), "Licence " + std::to_string(number)};
  t.defining_authority = parse_uscc(kBody).value();
  t.sharing = "conditional";
  t.number_field = "number";
  schemas::FieldDefinition d;
  d.name = "number";
  d.chinese = "编号";
  d.english = "Number";
  t.fields = {d};
  return t;
}

inline schemas::Material licence_material(std::string code, int type,
                                          std::string subject = "applicant") {
  schemas::Material m;
  m.code = std::move(code);
  m.names = {"材料" + m.code, "Material " + m.code};
  m.source = "licence";
  m.licence_type = type_code(type);
  m.legal_basis = "某办法第" + std::to_string(type) + "条";
  m.subject = std::move(subject);
  return m;
}

inline schemas::Material document_material(std::string code, std::string chinese) {
  schemas::Material m;
  m.code = std::move(code);
  m.names = {std::move(chinese), "Document"};
  m.source = "document";
  m.legal_basis = "某办法";
  m.subject = "applicant";
  return m;
}

// Ends in the type of that number; none when 0.
inline schemas::Matter small_matter(std::string code, int result,
                                    std::vector<schemas::Material> materials = {}) {
  schemas::Matter m;
  m.code = std::move(code);
  m.effective.from = kStart;
  m.names = {"事项" + m.code, "Matter " + m.code};
  m.implementing_body = parse_uscc(kBody).value();
  m.division = "990100";
  if (result != 0) m.result_type = type_code(result);
  m.legal_basis = "某法";
  m.materials = std::move(materials);
  return m;
}

inline schemas::Proof small_proof(std::string code) {
  schemas::Proof p;
  p.code = std::move(code);
  p.effective.from = kStart;
  p.names = {"证明", "Proof"};
  p.legal_basis = "清单";
  return p;
}

inline std::string refused(const Status& s) {
  return s.ok() ? "good" : std::string(s.error().id());
}

}  // namespace lh::kits
