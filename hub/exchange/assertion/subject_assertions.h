// Assertions of a subject: a portal that knows who somebody is (real-name login at the identity
// platform) says so under the key of its organisation. JWS compact, typ "subject-assertion+jwt",
// x5c chain of a key of the asking organisation (urn:uscc:<caller>), payload {iss: USCC,
// sub: {scheme, id}, iat, exp, jti}; exp - iat ≤ 300 s. An assertion is used once, whatever it is
// used for: its jti is remembered until it expires.
// A signed commitment 告知承诺 is one with the claim commitment: {case_id, material, text_sha256};
// it is good for that and nothing else, and one without the claim signs nothing.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/ids.h"
#include "hub/access/registry.h"
#include "pki/trust_store.h"

namespace lh::hub::exchange {

class UsedAssertions;

// What a signature under a commitment is bound to.
struct CommitmentClaim {
  std::string case_id, material;
  Digest text{};
  bool operator==(const CommitmentClaim&) const = default;
};

struct AssertionParts {
  const Clock& clock;
  std::function<std::shared_ptr<const pki::TrustStore>()> trust;
};

class SubjectAssertions {
 public:
  static constexpr std::size_t kMostBytes = 32U << 10U;
  explicit SubjectAssertions(AssertionParts parts);
  // Who it speaks for. Errors: assertion.invalid; the detail names the claim, never its value.
  Result<SubjectId> take(const std::string& assertion, const access::Caller& caller) const;
  // Who signed exactly this commitment. One that is bound to another is not used up by the attempt.
  Result<SubjectId> take_commitment(const std::string& assertion, const access::Caller& caller,
                                    const CommitmentClaim& expected) const;

 private:
  Result<SubjectId> take(const std::string& assertion, const access::Caller& caller,
                         const CommitmentClaim* expected) const;
  AssertionParts parts_;
  std::shared_ptr<UsedAssertions> used_;
};

}  // namespace lh::hub::exchange
