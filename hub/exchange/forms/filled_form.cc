#include "hub/exchange/forms/filled_form.h"

#include <algorithm>

#include "hub/exchange/answers/question.h"
#include "schemas/json.h"

namespace lh::hub::exchange {
namespace {

using schemas::FormSource;
using schemas::Json;

struct Looked {
  const std::string* value = nullptr;  // null: missing
  std::string_view why;
  const FormMaterial* material = nullptr;
};

Looked look(const FormSource& source, const MaterialFields& fields, const FormFrame& frame) {
  const auto& all = frame.materials;
  const auto it = std::find_if(all.begin(), all.end(), [&source](const FormMaterial& m) {
    return m.material == source.material;
  });
  if (it == all.end()) return {nullptr, "material.unknown", nullptr};
  if (!it->why.empty()) return {nullptr, it->why, &*it};
  const auto& released = it->released;
  if (std::find(released.begin(), released.end(), source.field) == released.end()) {
    return {nullptr, "rule.field_withheld", &*it};
  }
  const auto& held = fields[static_cast<std::size_t>(it - all.begin())];
  if (!held) return {nullptr, "not_held", &*it};
  const std::string* value = schemas::find_field(*held, source.field);
  return {value, value == nullptr ? "field_absent" : "", &*it};
}

Json from_json(const FormSource& source, const FormMaterial& material, const std::string& as_of) {
  Json j = Json::object();
  j.set("material", source.material).set("field", source.field);
  if (!material.licence_id.empty()) j.set("licence_id", material.licence_id);
  j.set("as_of", as_of);
  if (!material.verdict.empty()) j.set("verdict", material.verdict);
  return j;
}

// The first value found is taken when no other source says anything else.
Json field_json(const schemas::FormField& field, const MaterialFields& fields,
                const FormFrame& frame) {
  Json missing = Json::array(), told = Json::array();
  const std::string* first = nullptr;
  bool contradicted = false;
  for (const FormSource& source : field.sources) {
    const Looked looked = look(source, fields, frame);
    if (looked.value == nullptr) {
      missing.push(Json::object()
                       .set("material", source.material)
                       .set("field", source.field)
                       .set("why", looked.why));
      continue;
    }
    if (first == nullptr) first = looked.value;
    contradicted = contradicted || normalised(*first) != normalised(*looked.value);
    told.push(Json::object()
                  .set("value", *looked.value)
                  .set("from", from_json(source, *looked.material, frame.as_of)));
  }
  if (first == nullptr) return Json::object().set("missing", std::move(missing));
  if (contradicted) return Json::object().set("conflict", std::move(told));
  Json out = told.items()->front();
  Json confirmed = Json::array();
  for (std::size_t i = 1; i < told.items()->size(); ++i) {
    confirmed.push(*(*told.items())[i].find("from"));
  }
  if (!confirmed.items()->empty()) out.set("confirmed_by", std::move(confirmed));
  return out;
}

}  // namespace

std::string filled_form(const MaterialFields& fields, const FormFrame& frame) {
  Json answers = Json::object();
  for (const auto& field : frame.form.fields) {
    answers.set(field.name, field_json(field, fields, frame));
  }
  Json j = Json::object();
  j.set("form", frame.form.id).set("version", frame.form.version);
  j.set("case_id", frame.case_id).set("as_of", frame.as_of);
  j.set("fields", std::move(answers));
  return schemas::to_text(j);
}

}  // namespace lh::hub::exchange
