// Kinds that carry a signature: jws, sd-jwt, certificate-chain, checkpoint, tlog-proof.
#include <algorithm>

#include "base/limits.h"
#include "crypto/jws.h"
#include "hub/app/data_dir.h"
#include "hub/app/vet/vet.h"
#include "hub/audit/receipt.h"
#include "pki/chain.h"
#include "schemas/sd_jwt_json.h"

namespace lh::hub::app::vet {
namespace {

// Algorithms that are registered for JWS, but are not ours.
constexpr std::string_view kOtherAlgorithms[] = {"HS256", "HS384", "HS512", "RS256",
                                                 "RS384", "RS512", "ES384", "ES512",
                                                 "PS256", "PS384", "PS512", "ES256K"};

Result<std::string> read_compact(const std::string& path) {
  std::string text = LH_TRY(read_file(path, limits::kDocumentBytes));
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

// What the header says before our profile judges it: an algorithm or parameter that is not ours is
// "unsupported"; "none" and nonsense are refused by the profile itself.
std::optional<Finding> outside_profile(const Bytes& header) {
  const auto json = schemas::parse_json(header, limits::kJsonBodyBytes);
  if (!json.ok() || json->members() == nullptr) return std::nullopt;
  for (const char* name : {"crit", "b64", "zip", "enc", "jku", "jwk", "x5u"}) {
    if (json->find(name) != nullptr)
      return Finding{Outcome::kUnsupported, Reason::kJwsHeader, name};
  }
  const schemas::Json* alg = json->find("alg");
  if (alg == nullptr || alg->string() == nullptr) return std::nullopt;
  const auto& other = kOtherAlgorithms;
  if (std::find(std::begin(other), std::end(other), *alg->string()) != std::end(other)) {
    return Finding{Outcome::kUnsupported, Reason::kAlgorithmRefused, *alg->string()};
  }
  return std::nullopt;
}

struct KeyChoice {
  std::optional<crypto::PublicKey> key;
  Finding chain{Outcome::kValid, Reason::kVerdictGood, ""};
};

// The x5c leaf, judged to the anchors; else a known key by its kid.
Result<KeyChoice> choose_key(const schemas::JoseHeader& header, const Question& q) {
  KeyChoice choice;
  if (!header.x5c.empty()) {
    const auto chain = LH_TRY(pki::parse_x5c(header.x5c));
    choice.key = LH_TRY(chain.front().public_key());
    choice.chain = from_report(pki::check_chain(chain, q.trust.anchors, q.at, pki::Usage::kAny));
    return choice;
  }
  const auto found = q.trust.keys.find(header.kid);
  if (found == q.trust.keys.end()) return Error(Reason::kTrustMissing, "kid");
  choice.key = found->second;
  return choice;
}

Result<Finding> jws_finding(const Question& q) {
  const auto text = LH_TRY(read_compact(q.path));
  const auto jws = LH_TRY(crypto::parse_jws(text));
  if (auto other = outside_profile(jws.header)) return *other;
  const auto header = LH_TRY(schemas::parse_jose_header(jws.header));
  const auto choice = LH_TRY(choose_key(header, q));
  LH_TRY(crypto::verify_jws(jws, header.alg, *choice.key));
  return choice.chain;
}

Result<Finding> chain_finding(const Question& q) {
  const auto pem = LH_TRY(read_file(q.path, limits::kDocumentBytes));
  const auto chain = LH_TRY(pki::parse_pem_chain(pem));
  return from_report(pki::check_chain(chain, q.trust.anchors, q.at, pki::Usage::kAny));
}

Result<Finding> checkpoint_finding(const Question& q) {
  const auto text = LH_TRY(read_file(q.path, limits::kJsonBodyBytes));
  const auto note = LH_TRY(crypto::parse_note(text));
  const auto checkpoint = LH_TRY(crypto::parse_checkpoint(note.text));
  LH_TRY(crypto::verify_note(note, q.trust.logs));
  const bool named = std::any_of(q.trust.logs.begin(), q.trust.logs.end(),
                                 [&](const auto& key) { return key.name == checkpoint.origin; });
  if (!named) return Error(Reason::kCheckpointOrigin, "no key of that name");
  return Finding{Outcome::kValid, Reason::kVerdictGood, ""};
}

Result<Finding> proof_finding(const Question& q) {
  const auto text = LH_TRY(read_file(q.path, limits::kDocumentBytes));
  if (text.starts_with('{')) {
    LH_TRY(audit::verify_receipt(LH_TRY(audit::parse_receipt(text)), q.trust.logs));
  } else {
    const auto proof = LH_TRY(crypto::parse_tlog_proof(text));
    const auto entry = LH_TRY(read_file(q.path + ".entry", limits::kEntryBytes));
    LH_TRY(crypto::verify_tlog_proof(proof, entry, q.trust.logs));
  }
  return Finding{Outcome::kValid, Reason::kVerdictGood, ""};
}

Result<Finding> sd_jwt_finding(const Question& q) {
  const auto text = LH_TRY(read_compact(q.path));
  const auto jwt = LH_TRY(crypto::parse_jws(text.substr(0, text.find('~'))));
  if (auto other = outside_profile(jwt.header)) return *other;
  const licences::DocumentCheck check{q.trust.anchors, q.at, licences::SigningTime::kUnproven,
                                      &q.trust.keys};
  const auto document = licences::check_document(text, check);
  const Finding integrity = from_report(document.integrity);
  if (integrity.outcome == Outcome::kInvalid) return integrity;
  if (!document.unsupported.empty()) {
    return Finding{Outcome::kUnsupported, Reason::kVetUnsupported, document.unsupported};
  }
  const Finding time = from_report(document.time);
  if (time.outcome == Outcome::kInvalid) return time;
  // Whether iss fits the certificate is judged by the issuer report; without x5c the key by kid is
  // it.
  for (const Finding& f : {integrity, from_report(document.issuer), time}) {
    if (f.outcome != Outcome::kValid) return f;
  }
  return integrity;
}

Finding settle(const Result<Finding>& result) {
  return result.ok() ? *result : from_error(result.error());
}

}  // namespace

Finding check_jws(const Question& q) {
  return settle(jws_finding(q));
}
Finding check_sd_jwt(const Question& q) {
  return settle(sd_jwt_finding(q));
}
Finding check_certificate_chain(const Question& q) {
  return settle(chain_finding(q));
}
Finding check_checkpoint(const Question& q) {
  return settle(checkpoint_finding(q));
}
Finding check_tlog_proof(const Question& q) {
  return settle(proof_finding(q));
}

}  // namespace lh::hub::app::vet
