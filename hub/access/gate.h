// The gate: caller × matter × object -> fields, by rules that are data. Default deny; an explicit
// deny wins. decide() is pure: any old decision can be replayed from the request facts and the
// policy.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/permit.h"
#include "base/random.h"
#include "hub/access/catalogue.h"
#include "hub/access/registry.h"

namespace lh::hub::access {

enum class Operation : std::uint8_t {
  kFetch,
  kPlan,
  kVerify,
  kIssue,
  kCollect,
  kStatus,
  kReadBaseData,
  kWriteBaseData,
  kOwnAccesses,
  kSearchAudit,
  kAdminister,
  kApplySharing,   // for its own matters
  kReviewSharing,  // by the provider
  kGrantSharing,   // by a security administrator
  kApproveRule,    // who sees what is for the security administrator to put into force
  kFeedCases,      // 办件库
  kInspect,        // 监察: uses of materials, not who looked for what in the log
  kPullLicences    // changes of licences in bulk, for another hub
};

// A view: it lives no longer than what it speaks of.
struct Question {
  Operation operation = Operation::kFetch;
  const Caller& caller;
  std::string_view matter;
  std::string_view object;                               // licence type code or base-data kind
  std::span<const schemas::FieldDefinition> all_fields;  // of the definition
  std::span<const std::string> asked;                    // empty = all that is allowed
  LocalDate at;
  bool has_consent = false;
};

struct Withheld {
  std::string field;
  std::string rule;  // id of the rule that withheld it, or "default"
};
struct Decision {
  Reason reason = Reason::kRuleNone;  // verdict.good = allowed
  std::vector<std::string> fields;    // released, in the order of all_fields
  std::vector<Withheld> withheld;     // asked or defined, but not released
  schemas::RuleMode mode = schemas::RuleMode::kValues;
  std::string rule;
  int rule_version = 0;
  std::string legal_basis;
  std::uint64_t policy_epoch = 0;
  bool allowed() const { return reason == Reason::kVerdictGood; }
};

// One decision may serve many questions (DecisionMemo): nobody changes it.
using DecisionPtr = std::shared_ptr<const Decision>;

Decision decide(const Question& question, const Policy& policy);
Role role_for(Operation operation);

struct Admission {
  Permit permit;
  DecisionPtr decision;
};
struct Refusal {
  DecisionPtr decision;  // why, by which rule
};

class Gate {
 public:
  explicit Gate(Random& random) : random_(random) {}
  // Operations on licences and base data: role, then decide().
  std::variant<Admission, Refusal> admit(const Question& question, const Policy& policy) const;
  // Operations that read no personal field (open a case, issue, administer): role only.
  std::variant<Admission, Refusal> admit_role(const Caller& caller, Operation operation,
                                              const Policy& policy) const;
  // Ingest, rotation, fsck: an entry each, too.
  Permit maintenance() const;
  // Verification by somebody without an account: reads status only, releases no field.
  Permit anonymous_verification() const;

 private:
  Random& random_;
};

}  // namespace lh::hub::access
