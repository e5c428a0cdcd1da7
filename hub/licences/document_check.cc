// Checks of a document from outside: header, signature, disclosures, claims, chain, issuer, time.
#include <algorithm>
#include <array>

#include "base/limits.h"
#include "crypto/digest.h"
#include "crypto/jws.h"
#include "hub/licences/document.h"
#include "hub/licences/sd_jwt/sd_jwt.h"

namespace lh::hub::licences {
namespace {

using schemas::Json;

constexpr std::string_view kTypeUrn = "urn:licence-type:";
// What the hub states about a department's answer; the issuer did not sign it.
constexpr std::string_view kAttestationUrn = "urn:licence-attestation:";
// Of the JOSE registry (RFC 7518 3.1, RFC 8812) and the national profile: signatures that may be
// good, with keys this hub does not judge.
constexpr std::array<std::string_view, 10> kOtherAlgorithms = {
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES384", "ES512", "ES256K", "SM2"};

void outside(CheckedDocument& out, std::string where) {
  out.integrity.undecided(Reason::kVetUnsupported, where);
  if (out.unsupported.empty()) out.unsupported = std::move(where);
}

bool is_licence(const CheckedDocument& c) {
  return c.vct.starts_with(kTypeUrn);
}

// dc+sd-jwt is ours; vc+sd-jwt was its name before, and example+sd-jwt is that of the RFC's own
// samples. Another typ was signed to mean something else (RFC 8725 section 3.11).
void check_typ(CheckedDocument& out) {
  if (out.typ == "dc+sd-jwt") return;
  if (out.typ == "vc+sd-jwt" || out.typ == "example+sd-jwt") {
    out.integrity.note(Reason::kVetUnsupported, "header.typ");
    return;
  }
  outside(out, "header.typ");
}

struct Signing {
  std::vector<pki::Certificate> chain;
  std::optional<crypto::PublicKey> key;
};

Signing find_key(const schemas::JoseHeader& header, const DocumentCheck& check,
                 CheckedDocument& out) {
  Signing s;
  if (header.x5c.empty()) {
    const auto known =
        check.keys == nullptr ? KeysById::const_iterator{} : check.keys->find(header.kid);
    if (check.keys != nullptr && known != check.keys->end()) {
      s.key = known->second;
    } else {
      out.integrity.undecided(Reason::kTrustMissing, "header.x5c");
      out.issuer.undecided(Reason::kTrustMissing, "header.x5c");
    }
    return s;
  }
  auto chain = pki::parse_x5c(header.x5c);
  if (!chain.ok()) {
    out.integrity.fail(chain.error().reason(), "header.x5c");
    return s;
  }
  s.chain = std::move(*chain);
  auto key = s.chain.front().public_key();
  if (key.ok()) {
    s.key = std::move(*key);
  } else if (std::find(kOtherAlgorithms.begin(), kOtherAlgorithms.end(), header.alg) !=
             kOtherAlgorithms.end()) {
    outside(out, "header.alg");
  } else {
    out.integrity.fail(key.error().reason(), "header.x5c[0]");
  }
  return s;
}

bool read_text(const Json& payload, std::string_view name, std::string& out) {
  const Json* v = payload.find(name);
  if (v == nullptr) return true;
  if (v->string() == nullptr) return false;
  out = *v->string();
  return true;
}

bool read_seconds(const Json& payload, std::string_view name, std::optional<std::int64_t>& out) {
  constexpr std::int64_t kFarthest = 253402300799;  // the end of the year 9999
  const Json* v = payload.find(name);
  if (v == nullptr) return true;
  if (v->integer() != nullptr) {
    if (*v->integer() < 0 || *v->integer() > kFarthest) return false;
    out = *v->integer();
    return true;
  }
  // RFC 7519 section 2: a NumericDate may have a fraction.
  if (v->number() == nullptr || !(*v->number() >= 0) || *v->number() > 253402300799.0) return false;
  out = static_cast<std::int64_t>(*v->number());
  return true;
}

bool read_status(const Json& payload, CheckedDocument& out) {
  const Json* status = payload.find("status");
  if (status == nullptr) return true;
  const Json* list = status->find("status_list");
  if (list == nullptr) return status->members() != nullptr;
  const Json* index = list->find("idx");
  if (index == nullptr || index->integer() == nullptr || *index->integer() < 0) return false;
  out.status_index = static_cast<std::uint64_t>(*index->integer());
  return read_text(*list, "uri", out.status_uri) && !out.status_uri.empty();
}

bool read_claims(const Json& payload, CheckedDocument& out) {
  if (const Json* version = payload.find("version"); version != nullptr && is_licence(out)) {
    if (version->integer() == nullptr || *version->integer() < 1 || *version->integer() > 999) {
      return false;
    }
    out.version = static_cast<int>(*version->integer());
  }
  return read_text(payload, "iss", out.iss) && read_seconds(payload, "iat", out.iat) &&
         read_seconds(payload, "nbf", out.nbf) && read_seconds(payload, "exp", out.exp) &&
         read_status(payload, out);
}

// The claims of our own profile (docs/formats/licence.md): all there, and of one mind.
void check_licence_claims(CheckedDocument& out) {
  const auto id = parse_licence_id(out.licence_id);
  if (!id.ok()) {
    out.integrity.fail(id.error().reason(), "payload.licence_id");
    return;
  }
  if (out.vct.substr(kTypeUrn.size()) != id->type()) {
    out.integrity.fail(Reason::kSdJwtClaim, "payload.vct");
  }
  if (out.version != id->version()) out.integrity.fail(Reason::kSdJwtClaim, "payload.version");
  if (!out.iat) out.integrity.fail(Reason::kSdJwtClaim, "payload.iat");
}

struct Named {
  std::optional<Uscc> organisation;
  bool collector = false;
};
Named named_by(std::string_view iss) {
  const auto after = [iss](std::string_view mark) -> std::optional<Uscc> {
    const auto at = iss.rfind(mark);
    if (at == std::string_view::npos) return std::nullopt;
    auto uscc = parse_uscc(iss.substr(at + mark.size()));
    return uscc.ok() ? std::optional<Uscc>(std::move(*uscc)) : std::nullopt;
  };
  if (auto issuer = after("/issuers/")) return {std::move(issuer), false};
  return {after("/collectors/"), true};
}

// The certificate names its organisation as urn:uscc:<18>; a licence names its issuer twice, in iss
// and in its own number.
void check_names(const Signing& signing, CheckedDocument& out) {
  const Named named = named_by(out.iss);
  if (!named.organisation) {
    out.issuer.undecided(Reason::kIssuerUnknown, "payload.iss");
    return;
  }
  const auto names = signing.chain.front().uri_names();
  const std::string wanted = "urn:uscc:" + named.organisation->text();
  if (std::find(names.begin(), names.end(), wanted) == names.end()) {
    out.issuer.fail(Reason::kIssuerMismatch, "payload.iss");
  }
  const auto id = parse_licence_id(out.licence_id);
  if (!id.ok() || id->issuer() != named.organisation->text()) {
    out.issuer.fail(Reason::kIssuerMismatch, "payload.licence_id");
  }
  if (named.collector) out.issuer.undecided(Reason::kIssuerStockData, "payload.iss");
}

bool only_expired(const pki::VerifyReport& report) {
  return std::all_of(report.findings().begin(), report.findings().end(), [](const auto& f) {
    return f.severity == pki::Severity::kNote || f.reason == Reason::kChainExpired;
  });
}

void check_issuer(const Signing& signing, const DocumentCheck& check, CheckedDocument& out) {
  if (signing.chain.empty()) {  // a key of the verifier's own choice, by kid
    out.issuer.note(Reason::kIssuerUnknown, "header.kid");
    if (is_licence(out)) out.issuer.undecided(Reason::kIssuerUnknown, "header.kid");
    out.issuer.complete();
    return;
  }
  const auto judged = [&](UtcTime at) {
    return pki::check_chain(signing.chain, check.trust, at, pki::Usage::kSignDocument);
  };
  const bool proven = check.signing_time == SigningTime::kProven && out.iat;
  const auto now = judged(proven ? UtcTime{*out.iat * 1000} : check.at);
  if (now.verdict() == pki::Verdict::kInvalid && only_expired(now) && out.iat &&
      judged(UtcTime{*out.iat * 1000}).verdict() == pki::Verdict::kValid) {
    // Good when it says it was signed; nothing here proves that time.
    out.issuer.undecided(Reason::kChainExpired, "chain");
  } else {
    out.issuer.merge(now, "chain");
  }
  if (is_licence(out)) check_names(signing, out);
  if (out.vct.starts_with(kAttestationUrn)) {
    out.issuer.undecided(Reason::kIssuerAttestedByHub, "payload.vct");
  }
  out.issuer.complete();
}

void check_time(UtcTime at, CheckedDocument& out) {
  const std::int64_t now = at.ms / 1000;
  if (out.nbf && now < *out.nbf) out.time.fail(Reason::kStatusNotYetValid, "payload.nbf");
  if (out.exp && now >= *out.exp) out.time.fail(Reason::kStatusExpired, "payload.exp");
  out.time.complete();
}

// The disclosures against the signed digests, then the claims.
void check_payload(const Json& payload, const sd_jwt::Parts& parts, CheckedDocument& out) {
  if (payload.members() == nullptr || !read_text(payload, "vct", out.vct) ||
      !read_text(payload, "licence_id", out.licence_id) || !read_claims(payload, out)) {
    out.integrity.fail(Reason::kSdJwtMalformed, "payload");
    return;
  }
  const auto reserved =
      out.typ == "example+sd-jwt" ? sd_jwt::Reserved::kGeneral : sd_jwt::Reserved::kLicence;
  auto processed = sd_jwt::process(payload, parts.disclosures, reserved);
  if (!processed.ok()) {
    out.integrity.fail(processed.error().reason(), "disclosures");
    return;
  }
  if (!processed->unsupported.empty()) outside(out, "payload." + processed->unsupported);
  out.claims = std::move(processed->claims);
  if (is_licence(out)) check_licence_claims(out);
}

void check_signature(const crypto::Jws& jws, std::string_view alg, const Signing& signing,
                     CheckedDocument& out) {
  if (!signing.key) return;
  const Status good = crypto::verify_jws(jws, alg, *signing.key);
  if (!good.ok()) out.integrity.fail(good.error().reason(), "signature");
}

}  // namespace

CheckedDocument check_document(std::string_view sd_jwt, const DocumentCheck& check) {
  CheckedDocument out;
  const auto parts = sd_jwt::split(sd_jwt);
  if (!parts.ok()) {
    out.integrity.fail(parts.error().reason(), "document");
    return out;
  }
  // A key binding is a statement of the holder about this very presentation: without its nonce and
  // audience it can be neither believed nor passed over (RFC 9901 section 7.3).
  if (!parts->key_binding.empty()) {
    const bool well_formed = crypto::parse_jws(parts->key_binding).ok();
    if (!well_formed) out.integrity.fail(Reason::kSdJwtMalformed, "key binding");
    outside(out, "key binding");
  }
  const auto jws = crypto::parse_jws(parts->jwt);
  if (!jws.ok()) {
    out.integrity.fail(jws.error().reason(), "document");
    return out;
  }
  out.digest = crypto::sha256(parts->jwt);
  const auto header = schemas::parse_jose_header(jws->header);
  if (!header.ok()) {
    out.integrity.fail(header.error().reason(), "header");
    return out;
  }
  out.typ = header->typ;
  check_typ(out);
  const auto payload = schemas::parse_json(jws->payload, limits::kJsonBodyBytes);
  if (!payload.ok()) {
    out.integrity.fail(payload.error().reason(), "payload");
    return out;
  }
  check_payload(*payload, *parts, out);
  const Signing signing = find_key(*header, check, out);
  check_signature(*jws, header->alg, signing, out);
  out.integrity.complete();
  check_issuer(signing, check, out);
  check_time(check.at, out);
  const pki::Verdict whole = out.integrity.verdict();
  if (whole != pki::Verdict::kValid) out.claims = Json::object();  // nobody may rely on them
  // What is not whole proves nothing about who made it.
  if (whole == pki::Verdict::kInvalid) out.issuer.undecided(Reason::kIssuerUnknown, "document");
  return out;
}

CheckedDocument check_document(std::string_view sd_jwt, const pki::TrustStore& trust, UtcTime at) {
  return check_document(sd_jwt, DocumentCheck{trust, at, SigningTime::kUnproven, nullptr});
}

}  // namespace lh::hub::licences
