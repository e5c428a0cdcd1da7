// A grant is sharing rules: one immutable version a matter, in force for its term. Ending it is the
// next version of each. decide() knows nothing of grants, so every decision replays from the rules.
#pragma once

#include <vector>

#include "hub/access/gate.h"
#include "hub/exchange/sharing/application.h"

namespace lh::hub::exchange {

// "grant.<32 hex of the application>.<number of the matter>"
std::vector<std::string> grant_rule_ids(const Application& application);
// The rules that say what was applied for, from `today` at the earliest.
std::vector<schemas::SharingRule> grant_rules(const Application& application, LocalDate today);
// The version that ends a rule from `today` on: it releases nothing and takes nothing from others.
schemas::SharingRule ended_rule(const schemas::SharingRule& rule, LocalDate today);

// Was there a grant for this very question that ran out or was withdrawn?
enum class GrantEnded : std::uint8_t { kYes, kNo };
GrantEnded grant_ended(const access::Decision& decision, const access::Question& question,
                       const access::Policy& policy);

}  // namespace lh::hub::exchange
