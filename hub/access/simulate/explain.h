// The policy explained: every rule about an object, and why it counts for a question or does not;
// and what a rule that is not published yet would change, for whom. Pure: decide() is asked, never
// copied.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hub/access/gate.h"

namespace lh::hub::access {

enum class Bearing : std::uint8_t {
  kCounts,        // allows or denies
  kNeedsConsent,  // would allow, with the holder's consent
  kNotInForce,
  kReplaced,  // a later version is in force
  kOtherMatter,
  kOtherCaller,
  kOtherDivision,
  kOtherRole
};
std::string_view bearing_text(Bearing b);

struct ConsideredRule {
  const schemas::SharingRule* rule = nullptr;  // of the policy
  Bearing bearing = Bearing::kCounts;
};
struct Explanation {
  Decision decision;
  std::vector<ConsideredRule> rules;  // all versions about the object, by id and version
};
Explanation explain(const Question& question, const Policy& policy);

// The policy with one more rule version. Errors: definition.version_exists.
Result<std::shared_ptr<const Policy>> with_rule(const Policy& policy,
                                                const schemas::SharingRule& rule);

struct AccessChange {
  const Caller* caller = nullptr;
  std::string matter, object;
  bool with_consent = false;
  std::vector<std::string> gained, lost;  // fields
  Reason before = Reason::kRuleNone;
  Reason after = Reason::kRuleNone;
};
// Each caller × matter × object of both policies, with and without consent, where something
// changes.
std::vector<AccessChange> what_if(const Policy& now, const Policy& then,
                                  const std::vector<Caller>& callers, LocalDate at);

// The fields of a licence type or kind of base data, of the policy; empty when there is none.
std::span<const schemas::FieldDefinition> fields_of_object(const Policy& policy,
                                                           std::string_view object, LocalDate at);

}  // namespace lh::hub::access
