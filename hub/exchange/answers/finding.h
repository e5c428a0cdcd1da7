// The answer to a predicate before it is signed: yes, no or cannot tell, and why. Private to
// hub/exchange.
#pragma once

#include "hub/exchange/answers/case_material.h"
#include "hub/exchange/answers/question.h"

namespace lh::hub::exchange {

// What came out, as it may be told once the entry is durable.
struct Finding {
  std::string_view answer = "cannot_tell";  // "yes", "no"
  std::string because;  // "subject_not_named", "not_held", "field_absent", "not_comparable", or the
                        // reason of the verdict that stands against the licence
  std::optional<licences::Verdicts> verdicts;
};

// One predicate that has passed the gate.
struct Inquiry {
  const ExchangeParts& parts;
  const AskedQuestion& question;
  const MaterialUse& use;
  const CaseMaterial& material;
  const std::optional<CaseMaterial>& other;  // same_person
  const Permit& permit;
};
Result<Finding> find_out(const Inquiry& asking);

const schemas::FieldDefinition* definition_of(const std::vector<schemas::FieldDefinition>& fields,
                                              std::string_view name);

}  // namespace lh::hub::exchange
