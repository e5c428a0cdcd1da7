// A small certificate authority: root and issuing CA of a hub, certificates of departments, their
// systems, document signers and the server. P-256, serials random 159 bits, validity at the second.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "crypto/sign.h"
#include "pki/certificate.h"
#include "pki/chain.h"

namespace lh::pki {

struct CertificateRequest {
  std::string common_name;
  std::string organisation;
  std::string uscc;                    // as URI name urn:uscc:<18>, when not empty
  std::vector<std::string> dns_names;  // servers
  std::vector<std::string> ip_names;   // servers, "127.0.0.1"
  Usage usage = Usage::kTlsClient;
  UtcTime not_before;
  UtcTime not_after;
};

// Self-signed root: path length 1, key usage keyCertSign|cRLSign.
Result<Certificate> make_root(const crypto::PrivateKey& key, std::string_view common_name,
                              UtcTime not_before, UtcTime not_after, Random& random);

class Authority {
 public:
  Authority(Certificate certificate, const crypto::PrivateKey& key)
      : certificate_(std::move(certificate)), key_(key) {}
  // An issuing CA under this one (path length 0).
  Result<Certificate> issue_authority(std::string_view common_name,
                                      const crypto::PublicKey& subject, UtcTime not_before,
                                      UtcTime not_after, Random& random) const;
  Result<Certificate> issue(const CertificateRequest& request, const crypto::PublicKey& subject,
                            Random& random) const;
  // The same for the same key once more: names, usage and extensions as in `old`, another serial
  // and validity. Errors: input.malformed (not of this authority), those of issue().
  Result<Certificate> renew(const Certificate& old, UtcTime not_before, UtcTime not_after,
                            Random& random) const;
  const Certificate& certificate() const { return certificate_; }

 private:
  Certificate certificate_;
  const crypto::PrivateKey& key_;
};

}  // namespace lh::pki
