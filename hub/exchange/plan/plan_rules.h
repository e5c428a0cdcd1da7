// The rules of the plan 四不提交, compiled: facts about one material in, its state out. The rules
// themselves are data (schemas/data/plan); here stands what their words mean. Pure.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "schemas/catalogue.h"

namespace lh::hub::exchange {

enum class MaterialState : std::uint8_t {  // stored; never renumber
  kHeld = 1,
  kObtainable,
  kVerifiable,
  kOwn,
  kDeferrable,
  kCommitment,
  kNotDemandable,
  kRequired
};
std::string_view state_text(MaterialState s);
std::optional<MaterialState> find_state(std::string_view text);
// Nothing is handed in at all.
bool spares(MaterialState s);
// How much is asked of the applicant: nothing, a promise, the material later, the material now.
int burden(MaterialState s);

// What is known about one material for this applicant; each is a word a rule may use.
enum class Fact : std::uint8_t {
  kLegalBasis,
  kProofAbolished,
  kIssuedByAsker,
  kDocumentOnly,    // no licence or base data stands for it
  kRuleValues,      // the caller may have values
  kRuleYesNo,       // the caller may have a yes or no only
  kConsentWouldDo,  // a rule would allow it with the holder's consent
  kSubjectNamed,    // the case names whose it is
  kHeld,
  kValid,
  kFresh,    // not older than the matter allows
  kTrusted,  // at least as trusted as the matter asks
  kObtainable,
  kYesNoSuffices,
  kCommitmentOffered,
  kCommitmentSigned,
  kBreach,  // of an earlier commitment of the applicant
  kDeferralOffered,
  kDeferralOpen,
  kDeferralMissed,  // an earlier deferral of the applicant ran out unmet
};
inline constexpr int kFacts = static_cast<int>(Fact::kDeferralMissed) + 1;

class Facts {
 public:
  Facts() = default;
  Facts(std::initializer_list<Fact> facts) {
    for (const Fact f : facts) set(f);
  }
  void set(Fact f) { bits_ |= bit(f); }
  void set(Fact f, bool holds) { bits_ = holds ? bits_ | bit(f) : bits_ & ~bit(f); }
  bool has(Fact f) const { return (bits_ & bit(f)) != 0; }
  std::uint32_t bits() const { return bits_; }

 private:
  static std::uint32_t bit(Fact f) { return 1U << static_cast<unsigned>(f); }
  std::uint32_t bits_ = 0;
};

struct MaterialDecision {
  MaterialState state = MaterialState::kRequired;
  const schemas::PlanRule* rule = nullptr;  // lives as long as the rules
};

// Something somebody can do about it, and the state the material would then have at best: what is
// not known to the caller (what is held where no rule lets it look) is taken as favourable.
struct Lever {
  std::string_view id;  // "sharing_granted"
  std::string_view by;  // "asker", "holder", "applicant", "issuing_department", "operator"
  MaterialState to = MaterialState::kRequired;
};

class PlanRuleSet {
 public:
  // Errors: definition.invalid with the rule (an unknown word or state; no last rule without
  // conditions: a material must always get a state).
  static Result<PlanRuleSet> compile(schemas::PlanRules rules);
  static const PlanRuleSet& shipped();

  MaterialDecision decide(Facts facts) const;
  // Only what would spare the applicant something, in a fixed order.
  std::vector<Lever> would_change(Facts facts) const;
  int version() const { return rules_->version; }

 private:
  struct Compiled {
    std::uint32_t must = 0;
    std::uint32_t must_not = 0;
    MaterialState state = MaterialState::kRequired;
  };
  std::shared_ptr<const schemas::PlanRules> rules_;
  std::vector<Compiled> compiled_;  // in the order of rules_
};

}  // namespace lh::hub::exchange
