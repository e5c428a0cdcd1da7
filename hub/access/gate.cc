#include "hub/access/gate.h"

#include "hub/access/decision_memo.h"

namespace lh::hub::access {

std::variant<Admission, Refusal> Gate::admit(const Question& question, const Policy& policy) const {
  DecisionPtr decision = policy.memo().decide(question, policy);
  if (!decision->allowed()) return Refusal{std::move(decision)};
  return Admission{Permit(AccessId{random_.array<16>()}, Access::kServe), std::move(decision)};
}

std::variant<Admission, Refusal> Gate::admit_role(const Caller& caller, Operation operation,
                                                  const Policy& policy) const {
  Decision decision;
  decision.policy_epoch = policy.epoch();
  decision.mode = schemas::RuleMode::kVerifyOnly;  // no field leaves by a role alone
  if (!caller.roles.contains(role_for(operation))) {
    decision.reason = Reason::kRoleMissing;
    return Refusal{std::make_shared<const Decision>(std::move(decision))};
  }
  decision.reason = Reason::kVerdictGood;
  return Admission{Permit(AccessId{random_.array<16>()}, Access::kServe),
                   std::make_shared<const Decision>(std::move(decision))};
}

Permit Gate::maintenance() const {
  return Permit(AccessId{random_.array<16>()}, Access::kMaintenance);
}

Permit Gate::anonymous_verification() const {
  return Permit(AccessId{random_.array<16>()}, Access::kServe);
}

}  // namespace lh::hub::access
