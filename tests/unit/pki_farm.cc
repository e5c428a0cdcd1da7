#include "tests/unit/pki_farm.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <map>
#include <stdexcept>

namespace lh::pki::farm {
namespace {

void need(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(what);
}

EVP_PKEY* generate(const std::string& kind) {
  if (kind == "P-256" || kind == "P-384") return EVP_EC_gen(kind.c_str());
  if (kind == "RSA-1024") return EVP_RSA_gen(1024);
  if (kind == "RSA-2048") return EVP_RSA_gen(2048);
  return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
}

std::shared_ptr<X509_NAME> name_of(const std::string& common_name) {
  const std::shared_ptr<X509_NAME> name(X509_NAME_new(), X509_NAME_free);
  if (common_name.empty()) return name;
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  need(X509_NAME_add_entry_by_txt(name.get(), "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1, "name");
  return name;
}

void set_serial(X509* x, const std::string& hex) {
  BIGNUM* n = nullptr;
  need(BN_hex2bn(&n, hex.c_str()) > 0, "serial");
  need(BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != nullptr, "serial");
  BN_free(n);
}

}  // namespace

Key key_of(const std::string& kind, int number) {
  static std::map<std::pair<std::string, int>, Key> made;
  Key& key = made[{kind, number}];
  if (!key) key = Key(generate(kind), EVP_PKEY_free);
  need(key != nullptr, "key");
  return key;
}

void Spec::set(const std::string& name, const std::string& value) {
  drop(name);
  extensions.emplace_back(name, value);
}

void Spec::drop(const std::string& name) {
  const auto gone = [&name](const auto& e) { return e.first == name; };
  extensions.erase(std::remove_if(extensions.begin(), extensions.end(), gone), extensions.end());
}

Bytes make(const Spec& spec, const std::string& issuer, const Key& issuer_key) {
  const std::shared_ptr<X509> x(X509_new(), X509_free);
  need(X509_set_version(x.get(), spec.version - 1) == 1, "version");
  set_serial(x.get(), spec.serial);
  need(ASN1_TIME_set(X509_getm_notBefore(x.get()), spec.not_before.ms / 1000) != nullptr, "time");
  need(ASN1_TIME_set(X509_getm_notAfter(x.get()), spec.not_after.ms / 1000) != nullptr, "time");
  need(X509_set_subject_name(x.get(), name_of(spec.subject).get()) == 1, "subject");
  need(X509_set_issuer_name(x.get(), name_of(issuer).get()) == 1, "issuer");
  need(X509_set_pubkey(x.get(), spec.key.get()) == 1, "key");
  // Key identifiers "hash" and "keyid" are computed of these two.
  const std::shared_ptr<X509> by(X509_new(), X509_free);
  need(X509_set_pubkey(by.get(), issuer_key.get()) == 1, "issuer key");
  X509V3_CTX context;
  X509V3_set_ctx(&context, by.get(), by.get(), nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  const std::shared_ptr<X509_EXTENSION> own(
      X509V3_EXT_nconf(nullptr, &context, "subjectKeyIdentifier", "hash"), X509_EXTENSION_free);
  need(own != nullptr && X509_add_ext(by.get(), own.get(), -1) == 1, "issuer key id");
  X509V3_set_ctx(&context, by.get(), x.get(), nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  for (const auto& [name, value] : spec.extensions) {
    const std::shared_ptr<X509_EXTENSION> e(
        X509V3_EXT_nconf(nullptr, &context, name.c_str(), value.c_str()), X509_EXTENSION_free);
    need(e != nullptr && X509_add_ext(x.get(), e.get(), -1) == 1, name.c_str());
  }
  const bool edwards = EVP_PKEY_is_a(issuer_key.get(), "ED25519") == 1;
  const EVP_MD* const md = edwards ? nullptr : EVP_get_digestbyname(spec.digest.c_str());
  need(X509_sign(x.get(), issuer_key.get(), md) > 0, "signature");
  unsigned char* der = nullptr;
  const int n = i2d_X509(x.get(), &der);
  need(n > 0, "encoding");
  Bytes out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(n));
  OPENSSL_free(der);
  return out;
}

Chain::Chain() {
  const auto begin = [](const char* name, int number) {
    Spec s;
    s.subject = name;
    s.key = key_of("P-256", number);
    s.not_before = kNow.plus_ms(-100 * kDay);
    s.not_after = kNow.plus_ms(100 * kDay);
    return s;
  };
  root = begin("root", 1);
  root.extensions = {{"basicConstraints", "critical,CA:TRUE,pathlen:1"},
                     {"keyUsage", "critical,keyCertSign,cRLSign"}};
  issuing = begin("issuing", 2);
  issuing.extensions = {{"basicConstraints", "critical,CA:TRUE,pathlen:0"},
                        {"keyUsage", "critical,keyCertSign,cRLSign"}};
  leaf = begin("leaf", 3);
  leaf.extensions = {{"keyUsage", "critical,digitalSignature"},
                     {"extendedKeyUsage", "clientAuth"},
                     {"subjectAltName", "DNS:hub.example.cn,URI:urn:uscc:91310000MA1FL0000X"}};
  leaf_signer = issuing.key;
  issuing_signer = root.key;
}

Certificate Chain::root_certificate() const {
  return Certificate::from_der(make(root, root.subject, root.key)).value();
}
Certificate Chain::issuing_certificate() const {
  return Certificate::from_der(make(issuing, issuing_issuer, issuing_signer)).value();
}
Certificate Chain::leaf_certificate() const {
  return Certificate::from_der(make(leaf, leaf_issuer, leaf_signer)).value();
}
std::vector<Certificate> Chain::sent() const {
  return {leaf_certificate(), issuing_certificate()};
}

}  // namespace lh::pki::farm
