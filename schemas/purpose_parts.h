// Parts that the bodies of requests share in their JSON form.
#pragma once

#include <string>
#include <string_view>

#include "schemas/purpose.h"

namespace lh::schemas {

bool has_control_characters(std::string_view s);
// One line of text: not empty, no control characters (it is printed, logged and searched for).
Result<std::string> read_line(ObjectReader& r, std::string_view member, std::size_t max_bytes);
Result<std::string> read_optional_line(ObjectReader& r, std::string_view member,
                                       std::size_t max_bytes);  // empty when absent
// A list of 1 to `most` such lines.
struct LineLimits {
  std::size_t most = 500;
  std::size_t bytes = 64;
};
Result<std::vector<std::string>> read_lines(ObjectReader& r, std::string_view member,
                                            LineLimits limits);
Result<SubjectId> read_subject_id(ObjectReader& r);                        // members "scheme", "id"
Result<SubjectId> subject_id_from_json(const Json& j, std::string where);  // {scheme, id}
Result<std::string> read_division(ObjectReader& r, std::string_view member);  // empty when absent
Status read_related(ObjectReader& r, CaseRequest& c);                         // member "related"
Result<Operator> operator_from_json(const Json& j, std::string where);        // {id, name}

}  // namespace lh::schemas
