// The two forms of one resident number. Private to hub/subjects.
//   15 digits (to 1999): division(6) ‖ yymmdd ‖ sequence(3)
//   18 digits (GB 11643-1999): division(6) ‖ yyyymmdd ‖ sequence(3) ‖ check
// Source: GB 11643-1999; in GB 11643-1989 the sequences 996-999 belong to those who were more than
// a hundred years old, so without them a 15-digit number is of 19yy and of nobody else.
// Deviates: a number of another century, or with such a sequence, has no other form here: whoever
// needs the alias registers it (POST /v1/subjects/aliases).
#pragma once

#include <optional>

#include "base/ids.h"

namespace lh::hub::subjects {

// The other form, where there is exactly one. nullopt also for every other scheme.
std::optional<SubjectId> other_form(const SubjectId& id);

}  // namespace lh::hub::subjects
