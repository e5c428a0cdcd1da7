// What a definition must be beside others of the catalogue before it is drafted, published or
// imported. Pure.
#pragma once

#include <map>

#include "hub/access/definitions/circles.h"
#include "hub/access/definitions/kinds.h"

namespace lh::hub::access {

// `with_it`: the policy as it would be with the definition published (PolicyMaker::with). Looked at
// on the first day the definition is in force: every type, kind, matter, proof and table it names
// exists; mergers end; no proof of a matter is abolished or unlisted; no proof is circular. The
// detail names the member by its path.
// Errors: licence_type.unknown, matter.unknown, definition.unknown, definition.invalid,
// matter.proof_abolished, matter.proof_not_retained, matter.circular_proof.
Status check_definition(const Definition& definition, const Policy& with_it);

// Many definitions against one policy. The policy outlives it.
class Checks {
 public:
  explicit Checks(const Policy& with_them) : policy_(with_them) {}
  Status check(const Definition& definition);  // as check_definition

 private:
  const Policy& policy_;
  std::map<LocalDate, ProofGraph> graphs_;
};

// 证明事项 on a day. A proof that is not on the list may not be demanded.
enum class ProofStanding : std::uint8_t { kRetained, kAbolished, kNotListed };
struct ProofState {
  ProofStanding standing = ProofStanding::kNotListed;
  const schemas::Proof* proof = nullptr;  // of the policy; null when not listed
};
ProofState proof_state(const Policy& policy, std::string_view code, LocalDate at);

}  // namespace lh::hub::access
