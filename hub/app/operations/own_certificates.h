// The certificates a hub made for itself and its departments: which there are, when they end, and
// the same ones again for the same keys.
#pragma once

#include "hub/app/hub.h"

namespace lh::hub::app {

struct OwnCertificate {
  enum class Kind : std::uint8_t { kRootCa, kIssuingCa, kServer, kHubSigning, kDepartment };
  Kind kind = Kind::kServer;
  std::string name;  // "root_ca", "issuing_ca", "server", "hub_signing", or a department's USCC
  pki::Certificate in_use;
};

// Those that this process works with, the authorities first. A CA that is elsewhere is left out.
// Errors: file.unreadable, those of the certificates.
Result<std::vector<OwnCertificate>> own_certificates(Hub& hub);

// Whole days until it ends; below zero: it has ended.
std::int64_t days_left(const pki::Certificate& certificate, UtcTime now);

struct Renewed {
  OwnCertificate of;
  pki::Certificate certificate;
};
// Renews each that ends within so many days; with the issuing CA all that it signed, so that no
// chain goes by its old certificate. An entry of `facts` each. The root is never renewed: who
// trusts it has to be told of another. What the server and the hub itself sign with is taken up
// when the hub starts again; departments' certificates at once. Errors: key.missing (the CA is
// elsewhere), those of the log and of files; what was renewed before stays.
Result<std::vector<Renewed>> renew_certificates(Hub& hub, std::int64_t within_days,
                                                const audit::EntryFacts& facts);

}  // namespace lh::hub::app
