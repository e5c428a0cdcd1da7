#include "hub/subjects/number_forms.h"

namespace lh::hub::subjects {
namespace {

// Of a 15-digit number, or of the 15-digit form of one.
bool of_a_centenarian(std::string_view sequence) {
  return sequence >= "996";
}

}  // namespace

std::optional<SubjectId> other_form(const SubjectId& id) {
  if (id.scheme != IdScheme::kResidentId && id.scheme != IdScheme::kResidentId15) {
    return std::nullopt;
  }
  const std::string& number = id.value.reveal();
  std::string other;
  if (id.scheme == IdScheme::kResidentId15 && number.size() == 15) {
    if (of_a_centenarian(std::string_view(number).substr(12))) return std::nullopt;
    other = number.substr(0, 6) + "19" + number.substr(6);
    const auto check = mod11_2(other);
    if (!check) return std::nullopt;
    other.push_back(*check);
  } else if (id.scheme == IdScheme::kResidentId && number.size() == 18) {
    const std::string_view view(number);
    if (view.substr(6, 2) != "19" || of_a_centenarian(view.substr(14, 3))) return std::nullopt;
    other = number.substr(0, 6) + number.substr(8, 9);
  }
  const auto scheme =
      id.scheme == IdScheme::kResidentId ? IdScheme::kResidentId15 : IdScheme::kResidentId;
  auto parsed = parse_subject_id(scheme, other);
  return parsed.ok() ? std::optional<SubjectId>(std::move(*parsed)) : std::nullopt;
}

}  // namespace lh::hub::subjects
