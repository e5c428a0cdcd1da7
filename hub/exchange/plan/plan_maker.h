// Makes the plan of a case: for each material the rule, then what is held, then a reference.
// Private to hub/exchange.
#pragma once

#include "hub/exchange/acts/case_record.h"
#include "hub/exchange/exchange.h"

namespace lh::hub::exchange {

struct PlanQuestion {
  const access::Caller& caller;
  const access::Policy& policy;
  const schemas::Matter& matter;
  const CaseRecord& record;
  const Permit& permit;
  UtcTime now;
  // How this very request names its people; others are looked up with the case.
  std::vector<std::pair<SubjectNo, IdScheme>> named = {};
};
struct MadePlan {
  Plan plan;
  std::vector<ledger::RowWrite> references;
  ledger::Change memory;  // what the case remembers of it; empty when it is the same as before
};
Result<MadePlan> make_plan(const ExchangeParts& parts, const PlanQuestion& question);
void take_rows(MadePlan& planned, ledger::Change& change);  // references and memory

// Has the caller any rule for this matter today? None: the purpose is not one of its own.
enum class Registered : std::uint8_t { kYes, kNo };
Registered registered_for(const access::Caller& caller, std::string_view matter,
                          const access::Policy& policy, LocalDate today);
// rule.none says more when the caller is not registered for the matter at all.
Reason explained(const access::Decision& decision, const access::Caller& caller,
                 std::string_view matter, const access::Policy& policy, LocalDate today);
// The same; and a grant that ended says so.
Reason explained(const access::Decision& decision, const access::Question& question,
                 const access::Policy& policy);

// What the entry says of how the gate decided.
void take_decision(audit::EntryFacts& facts, const access::DecisionPtr& decision);

}  // namespace lh::hub::exchange
