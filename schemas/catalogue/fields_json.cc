// Field values and field definitions in JSON (docs/formats/catalogue.md).
#include <algorithm>
#include <array>

#include "base/limits.h"
#include "schemas/catalogue/parts.h"

namespace lh::schemas {
namespace {

struct KindName {
  FieldKind kind;
  std::string_view text;
};
constexpr std::array kKindNames = {
    KindName{FieldKind::kText, "text"},       KindName{FieldKind::kDate, "date"},
    KindName{FieldKind::kCode, "code"},       KindName{FieldKind::kAmount, "amount"},
    KindName{FieldKind::kInteger, "integer"}, KindName{FieldKind::kIdentifier, "identifier"},
    KindName{FieldKind::kList, "list"},
};
constexpr std::array<std::string_view, 3> kIdentifiers = {"uscc", "resident_id",
                                                          "organisation_code"};

bool is_field_name(std::string_view s) {
  if (s.empty() || s.size() > 64 || s.front() < 'a' || s.front() > 'z') return false;
  return std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Error bad(const ObjectReader& r, std::string_view member, std::string_view why) {
  return Error(Reason::kJsonValue, r.path(member) + ": " + std::string(why));
}

Status read_kind(ObjectReader& r, FieldDefinition& d) {
  const std::string text = LH_TRY(r.string("kind", 32));
  const auto it = std::find_if(kKindNames.begin(), kKindNames.end(),
                               [&text](const KindName& k) { return k.text == text; });
  if (it == kKindNames.end()) return bad(r, "kind", "not a kind of field");
  d.kind = it->kind;
  return {};
}

// `table`: where a field may name a code table instead of its codes; null where it may not.
Status read_codes(ObjectReader& r, FieldDefinition& d, std::string* table) {
  const Json* codes = r.optional("codes");
  if (table != nullptr) *table = LH_TRY(r.optional_string("code_table", 64)).value_or("");
  const bool named = table != nullptr && !table->empty();
  if ((codes != nullptr || named) != (d.kind == FieldKind::kCode)) {
    return bad(r, "codes", "given for the kind \"code\" and for no other");
  }
  if (codes != nullptr && named) return bad(r, "code_table", "contradicts codes");
  if (codes == nullptr) return {};
  if (codes->members() == nullptr || codes->members()->empty()) {
    return bad(r, "codes", "an object of code and Chinese label");
  }
  for (const auto& [code, label] : *codes->members()) {
    const std::string* text = label.string();
    if (code.empty() || text == nullptr || text->empty()) {
      return bad(r, "codes", "a code or its label is empty");
    }
    d.codes.emplace_back(code, *text);
  }
  return {};
}

Status read_identifier(ObjectReader& r, FieldDefinition& d) {
  const auto scheme = LH_TRY(r.optional_string("identifier", 32));
  if (scheme.has_value() != (d.kind == FieldKind::kIdentifier)) {
    return bad(r, "identifier", "given for the kind \"identifier\" and for no other");
  }
  if (!scheme) return {};
  if (std::find(kIdentifiers.begin(), kIdentifiers.end(), *scheme) == kIdentifiers.end()) {
    return bad(r, "identifier", "not a known scheme");
  }
  d.identifier = *scheme;
  return {};
}

Status read_privacy(ObjectReader& r, FieldDefinition& d) {
  const auto privacy = LH_TRY(r.optional_string("privacy", 16));
  if (privacy && *privacy != "public" && *privacy != "personal") {
    return bad(r, "privacy", "public or personal");
  }
  // A resident number is personal whatever the file says.
  if (d.identifier == "resident_id" && privacy != "personal") {
    return bad(r, "privacy", "a resident number is personal");
  }
  d.privacy = privacy == "personal" ? FieldPrivacy::kPersonal : FieldPrivacy::kPublic;
  return {};
}

Status read_sizes(ObjectReader& r, FieldDefinition& d) {
  const auto bytes = LH_TRY(r.optional_integer("max_bytes"));
  if (bytes && (*bytes < 1 || *bytes > static_cast<std::int64_t>(limits::kFieldBytes))) {
    return bad(r, "max_bytes", "outside 1.." + std::to_string(limits::kFieldBytes));
  }
  if (bytes) d.max_bytes = static_cast<std::size_t>(*bytes);
  d.required = LH_TRY(r.optional_boolean("required")).value_or(false);
  return {};
}

Result<FieldDefinition> definition_from_json(const Json& j, std::string where, std::string* table) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  FieldDefinition d;
  d.name = LH_TRY(r.string("name", 64));
  if (!is_field_name(d.name)) return bad(r, "name", "not a snake_case name");
  d.chinese = LH_TRY(r.string("chinese", 128));
  d.english = LH_TRY(r.string("english", 128));
  if (d.chinese.empty() || d.english.empty()) return bad(r, "name", "both names are needed");
  d.pinyin = LH_TRY(r.optional_string("pinyin", 32)).value_or("");
  LH_TRY(read_kind(r, d));
  LH_TRY(read_codes(r, d, table));
  for (const auto step : {read_identifier, read_privacy, read_sizes}) {
    LH_TRY(step(r, d));
  }
  LH_TRY(r.finish());
  return d;
}

Json definition_to_json(const FieldDefinition& d, const std::string& table) {
  Json j = Json::object();
  j.set("name", d.name).set("chinese", d.chinese).set("english", d.english);
  if (!d.pinyin.empty()) j.set("pinyin", d.pinyin);
  for (const KindName& k : kKindNames) {
    if (k.kind == d.kind) j.set("kind", k.text);
  }
  if (!table.empty()) {  // the codes are those of the table, not the definition's own
    j.set("code_table", table);
  } else if (!d.codes.empty()) {
    Json codes = Json::object();
    for (const auto& [code, label] : d.codes) codes.set(code, label);
    j.set("codes", std::move(codes));
  }
  if (!d.identifier.empty()) j.set("identifier", d.identifier);
  if (d.privacy == FieldPrivacy::kPersonal) j.set("privacy", "personal");
  if (d.required) j.set("required", true);
  if (d.max_bytes != FieldDefinition{}.max_bytes) j.set("max_bytes", std::uint64_t{d.max_bytes});
  return j;
}

Result<std::vector<FieldDefinition>> read_all(const Json& array, TypeTables* tables) {
  if (array.items() == nullptr) {
    return Error(Reason::kJsonWrongType, "fields: an array is expected");
  }
  std::vector<FieldDefinition> out;
  for (std::size_t i = 0; i < array.items()->size(); ++i) {
    std::string table;
    auto d = LH_TRY(definition_from_json((*array.items())[i], "fields[" + std::to_string(i) + "]",
                                         tables == nullptr ? nullptr : &table));
    const bool again = std::any_of(out.begin(), out.end(), [&d](const FieldDefinition& other) {
      return other.name == d.name;
    });
    if (again) return Error(Reason::kJsonValue, "fields: " + d.name + " is defined twice");
    if (!table.empty()) tables->emplace_back(d.name, table);
    out.push_back(std::move(d));
  }
  if (out.empty()) return Error(Reason::kJsonValue, "fields: none is defined");
  return out;
}

}  // namespace

Result<Fields> fields_from_json(const Json& object, std::string_view where) {
  if (object.members() == nullptr) {
    return Error(Reason::kJsonWrongType, std::string(where) + ": an object is expected");
  }
  Fields out;
  out.reserve(object.members()->size());
  for (const auto& [name, value] : *object.members()) {
    const std::string* text = value.string();
    if (text == nullptr) {
      return Error(Reason::kJsonWrongType,
                   std::string(where) + "." + shown_name(name) + ": text is expected");
    }
    out.emplace_back(name, *text);
  }
  return out;
}

Json fields_to_json(const Fields& fields) {
  Json::Object members;
  members.reserve(fields.size());
  for (const auto& [name, value] : fields) members.emplace_back(name, value);
  return Json(std::move(members));
}

Result<std::vector<FieldDefinition>> field_definitions_from_json(const Json& array) {
  return read_all(array, nullptr);
}

Json field_definitions_to_json(const std::vector<FieldDefinition>& definitions) {
  return type_fields_to_json(definitions, {});
}

Result<std::vector<FieldDefinition>> type_fields_from_json(const Json& array, TypeTables& tables) {
  return read_all(array, &tables);
}

Json type_fields_to_json(const std::vector<FieldDefinition>& fields, const TypeTables& tables) {
  Json out = Json::array();
  for (const FieldDefinition& d : fields) {
    const auto named = std::find_if(tables.begin(), tables.end(),
                                    [&d](const auto& entry) { return entry.first == d.name; });
    out.push(definition_to_json(d, named == tables.end() ? "" : named->second));
  }
  return out;
}

}  // namespace lh::schemas
