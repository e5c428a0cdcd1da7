#include "hub/licences/office/verdict_keeper.h"

#include "crypto/digest.h"

namespace lh::hub::licences {
namespace {

constexpr std::size_t kVerified = 65536;

// The verdicts of one check as an enum, the only thing that may come out of an undisclosed value:
// integrity verdict ‖ its reason(16) ‖ issuer verdict ‖ its reason(16).
enum class Packed : std::uint64_t {};

std::uint64_t packed(pki::Verdict verdict, Reason reason) {
  return (static_cast<std::uint64_t>(verdict) << 16U) | static_cast<std::uint64_t>(reason);
}

Packed check_stored(const LicenceVersion& v, const pki::TrustStore& trust, const Digest& expected) {
  if (document_digest(v.document) != expected) {
    return static_cast<Packed>(packed(pki::Verdict::kInvalid, Reason::kContentChanged) << 32U |
                               packed(pki::Verdict::kIndeterminate, Reason::kIssuerUnknown));
  }
  // It is in the log since it was signed: certificates are judged at that time.
  const CheckedDocument c = check_document(
      v.document.text(), DocumentCheck{trust, UtcTime{}, SigningTime::kProven, nullptr});
  return static_cast<Packed>(packed(c.integrity.verdict(), c.integrity.reason()) << 32U |
                             packed(c.issuer.verdict(), c.issuer.reason()));
}

KeptVerdict unpacked(Packed p, std::uint64_t epoch) {
  const auto all = static_cast<std::uint64_t>(p);
  KeptVerdict kept;
  kept.epoch = epoch;
  kept.integrity = static_cast<pki::Verdict>(all >> 48U);
  kept.integrity_reason = static_cast<Reason>((all >> 32U) & 0xFFFFU);
  kept.issuer = static_cast<pki::Verdict>((all >> 16U) & 0xFFFFU);
  kept.issuer_reason = static_cast<Reason>(all & 0xFFFFU);
  return kept;
}

}  // namespace

Result<Tag> VerdictKeeper::mac(const KeptFor& document, const KeptVerdict& kept) const {
  const Secret* key = keys_.find("mac");
  if (key == nullptr) return Error(Reason::kKeyMissing, "mac");
  Bytes input("licence verdict");
  input.append(view(document.key.value));
  append_be16(input, static_cast<std::uint16_t>(document.version));
  input.append(view(document.document));
  append_be64(input, kept.epoch);
  input.push_back(static_cast<char>(kept.integrity));
  input.push_back(static_cast<char>(kept.issuer));
  input.append(reason_id(kept.integrity_reason)).push_back('\0');
  input.append(reason_id(kept.issuer_reason));
  return crypto::blake2b_mac(*key, input);
}

VerdictKeeper::ChainVerdict VerdictKeeper::chain_verdict(const Signer& signer,
                                                         const pki::TrustStore& trust,
                                                         UtcTime now) {
  const pki::Certificate& leaf = signer.chain.front();
  const Digest fingerprint = leaf.fingerprint();
  {
    const std::lock_guard lock(mutex_);
    const auto known = chains_.find(signer.organisation.text());
    if (known != chains_.end() && known->second.epoch == trust.epoch() &&
        known->second.leaf == fingerprint && leaf.not_before() <= now && now <= leaf.not_after()) {
      return known->second;
    }
  }
  const auto report = pki::check_chain(signer.chain, trust, now, pki::Usage::kSignDocument);
  const ChainVerdict fresh{trust.epoch(), fingerprint, report.verdict(), report.reason()};
  const std::lock_guard lock(mutex_);
  chains_.insert_or_assign(signer.organisation.text(), fresh);
  return fresh;
}

Result<KeptVerdict> VerdictKeeper::of_new(const Signer& signer, Attestation attestation,
                                          const KeptFor& document, UtcTime now) {
  const auto trust = trust_();
  const ChainVerdict chain = chain_verdict(signer, *trust, now);
  KeptVerdict kept;
  kept.epoch = trust->epoch();
  kept.integrity = pki::Verdict::kValid;
  kept.integrity_reason = Reason::kVerdictGood;
  kept.issuer = chain.verdict;
  kept.issuer_reason = chain.reason;
  if (attestation == Attestation::kStockData && chain.verdict == pki::Verdict::kValid) {
    kept.issuer = pki::Verdict::kIndeterminate;
    kept.issuer_reason = Reason::kIssuerStockData;
  }
  kept.mac = LH_TRY(mac(document, kept));
  return kept;
}

Result<KeptVerdict> VerdictKeeper::verify_again(const LicenceHead& head, const VersionEntry& entry,
                                                const pki::TrustStore& trust) const {
  // Nothing is released: the document goes no further than the check, verdicts come out.
  const Permit permit = gate_.maintenance();
  const auto version = LH_TRY(licences_.version(head, entry.version, permit));
  const Packed p =
      version.decide([](const LicenceVersion& v, const pki::TrustStore& t,
                        const Digest& expected) { return check_stored(v, t, expected); },
                     trust, entry.document);
  return unpacked(p, trust.epoch());
}

Result<KeptVerdict> VerdictKeeper::of_stored(const LicenceHead& head, int version) {
  const VersionEntry* entry = find_version(head, version);
  if (entry == nullptr) return Error(Reason::kLicenceUnknown, "version");
  const auto trust = trust_();
  const KeptFor document{head.key, version, entry->document};
  if (version == head.version && head.kept.epoch == trust->epoch()) {
    const Tag expected = LH_TRY(mac(document, head.kept));
    if (equal_constant_time(view(expected), view(head.kept.mac))) return head.kept;
  }
  {
    const std::lock_guard lock(mutex_);
    const auto known = verified_.find(entry->document);
    if (known != verified_.end() && known->second.epoch == trust->epoch()) return known->second;
  }
  KeptVerdict fresh = LH_TRY(verify_again(head, *entry, *trust));
  const std::lock_guard lock(mutex_);
  if (verified_.size() >= kVerified) verified_.clear();
  verified_.insert_or_assign(entry->document, fresh);
  return fresh;
}

}  // namespace lh::hub::licences
