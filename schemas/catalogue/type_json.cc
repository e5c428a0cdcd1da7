// Licence types and base-data kinds in JSON (docs/formats/catalogue.md).
#include <algorithm>

#include "schemas/catalogue/parts.h"

namespace lh::schemas {
namespace {

Result<HolderKind> read_holder(ObjectReader& r) {
  const std::string text = LH_TRY(r.string("holder", 32));
  if (text == "natural_person") return HolderKind::kNaturalPerson;
  if (text == "legal_entity") return HolderKind::kLegalEntity;
  if (text == "either") return HolderKind::kEither;
  return member_error(r, "holder", Reason::kJsonValue, "natural_person, legal_entity or either");
}

std::string_view holder_text(HolderKind k) {
  switch (k) {
    case HolderKind::kNaturalPerson:
      return "natural_person";
    case HolderKind::kLegalEntity:
      return "legal_entity";
    case HolderKind::kEither:
      return "either";
  }
  LH_CHECK(false, "a holder kind outside the list");
  return {};
}

// 国发〔2016〕51号: 无条件共享, 有条件共享, 不予共享.
Result<std::string> read_sharing(ObjectReader& r) {
  std::string text = LH_TRY(r.string("sharing", 32));
  if (text != "unconditional" && text != "conditional" && text != "not_shared") {
    return member_error(r, "sharing", Reason::kJsonValue,
                        "unconditional, conditional or not_shared");
  }
  return text;
}

Result<std::optional<int>> read_validity(ObjectReader& r) {
  const auto years = LH_TRY(r.optional_integer("validity_years"));
  if (!years) return std::optional<int>();
  if (*years < 1 || *years > 100) {
    return member_error(r, "validity_years", Reason::kJsonValue, "outside 1..100");
  }
  return std::optional<int>(static_cast<int>(*years));
}

Status check_type(const ObjectReader& r, const LicenceType& t) {
  // The type code is the defining body's code and three characters (domain rule, GB/T 36904).
  if (t.code.text().substr(0, 18) != t.defining_authority.text()) {
    return member_error(r, "code", Reason::kTypeInvalid, "not a code of the defining authority");
  }
  const bool known = std::any_of(t.fields.begin(), t.fields.end(), [&t](const FieldDefinition& d) {
    return d.name == t.number_field;
  });
  if (!known) return member_error(r, "number_field", Reason::kTypeInvalid, "not one of the fields");
  if (t.merged_into && t.merged_into->type == t.code) {
    return member_error(r, "merged_into", Reason::kTypeInvalid, "the type itself");
  }
  return {};
}

Result<std::optional<MergedInto>> read_merged(ObjectReader& r) {
  const Json* value = r.optional("merged_into");
  if (value == nullptr) return std::optional<MergedInto>();
  ObjectReader m = LH_TRY(ObjectReader::open(*value, r.path("merged_into")));
  const auto type = LH_TRY(read_type_code(m, "type"));
  const auto from = LH_TRY(read_date(m, "from"));
  if (!type) return member_error(m, "type", Reason::kJsonMissingMember);
  if (!from) return member_error(m, "from", Reason::kJsonMissingMember);
  LH_TRY(m.finish());
  return std::optional(MergedInto{*type, *from});
}

}  // namespace

Result<LicenceType> licence_type_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "licence_type"));
  LicenceType t;
  const auto code = LH_TRY(read_type_code(r, "code"));
  if (!code) return member_error(r, "code", Reason::kJsonMissingMember);
  t.code = *code;
  t.version = LH_TRY(read_version(r));
  t.effective = LH_TRY(read_effective(r));
  t.names = LH_TRY(read_names(r));
  t.defining_authority = LH_TRY(read_uscc(r, "defining_authority"));
  t.holder = LH_TRY(read_holder(r));
  t.validity_years = LH_TRY(read_validity(r));
  t.sharing = LH_TRY(read_sharing(r));
  t.number_field = LH_TRY(r.string("number_field", 64));
  t.fields = LH_TRY(type_fields_from_json(*LH_TRY(r.array("fields")), t.code_tables));
  LH_TRY(read_chapters(r, t.chapters));
  t.merged_into = LH_TRY(read_merged(r));
  for (const Status& s : {r.finish(), check_type(r, t)}) {
    if (!s.ok()) return s.error();
  }
  return t;
}

Json licence_type_to_json(const LicenceType& t) {
  Json j = Json::object();
  j.set("code", t.code.text()).set("version", t.version);
  j.set("effective", effective_to_json(t.effective)).set("names", names_to_json(t.names));
  j.set("defining_authority", t.defining_authority.text()).set("holder", holder_text(t.holder));
  if (t.validity_years) j.set("validity_years", *t.validity_years);
  j.set("sharing", t.sharing).set("number_field", t.number_field);
  j.set("fields", type_fields_to_json(t.fields, t.code_tables));
  chapters_to_json(t.chapters, j);
  if (t.merged_into) {
    Json merged = Json::object();
    merged.set("type", t.merged_into->type.text()).set("from", t.merged_into->from.text());
    j.set("merged_into", std::move(merged));
  }
  return j;
}

Result<BaseKind> base_kind_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "base_kind"));
  BaseKind k;
  k.id = LH_TRY(r.string("id", 32));
  if (!is_base_kind(k.id)) {
    return member_error(r, "id", Reason::kJsonValue, "natural_person, legal_entity or address");
  }
  k.version = LH_TRY(read_version(r));
  k.names = LH_TRY(read_names(r));
  k.fields = LH_TRY(field_definitions_from_json(*LH_TRY(r.array("fields"))));
  LH_TRY(r.finish());
  return k;
}

Json base_kind_to_json(const BaseKind& k) {
  return Json::object()
      .set("id", k.id)
      .set("version", k.version)
      .set("names", names_to_json(k.names))
      .set("fields", field_definitions_to_json(k.fields));
}

}  // namespace lh::schemas
