// Certificates, good and bad, made through OpenSSL directly: the code under test makes none of
// them.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <vector>

#include "pki/certificate.h"

namespace lh::pki::farm {

using Key = std::shared_ptr<EVP_PKEY>;
// "P-256", "P-384", "Ed25519", "RSA-1024", "RSA-2048"; the same name and number give the same key.
Key key_of(const std::string& kind, int number = 0);

struct Spec {
  std::string subject;  // common name
  Key key;
  int version = 3;
  std::string serial = "1234";  // hex, "-" first for a negative one
  UtcTime not_before;
  UtcTime not_after;
  std::string digest = "SHA256";  // of the signature; ignored under Ed25519
  // Names and values as in openssl.cnf: {"basicConstraints", "critical,CA:TRUE"},
  // {"1.2.3.4", "critical,DER:0500"}.
  std::vector<std::pair<std::string, std::string>> extensions;
  void set(const std::string& name, const std::string& value);  // replaces or adds
  void drop(const std::string& name);
};

// DER of the certificate of spec, signed by issuer_key in the name of issuer.
Bytes make(const Spec& spec, const std::string& issuer, const Key& issuer_key);

// 2030-01-01T00:00:00Z: the time of every test.
inline constexpr UtcTime kNow{1893456000000};
inline constexpr std::int64_t kDay = 86400000;

// root <- issuing <- leaf as the profile wants them; a case spoils what it is about.
struct Chain {
  Spec root;
  Spec issuing;
  Spec leaf;
  std::string leaf_issuer = "issuing";  // the name in the leaf
  std::string issuing_issuer = "root";
  Key leaf_signer;
  Key issuing_signer;
  Chain();
  Certificate root_certificate() const;
  Certificate issuing_certificate() const;
  Certificate leaf_certificate() const;
  std::vector<Certificate> sent() const;  // leaf, issuing
};

}  // namespace lh::pki::farm
