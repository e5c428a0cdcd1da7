// The values are compared where they are undisclosed; an enum comes out.
#include "hub/exchange/answers/finding.h"

#include <algorithm>

namespace lh::hub::exchange {
namespace {

using schemas::FieldDefinition;
using schemas::Fields;

constexpr std::size_t kLicencesAsked = 32;  // of one type and subject

Finding cannot_tell(std::string because) {
  return {"cannot_tell", std::move(because), {}};
}

Finding from_told(Told told) {
  switch (told) {
    case Told::kYes:
      return {"yes", {}, {}};
    case Told::kNo:
      return {"no", {}, {}};
    case Told::kFieldAbsent:
      return cannot_tell("field_absent");
    case Told::kNotComparable:
      break;
  }
  return cannot_tell("not_comparable");
}

Told ask_fields(const HeldMaterial& held, const AskedQuestion& question,
                const FieldDefinition& field, LocalDate today) {
  return held.fields.decide(
      [](const std::optional<Fields>& fields, const AskedQuestion& q, const FieldDefinition& f,
         const LocalDate& day) {
        const std::string* value = fields ? schemas::find_field(*fields, f.name) : nullptr;
        return value == nullptr ? Told::kFieldAbsent : tell(q, f, *value, day);
      },
      question, field, today);
}

enum class Present : std::uint8_t { kYes, kNo };
Present present(const HeldMaterial& held) {
  return held.fields.decide(
      [](const std::optional<Fields>& f) { return f ? Present::kYes : Present::kNo; });
}

// Nothing held says nothing about what others hold.
std::optional<Finding> missing(const CaseMaterial& material, const HeldMaterial& held) {
  if (!material.subject) return cannot_tell("subject_not_named");
  if (present(held) == Present::kNo) return cannot_tell("not_held");
  if (!held.verdicts) return std::nullopt;
  const auto why = not_reliable(*held.verdicts);
  if (!why) return std::nullopt;
  Finding out = cannot_tell(std::string(reason_id(*why)));
  out.verdicts = held.verdicts;
  return out;
}

// Of all valid licences of the type: one at the asked address is enough.
Result<Finding> any_valid(const Inquiry& a) {
  const LocalDate today = local_date(a.use.now);
  const FieldDefinition* field = definition_of(*a.material.fields, a.question.field);
  Told said = Told::kFieldAbsent;
  std::optional<licences::Verdicts> shown;
  auto valid = LH_TRY(a.parts.licences.valid_holdings(*a.material.subject, a.material.object,
                                                      a.use.now, kLicencesAsked, a.permit));
  for (auto& holding : valid) {
    auto held = LH_TRY(read_holding(a.parts, std::move(holding), a.use.now, a.permit));
    if (not_reliable(*held.verdicts)) continue;
    const Told one = ask_fields(held, a.question, *field, today);
    if (!shown || one == Told::kYes) shown = held.verdicts;
    said = either(said, one);
    if (said == Told::kYes) break;
  }
  Finding out = from_told(said);
  out.verdicts = std::move(shown);
  return out;
}

Result<Finding> holds_valid(const Inquiry& a, const HeldMaterial& held) {
  auto no = missing(a.material, held);
  if (no && !no->verdicts) return std::move(*no);
  if (no) {  // held, but not good today
    const bool status = held.verdicts->status.verdict == pki::Verdict::kInvalid;
    no->answer = status ? "no" : "cannot_tell";
    return std::move(*no);
  }
  const bool more = !a.question.field.empty();
  if (more && a.material.is_licence() && !a.material.reference) return any_valid(a);
  Finding out{"yes", {}, {}};
  if (more) {
    const FieldDefinition* field = definition_of(*a.material.fields, a.question.field);
    out = from_told(ask_fields(held, a.question, *field, local_date(a.use.now)));
  }
  out.verdicts = held.verdicts;
  return out;
}

// The field of the one against the field of the other, both undisclosed.
Result<Finding> same_person(const Inquiry& a, HeldMaterial held) {
  auto other = LH_TRY(look_up(a.parts, *a.other, a.use.now, a.permit));
  if (auto no = missing(*a.other, other)) return std::move(*no);
  auto both = std::move(held.fields).with(std::move(other.fields));
  const Told told = both.decide(
      [](const std::pair<std::optional<Fields>, std::optional<Fields>>& two,
         const std::string& mine, const std::string& theirs) {
        const std::string* a_value = schemas::find_field(*two.first, mine);
        const std::string* b_value = schemas::find_field(*two.second, theirs);
        if (a_value == nullptr || b_value == nullptr) return Told::kFieldAbsent;
        return normalised(*a_value) == normalised(*b_value) ? Told::kYes : Told::kNo;
      },
      a.question.field, a.question.other_field);
  Finding out = from_told(told);
  out.verdicts = std::move(held.verdicts);
  return out;
}

}  // namespace

const FieldDefinition* definition_of(const std::vector<FieldDefinition>& fields,
                                     std::string_view name) {
  const auto it =
      std::find_if(fields.begin(), fields.end(), [name](const auto& f) { return f.name == name; });
  return it == fields.end() ? nullptr : &*it;
}

Result<Finding> find_out(const Inquiry& a) {
  auto held = LH_TRY(look_up(a.parts, a.material, a.use.now, a.permit));
  if (a.question.ask == Ask::kHoldsValid) return holds_valid(a, held);
  if (auto no = missing(a.material, held)) return std::move(*no);
  if (a.question.ask == Ask::kSamePerson) return same_person(a, std::move(held));
  const FieldDefinition* field = definition_of(*a.material.fields, a.question.field);
  Finding out = from_told(ask_fields(held, a.question, *field, local_date(a.use.now)));
  out.verdicts = std::move(held.verdicts);
  return out;
}

}  // namespace lh::hub::exchange
