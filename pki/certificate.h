// X.509 certificates as values. Parsed once, immutable, cheap to share.
// Source: RFC 5280; profile and deviations: docs/formats/certificates.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/sign.h"

namespace lh::pki {

class Certificate {
 public:
  // Input: one DER certificate, at most limits::kCertificateBytes. Errors: chain.malformed.
  static Result<Certificate> from_der(ByteView der);
  const Bytes& der() const;
  Digest fingerprint() const;          // SHA-256 of the DER
  const std::string& subject() const;  // RFC 2253 text, for people
  const std::string& issuer() const;
  std::string common_name() const;  // empty when absent
  std::string serial_hex() const;
  UtcTime not_before() const;
  UtcTime not_after() const;
  // Errors: key.weak when the key is of a kind the profile refuses.
  Result<crypto::PublicKey> public_key() const;
  std::vector<std::string> dns_names() const;
  std::vector<std::string> uri_names() const;  // "urn:uscc:<18>" for organisations

 private:
  friend class CertificateAccess;  // pki rooms that need the parsed form
  struct Impl;
  explicit Certificate(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

// PEM with one or more CERTIFICATE blocks, nothing else but white space and comments between.
Result<std::vector<Certificate>> parse_pem_chain(std::string_view pem);
std::string to_pem(const Certificate& c);

// The x5c header form: standard base64 of DER, leaf first.
Result<std::vector<Certificate>> parse_x5c(const std::vector<std::string>& x5c);

}  // namespace lh::pki
