// What may be asked about a value without getting it: a closed list of typed questions, and their
// answer over the fields. Pure (docs/walks/predicate.md).
//   holds_valid     a valid licence of this type; with a field: one whose field equals the value
//   field_equals    after normalisation: spaces, width and case of Latin letters do not count
//   field_at_least, field_at_most   amounts of one currency, whole numbers
//   field_before, field_after       dates, neither end included
//   age_at_least    full years today, of a date of birth or a resident number
//   same_person     the field equals a field of another material of the same case
#pragma once

#include <string>
#include <vector>

#include "base/personal.h"
#include "base/time.h"
#include "schemas/fields.h"

namespace lh::hub::exchange {

enum class Ask : std::uint8_t {
  kHoldsValid,
  kFieldEquals,
  kFieldAtLeast,
  kFieldAtMost,
  kFieldBefore,
  kFieldAfter,
  kAgeAtLeast,
  kSamePerson
};
std::string_view ask_text(Ask ask);

struct AskedQuestion {
  Ask ask = Ask::kHoldsValid;
  std::string field;  // empty: holds_valid alone
  Personal<std::string> value;
  std::string other_material, other_field;  // same_person
};
// {ask, field?, value?, other?{material, field}}. Errors: predicate.unknown (no such question, or
// members that do not belong to it), json.*.
Result<AskedQuestion> question_from_json(const schemas::Json& j, std::string where);
// Does it fit the object? Errors: predicate.unknown with what does not.
Status check_question(const AskedQuestion& question,
                      const std::vector<schemas::FieldDefinition>& fields);

enum class Told : std::uint8_t { kYes, kNo, kFieldAbsent, kNotComparable };
Told tell(const AskedQuestion& question, const schemas::FieldDefinition& field,
          const std::string& value, LocalDate today);
// Of several licences: yes if one says yes, else no if one says no, else the last that is said.
Told either(Told a, Told b);

// As two departments would write the same text: without white space, full-width forms as ASCII,
// Latin letters in lower case.
std::string normalised(std::string_view text);

}  // namespace lh::hub::exchange
