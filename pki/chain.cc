#include "pki/chain.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "base/limits.h"
#include "crypto/c_ptr.h"
#include "pki/certificate_facts.h"

namespace lh::pki {
namespace {

using NameConstraints = crypto::CPtr<NAME_CONSTRAINTS, NAME_CONSTRAINTS_free>;

constexpr std::string_view kServerAuth = "1.3.6.1.5.5.7.3.1";
constexpr std::string_view kClientAuth = "1.3.6.1.5.5.7.3.2";
constexpr std::string_view kDocumentSigning = "1.3.6.1.5.5.7.3.36";  // RFC 9336
constexpr std::string_view kAnyUsage = "2.5.29.37.0";

enum class Link : std::uint8_t { kGood, kOtherName, kWrongSignature };

bool same_name(const X509_NAME* a, const X509_NAME* b) {
  return X509_NAME_cmp(a, b) == 0;
}

Link link_of(const Certificate& child, const Certificate& issuer) {
  X509* const c = CertificateAccess::x509(child);
  X509* const i = CertificateAccess::x509(issuer);
  if (!same_name(X509_get_issuer_name(c), X509_get_subject_name(i))) return Link::kOtherName;
  EVP_PKEY* const key = X509_get0_pubkey(i);
  if (key != nullptr && X509_verify(c, key) == 1) return Link::kGood;
  ERR_clear_error();
  return Link::kWrongSignature;
}

std::string_view purpose_of(Usage usage) {
  switch (usage) {
    case Usage::kTlsClient:
      return kClientAuth;
    case Usage::kTlsServer:
      return kServerAuth;
    case Usage::kSignDocument:
      return kDocumentSigning;
    case Usage::kAny:
      break;
  }
  return {};
}

// One path from the leaf to the anchor, checked rule by rule; every rule runs, so that a report
// names all that is wrong.
class PathCheck {
 public:
  PathCheck(const std::vector<Certificate>& chain, const TrustStore& trust, UtcTime at)
      : path_(chain), sent_(chain.size()), trust_(trust), at_(at) {}

  VerifyReport run(Usage usage) {
    check_links();
    check_repeats();
    find_anchor();
    for (std::size_t i = 0; i < path_.size(); ++i) check_one(i);
    check_leaf(usage);
    for (std::size_t i = 1; i < path_.size(); ++i) check_issuer(i, usage);
    for (std::size_t i = path_.size(); i-- > 1;) check_names_under(i);
    report_.complete();
    return std::move(report_);
  }

 private:
  const CertificateFacts& facts(std::size_t i) const { return CertificateAccess::facts(path_[i]); }

  std::string place(std::size_t i, std::string_view part = {}) const {
    std::string out = i < sent_ ? "certificate[" + std::to_string(i) + "]" : "anchor";
    if (!part.empty()) out.append(".").append(part);
    return out;
  }

  void check_links() {
    for (std::size_t i = 0; i + 1 < path_.size(); ++i) {
      const Link link = link_of(path_[i], path_[i + 1]);
      if (link == Link::kOtherName) report_.fail(Reason::kChainOrder, place(i, "issuer"));
      if (link == Link::kWrongSignature) report_.fail(Reason::kChainSignature, place(i));
    }
  }

  void check_repeats() {
    std::set<Digest> seen;
    for (std::size_t i = 0; i < path_.size(); ++i) {
      if (!seen.insert(path_[i].fingerprint()).second) report_.fail(Reason::kChainOrder, place(i));
    }
  }

  bool is_anchor(const Certificate& c) const {
    const auto& anchors = trust_.anchors();
    return std::any_of(anchors.begin(), anchors.end(), [&c](const Certificate& anchor) {
      return anchor.fingerprint() == c.fingerprint();
    });
  }

  // The last certificate is an anchor, or an anchor of that name made its signature. A name that
  // fits with a signature that does not is a forgery, unless the certificate itself asks for
  // another key of that name than we hold: then we cannot decide.
  void find_anchor() {
    const Certificate last = path_.back();
    if (is_anchor(last)) {
      // An anchor vouches for others: alone it is no end certificate (check_leaf, or this).
      if (sent_ == 1 && !facts(0).authority) report_.fail(Reason::kChainNotCa, place(0));
      return;
    }
    const Bytes& wanted = CertificateAccess::facts(last).authority_key_id;
    bool forged = false;
    for (const Certificate& anchor : trust_.anchors()) {
      const Link link = link_of(last, anchor);
      if (link == Link::kGood) {
        path_.push_back(anchor);
        return;
      }
      const Bytes& held = CertificateAccess::facts(anchor).subject_key_id;
      const bool other_key = !wanted.empty() && !held.empty() && wanted != held;
      forged = forged || (link == Link::kWrongSignature && !other_key);
    }
    if (forged) {
      report_.fail(Reason::kChainSignature, place(sent_ - 1));
    } else {
      report_.undecided(Reason::kTrustMissing, place(sent_ - 1, "issuer"));
    }
  }

