// What the profile needs to know of one certificate, read once when it is parsed. Inside pki only.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pki/certificate.h"

struct x509_st;

namespace lh::pki {

// A rule of the profile that this certificate breaks whatever its place, time and use.
struct Fault {
  Reason reason;
  std::string where;  // "serialNumber", "extensions": appended to the certificate's own place
};

struct CertificateFacts {
  std::vector<Fault> faults;
  Bytes serial;  // content octets of the INTEGER
  UtcTime not_before;
  UtcTime not_after;
  bool authority = false;             // basicConstraints, critical, cA TRUE
  std::optional<long> path_length;    // of basicConstraints
  std::optional<unsigned> key_usage;  // bits KU_* of OpenSSL; absent: no extension
  std::optional<std::set<std::string>> extended_key_usage;  // dotted OIDs
  bool constrains_names = false;
  bool self_issued = false;
  std::vector<std::string> dns_names;
  std::vector<std::string> uri_names;
  std::size_t ip_names = 0;
  Bytes subject_key_id;
  Bytes authority_key_id;
};

// Errors: chain.malformed (times that are not RFC 5280 times). Everything else is a fault.
Result<CertificateFacts> read_facts(x509_st* certificate);

class CertificateAccess {
 public:
  static const CertificateFacts& facts(const Certificate& c);
  static x509_st* x509(const Certificate& c);  // never changed after it was parsed
};

}  // namespace lh::pki
