// Verdicts about stored documents: verified once, kept beside the version under a keyed MAC with
// the trust epoch, checked by the MAC on every read, verified again when the epoch moved or the MAC
// does not fit (facts.md, "Verification cached"). Private to hub/licences. Threads: any.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "crypto/key_store.h"
#include "hub/access/gate.h"
#include "hub/licences/licence_store.h"
#include "hub/licences/signers.h"
#include "pki/trust_store.h"

namespace lh::hub::licences {

using TrustSource = std::function<std::shared_ptr<const pki::TrustStore>()>;

// What the MAC covers: moved, changed or copied to another licence, it does not fit.
struct KeptFor {
  LicenceKey key;
  int version = 1;
  Digest document{};
};

class VerdictKeeper {
 public:
  VerdictKeeper(const crypto::KeyStore& keys, const LicenceStore& licences,
                const access::Gate& gate, TrustSource trust)
      : keys_(keys), licences_(licences), gate_(gate), trust_(std::move(trust)) {}

  // Of a document made here this moment: the signature is known, the chain is judged (once a signer
  // and epoch).
  Result<KeptVerdict> of_new(const Signer& signer, Attestation attestation, const KeptFor& document,
                             UtcTime now);
  // Of a stored version.
  Result<KeptVerdict> of_stored(const LicenceHead& head, int version);

 private:
  struct ChainVerdict {
    std::uint64_t epoch = 0;
    Digest leaf{};
    pki::Verdict verdict = pki::Verdict::kIndeterminate;
    Reason reason = Reason::kIssuerUnknown;
  };
  Result<Tag> mac(const KeptFor& document, const KeptVerdict& kept) const;
  ChainVerdict chain_verdict(const Signer& signer, const pki::TrustStore& trust, UtcTime now);
  Result<KeptVerdict> verify_again(const LicenceHead& head, const VersionEntry& entry,
                                   const pki::TrustStore& trust) const;

  const crypto::KeyStore& keys_;
  const LicenceStore& licences_;
  const access::Gate& gate_;
  TrustSource trust_;
  std::mutex mutex_;
  std::map<std::string, ChainVerdict> chains_;  // by organisation
  std::map<Digest, KeptVerdict> verified_;      // by document; only the newest epoch is of use
};

}  // namespace lh::hub::licences
