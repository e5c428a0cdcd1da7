// 循环证明: matters that can never be begun, because each waits for the result of another.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "hub/access/catalogue.h"

namespace lh::hub::access {

// Who waits for whom on one day, over materials of source licence. Made once for many questions;
// the policy outlives it.
class ProofGraph {
 public:
  ProofGraph(const Policy& policy, LocalDate at);
  // The matters of a circle, in its order, that nobody can begin with: each demands a licence that
  // only the next one ends in. Empty when the matter is in none. A licence that no matter of the
  // catalogue ends in comes from elsewhere; one that a matter outside the circle ends in is not
  // circular; a matter that demands its own result of the applicant renews or changes it, which is
  // not circular either.
  std::vector<std::string> circle_of(std::string_view code) const;

  // The results of others this matter cannot be begun without: types, after mergers.
  std::vector<std::string> demanded(const schemas::Matter& m) const;
  // Who issues it to somebody who stands before this matter: those of divisions of the same line
  // (one holds the other), or all where there is none.
  std::vector<const schemas::Matter*> issuers(const std::string& type,
                                              const schemas::Matter& asking) const;

 private:
  const Policy& policy_;
  LocalDate at_;
  std::unordered_map<std::string, std::vector<const schemas::Matter*>> by_result_;
};

}  // namespace lh::hub::access