  // RFC 5280 6.1.3 (a) 1–3, and the faults of the profile.
  void check_one(std::size_t i) {
    for (const Fault& f : facts(i).faults) report_.fail(f.reason, place(i, f.where));
    const Result<crypto::PublicKey> key = path_[i].public_key();
    if (!key.ok()) {
      const bool weak = key.error().reason() == Reason::kKeyWeak;
      report_.fail(weak ? Reason::kKeyWeak : Reason::kChainMalformed,
                   place(i, "subjectPublicKeyInfo"));
    }
    if (at_ < facts(i).not_before) report_.fail(Reason::kChainNotYetValid, place(i));
    // notAfter names the last second of validity, and that second is whole.
    if (at_ > facts(i).not_after.plus_ms(999)) report_.fail(Reason::kChainExpired, place(i));
    if (trust_.revoked(path_[i])) report_.fail(Reason::kChainRevoked, place(i));
  }

  void check_leaf(Usage usage) {
    const CertificateFacts& f = facts(0);
    if (f.authority) report_.fail(Reason::kChainCaAsLeaf, place(0));
    constexpr unsigned kIssuing = KU_KEY_CERT_SIGN | KU_CRL_SIGN;
    const unsigned wanted = usage == Usage::kSignDocument || usage == Usage::kAny
                                ? KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION
                                : KU_DIGITAL_SIGNATURE;
    const unsigned has = f.key_usage.value_or(0);
    // RFC 5280 4.2.1.9: keyCertSign only in an authority; the CA leaf has its own finding.
    if ((has & wanted) == 0 || (!f.authority && (has & kIssuing) != 0)) {
      report_.fail(Reason::kChainKeyUsage, place(0, "keyUsage"));
    }
    const std::string purpose(purpose_of(usage));
    if (!purpose.empty() && (!f.extended_key_usage || !f.extended_key_usage->contains(purpose))) {
      report_.fail(Reason::kChainExtendedKeyUsage, place(0, "extendedKeyUsage"));
    }
    // A server is named by subjectAltName alone; its common name is never read (RFC 9525 2).
    if (usage == Usage::kTlsServer && f.dns_names.empty() && f.ip_names == 0) {
      report_.fail(Reason::kChainMalformed, place(0, "subjectAltName"));
    }
  }

  // RFC 5280 6.1.4 (k) to (n).
  void check_issuer(std::size_t i, Usage usage) {
    const CertificateFacts& f = facts(i);
    if (!f.authority) report_.fail(Reason::kChainNotCa, place(i, "basicConstraints"));
    if ((f.key_usage.value_or(0) & KU_KEY_CERT_SIGN) == 0) {
      report_.fail(Reason::kChainKeyUsage, place(i, "keyUsage"));
    }
    long below = 0;  // authorities between this one and the leaf, self-issued ones not counted
    for (std::size_t k = 1; k < i; ++k) below += facts(k).self_issued ? 0 : 1;
    if (f.path_length && *f.path_length < below) {
      report_.fail(Reason::kChainPathLength, place(i, "basicConstraints"));
    }
    // An authority limited to purposes passes the limit on.
    const std::string purpose(purpose_of(usage));
    const auto& limit = f.extended_key_usage;
    if (limit && !purpose.empty() && !limit->contains(purpose) &&
        !limit->contains(std::string(kAnyUsage))) {
      report_.fail(Reason::kChainExtendedKeyUsage, place(i, "extendedKeyUsage"));
    }
  }

  // RFC 5280 4.2.1.10, 6.1.3 (b) and (c). OpenSSL compares the names; malformed ones never get
  // here as good (certificate_facts.cc), and whatever it cannot compare is refused.
  void check_names_under(std::size_t issuer) {
    if (!facts(issuer).constrains_names) return;
    const NameConstraints limits(static_cast<NAME_CONSTRAINTS*>(X509_get_ext_d2i(
        CertificateAccess::x509(path_[issuer]), NID_name_constraints, nullptr, nullptr)));
    if (limits == nullptr) return;  // undecodable: a fault of that certificate already
    for (std::size_t i = 0; i < issuer; ++i) {
      if (i > 0 && facts(i).self_issued) continue;
      if (NAME_CONSTRAINTS_check(CertificateAccess::x509(path_[i]), limits.get()) != X509_V_OK) {
        report_.fail(Reason::kChainNameConstraint, place(i));
      }
    }
    ERR_clear_error();
  }

  std::vector<Certificate> path_;
  std::size_t sent_;  // how many of path_ came from outside; the rest is the anchor
  const TrustStore& trust_;
  UtcTime at_;
  VerifyReport report_;
};

}  // namespace

VerifyReport check_chain(const std::vector<Certificate>& chain, const TrustStore& trust, UtcTime at,
                         Usage usage) {
  VerifyReport report;
  if (chain.empty()) {
    report.fail(Reason::kChainEmpty, "chain");
  } else if (chain.size() > limits::kChainCertificates) {
    report.fail(Reason::kChainTooLong, "chain");
  } else {
    return PathCheck(chain, trust, at).run(usage);
  }
  return report;
}

}  // namespace lh::pki
