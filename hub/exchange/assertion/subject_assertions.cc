#include "hub/exchange/assertion/subject_assertions.h"

#include <algorithm>
#include <optional>

#include "crypto/jws.h"
#include "hub/exchange/assertion/used_assertions.h"
#include "pki/chain.h"
#include "schemas/json.h"
#include "schemas/sd_jwt_json.h"

namespace lh::hub::exchange {
namespace {

using schemas::Json;
using schemas::ObjectReader;

constexpr std::int64_t kLongestLife = 300;  // seconds
constexpr std::int64_t kClockSkew = 60;     // seconds that the portal's clock may be ahead
constexpr std::size_t kMostAssertion = SubjectAssertions::kMostBytes;

Error invalid(const char* what) {
  return Error(Reason::kAssertionInvalid, what);
}

struct Claims {
  std::string iss, jti;
  SubjectId sub;
  std::int64_t iat = 0;
  std::int64_t exp = 0;
  std::optional<CommitmentClaim> commitment;
};

Result<CommitmentClaim> parse_commitment(const Json& json) {
  auto r = LH_TRY(ObjectReader::open(json, "assertion.commitment"));
  CommitmentClaim out;
  out.case_id = LH_TRY(r.string("case_id", 64));
  out.material = LH_TRY(r.string("material", 64));
  const auto text = LH_TRY(parse_hex(LH_TRY(r.string("text_sha256", 64))));
  out.text = LH_TRY(to_array<32>(text));
  LH_TRY(r.finish());
  return out;
}

Result<Claims> parse_claims(std::string_view payload) {
  const Json json = LH_TRY(schemas::parse_json(payload, kMostAssertion));
  auto r = LH_TRY(ObjectReader::open(json, "assertion"));
  Claims out;
  out.iss = LH_TRY(r.string("iss", 18));
  out.jti = LH_TRY(r.string("jti", 128));
  out.iat = LH_TRY(r.integer("iat"));
  out.exp = LH_TRY(r.integer("exp"));
  auto sub = LH_TRY(ObjectReader::open(*LH_TRY(r.object("sub")), "assertion.sub"));
  const auto scheme = LH_TRY(parse_scheme(LH_TRY(sub.string("scheme", 32))));
  out.sub = LH_TRY(parse_subject_id(scheme, LH_TRY(sub.string("id", 256))));
  LH_TRY(sub.finish());
  if (r.optional("commitment") != nullptr) {
    out.commitment = LH_TRY(parse_commitment(*LH_TRY(r.object("commitment"))));
  }
  LH_TRY(r.finish());
  return out;
}

// The time window; the present second counts as a whole.
Status check_times(const Claims& c, UtcTime now) {
  const std::int64_t seconds = now.ms / 1000;
  // Compared without arithmetic on what came from outside: it is within ±(2^53-1) (strict JSON).
  if (c.exp <= c.iat || c.exp - c.iat > kLongestLife) return invalid("life");
  if (c.iat > seconds + kClockSkew) return invalid("iat");
  if (c.exp <= seconds) return invalid("exp");
  return ok_status();
}

// The key of the assertion belongs to the asking organisation itself.
Status check_signer(const crypto::Jws& jws, const schemas::JoseHeader& header,
                    const access::Caller& caller, const pki::TrustStore& trust, UtcTime now) {
  if (header.typ != "subject-assertion+jwt") return invalid("typ");
  if (header.alg != "ES256" && header.alg != "EdDSA") return invalid("alg");
  const auto chain = pki::parse_x5c(header.x5c);
  if (!chain.ok() || chain->empty()) return invalid("x5c");
  const auto report = pki::check_chain(*chain, trust, now, pki::Usage::kSignDocument);
  if (report.verdict() != pki::Verdict::kValid) return invalid("x5c");
  const auto names = chain->front().uri_names();
  const std::string own = "urn:uscc:" + caller.organisation.text();
  if (std::find(names.begin(), names.end(), own) == names.end()) return invalid("organisation");
  const auto key = chain->front().public_key();
  if (!key.ok() || !crypto::verify_jws(jws, header.alg, *key).ok()) return invalid("signature");
  return ok_status();
}

}  // namespace

SubjectAssertions::SubjectAssertions(AssertionParts parts)
    : parts_(std::move(parts)), used_(std::make_shared<UsedAssertions>()) {}

Result<SubjectId> SubjectAssertions::take(const std::string& assertion,
                                          const access::Caller& caller) const {
  return take(assertion, caller, nullptr);
}

Result<SubjectId> SubjectAssertions::take_commitment(const std::string& assertion,
                                                     const access::Caller& caller,
                                                     const CommitmentClaim& expected) const {
  return take(assertion, caller, &expected);
}

// Every failure is assertion.invalid; the detail names the claim, never its value.
Result<SubjectId> SubjectAssertions::take(const std::string& assertion,
                                          const access::Caller& caller,
                                          const CommitmentClaim* expected) const {
  const auto jws = crypto::parse_jws(assertion);
  if (!jws.ok()) return invalid("form");
  const auto header = schemas::parse_jose_header(jws->header);
  if (!header.ok()) return invalid("header");
  const UtcTime now = parts_.clock.now();
  LH_TRY(check_signer(*jws, *header, caller, *parts_.trust(), now));
  auto claims = parse_claims(jws->payload);
  if (!claims.ok()) return invalid("claims");
  if (claims->iss != caller.organisation.text()) return invalid("iss");
  LH_TRY(check_times(*claims, now));
  const bool bound =
      expected == nullptr ? !claims->commitment.has_value() : claims->commitment == *expected;
  if (!bound) return invalid("commitment");
  if (claims->jti.empty()) return invalid("jti");
  const UtcTime until{claims->exp * 1000};
  if (used_->take(caller.organisation, claims->jti, until, now) != UsedAssertions::Use::kFirst) {
    return invalid("jti");
  }
  return std::move(claims->sub);
}

}  // namespace lh::hub::exchange
