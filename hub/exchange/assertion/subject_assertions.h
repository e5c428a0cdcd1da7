// Assertions of a subject: a portal that knows who somebody is (real-name login at the identity
// platform) says so under the key of its organisation. JWS compact, typ "subject-assertion+jwt",
// x5c chain of a key of the asking organisation (urn:uscc:<caller>), payload {iss: USCC,
// sub: {scheme, id}, iat, exp, jti}; exp - iat ≤ 300 s. An assertion is used once, whatever it is
// used for: its jti is remembered until it expires.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/ids.h"
#include "hub/access/registry.h"
#include "pki/trust_store.h"

namespace lh::hub::exchange {

class UsedAssertions;

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

 private:
  AssertionParts parts_;
  std::shared_ptr<UsedAssertions> used_;
};

}  // namespace lh::hub::exchange
