// Bundles (一件事套餐) in JSON (docs/formats/catalogue.md).
#include <algorithm>
#include <array>

#include "schemas/catalogue/parts.h"
#include "schemas/catalogue_lists.h"

namespace lh::schemas {
namespace {

constexpr std::size_t kSteps = 50;
constexpr std::array<std::string_view, 3> kParts = {"applicant", "legal_representative",
                                                    "employee"};

bool stands_before(const Bundle& b, std::string_view matter) {
  return std::any_of(b.steps.begin(), b.steps.end(),
                     [matter](const BundleStep& step) { return step.matter == matter; });
}

// What a matter waits for stands before it in the list, so no order can be circular.
Result<BundleStep> step_from_json(const Json& j, std::string where, const Bundle& b) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, std::move(where)));
  BundleStep step;
  step.matter = LH_TRY(r.string("matter", 36));
  if (!is_code(step.matter, 36)) {
    return member_error(r, "matter", Reason::kJsonValue, "not a code");
  }
  if (stands_before(b, step.matter)) {
    return member_error(r, "matter", Reason::kDefinitionInvalid, "is there twice");
  }
  if (r.optional("applicant") != nullptr)
    step.applicant = LH_TRY(read_word(r, "applicant", kParts));
  step.after = LH_TRY(read_texts(r, "after"));
  for (const std::string& earlier : step.after) {
    if (!stands_before(b, earlier)) {
      return member_error(r, "after", Reason::kDefinitionInvalid, "does not stand before it");
    }
  }
  LH_TRY(r.finish());
  return step;
}

Json step_to_json(const BundleStep& step) {
  Json j = Json::object();
  j.set("matter", step.matter);
  if (step.applicant != "applicant") j.set("applicant", step.applicant);
  if (!step.after.empty()) j.set("after", texts_to_json(step.after));
  return j;
}

}  // namespace

Result<Bundle> bundle_from_json(const Json& j) {
  ObjectReader r = LH_TRY(ObjectReader::open(j, "bundle"));
  Bundle b;
  b.code = LH_TRY(r.string("code", 36));
  if (!is_code(b.code, 36)) {
    return member_error(r, "code", Reason::kJsonValue, "not a code");
  }
  b.version = LH_TRY(read_version(r));
  b.effective = LH_TRY(read_effective(r));
  b.names = LH_TRY(read_names(r));
  b.legal_basis = LH_TRY(read_filled(r, "legal_basis", 1024));
  const Json* steps = LH_TRY(r.array("matters"));
  const std::size_t n = steps->items()->size();
  if (n < 2 || n > kSteps) {
    return member_error(r, "matters", Reason::kDefinitionInvalid, "2 to 50 matters make a bundle");
  }
  for (std::size_t i = 0; i < n; ++i) {
    b.steps.push_back(LH_TRY(
        step_from_json((*steps->items())[i], r.path("matters[" + std::to_string(i) + "]"), b)));
  }
  LH_TRY(r.finish());
  return b;
}

Json bundle_to_json(const Bundle& b) {
  Json j = Json::object();
  j.set("code", b.code).set("version", b.version);
  j.set("effective", effective_to_json(b.effective)).set("names", names_to_json(b.names));
  j.set("legal_basis", b.legal_basis);
  Json steps = Json::array();
  for (const BundleStep& step : b.steps) steps.push(step_to_json(step));
  j.set("matters", std::move(steps));
  return j;
}

}  // namespace lh::schemas
