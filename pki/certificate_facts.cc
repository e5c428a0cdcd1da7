#include "pki/certificate_facts.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "crypto/c_ptr.h"
#include "pki/der.h"

namespace lh::pki {
namespace {

using crypto::CPtr;
using Names = CPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using BasicConstraints = CPtr<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>;
using BitString = CPtr<ASN1_BIT_STRING, ASN1_BIT_STRING_free>;
using ExtendedKeyUsage = CPtr<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;

constexpr std::size_t kSerialOctets = 20;  // RFC 5280 4.1.2.2
constexpr std::size_t kDnsName = 253;
constexpr std::size_t kDnsLabel = 63;

std::string text_of(const ASN1_STRING* s) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(s)),
          static_cast<std::size_t>(ASN1_STRING_length(s))};
}

std::string dotted(const ASN1_OBJECT* object) {
  std::array<char, 128> out{};
  const int n = OBJ_obj2txt(out.data(), static_cast<int>(out.size()), object, 1);
  return n <= 0 ? std::string() : std::string(out.data());
}

// RFC 5280 4.1.2.5: UTCTime YYMMDDHHMMSSZ or GeneralizedTime YYYYMMDDHHMMSSZ, nothing else.
Result<UtcTime> time_of(const ASN1_TIME* t) {
  const std::string text = text_of(t);
  const std::size_t length = ASN1_STRING_type(t) == V_ASN1_UTCTIME ? 13 : 15;
  std::tm parts{};
  if (text.size() != length || text.back() != 'Z' || ASN1_TIME_to_tm(t, &parts) != 1) {
    return crypto::openssl_error(Reason::kChainMalformed, "time");
  }
  return UtcTime{std::int64_t{timegm(&parts)} * 1000};
}

bool is_dns_name(std::string_view name) {
  if (name.starts_with("*.")) name.remove_prefix(2);
  if (name.empty() || name.size() > kDnsName) return false;
  std::size_t label = 0;
  char before = '.';
  for (const char c : name) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (c == '.' ? label == 0 || before == '-' : !word && (c != '-' || label == 0)) return false;
    label = c == '.' ? 0 : label + 1;
    if (label > kDnsLabel) return false;
    before = c;
  }
  return label > 0 && before != '-';
}

bool is_visible_ascii(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// False for a name in a form that constraints could be dodged with (a NUL, an empty label, octets
// beyond ASCII): OpenSSL compares such names as they are.
bool take_name(const GENERAL_NAME* name, CertificateFacts& f) {
  int type = 0;
  const void* const value = GENERAL_NAME_get0_value(name, &type);
  if (type == GEN_DNS) {
    f.dns_names.push_back(text_of(static_cast<const ASN1_STRING*>(value)));
    return is_dns_name(f.dns_names.back());
  }
  if (type == GEN_URI) {
    f.uri_names.push_back(text_of(static_cast<const ASN1_STRING*>(value)));
    const std::string& uri = f.uri_names.back();
    return is_visible_ascii(uri) && uri.find(':') != std::string::npos && uri[0] != ':';
  }
  if (type == GEN_EMAIL) {
    const std::string mail = text_of(static_cast<const ASN1_STRING*>(value));
    const std::size_t sign = mail.find('@');
    return is_visible_ascii(mail) && sign != 0 && sign != std::string::npos &&
           mail.find('@', sign + 1) == std::string::npos && is_dns_name(mail.substr(sign + 1));
  }
  if (type == GEN_IPADD) {
    ++f.ip_names;
    const int n = ASN1_STRING_length(static_cast<const ASN1_STRING*>(value));
    return n == 4 || n == 16;
  }
  return true;
}

class Reader {
 public:
  explicit Reader(X509* x) : x_(x) {}

  Result<CertificateFacts> read() {
    f_.not_before = LH_TRY(time_of(X509_get0_notBefore(x_)));
    f_.not_after = LH_TRY(time_of(X509_get0_notAfter(x_)));
    f_.self_issued = X509_NAME_cmp(X509_get_subject_name(x_), X509_get_issuer_name(x_)) == 0;
    read_body();
    read_extension_list();
    read_basic_constraints();
    read_usages();
    read_names();
    read_key_ids();
    // OpenSSL's own view, filled in here once so that later readers on any thread only read; it
    // also says "invalid" for a repeated or broken extension that is reported above by name.
    const bool broken = (X509_get_extension_flags(x_) & EXFLAG_INVALID) != 0;
    if (broken && f_.faults.empty()) fault(Reason::kChainMalformed, "extensions");
    return std::move(f_);
  }

 private:
  void fault(Reason reason, std::string where) { f_.faults.push_back({reason, std::move(where)}); }

  void read_body() {
    if (X509_get_version(x_) != X509_VERSION_3) fault(Reason::kChainVersion, "version");
    read_serial();
    if (X509_NAME_entry_count(X509_get_issuer_name(x_)) == 0) {
      fault(Reason::kChainMalformed, "issuer");  // RFC 5280 4.1.2.4
    }
    const ASN1_BIT_STRING* issuer_id = nullptr;
    const ASN1_BIT_STRING* subject_id = nullptr;
    X509_get0_uids(x_, &issuer_id, &subject_id);
    if (issuer_id != nullptr || subject_id != nullptr) {
      fault(Reason::kChainMalformed, "uniqueIdentifiers");  // RFC 5280 4.1.2.8
    }
    if (f_.not_after < f_.not_before) fault(Reason::kChainMalformed, "validity");
    read_algorithms();
  }

  void read_serial() {
    unsigned char* der = nullptr;
    const int n = i2d_ASN1_INTEGER(X509_get0_serialNumber(x_), &der);
    // A longer length than one octet can say is a serial that is refused anyway.
    if (n > 2)
      f_.serial.assign(reinterpret_cast<const char*>(der) + 2, static_cast<std::size_t>(n) - 2);
    OPENSSL_free(der);
    const bool negative =
        f_.serial.empty() || (static_cast<unsigned char>(f_.serial[0]) & 0x80U) != 0;
    const bool zero = f_.serial == Bytes(1, '\0');
    if (negative || zero || f_.serial.size() > kSerialOctets) {
      fault(Reason::kChainSerial, "serialNumber");
    }
  }

  // Only P-256 and Ed25519, signed by either; parameters absent (RFC 5758 3.2, RFC 8410 3).
  void read_algorithms() {
    const int nid = X509_get_signature_nid(x_);
    const X509_ALGOR* algorithm = nullptr;
    X509_get0_signature(nullptr, &algorithm, x_);
    int parameter = V_ASN1_UNDEF;
    X509_ALGOR_get0(nullptr, &parameter, nullptr, algorithm);
    if ((nid != NID_ecdsa_with_SHA256 && nid != NID_ED25519) || parameter != V_ASN1_UNDEF) {
      fault(Reason::kAlgorithmRefused, "signatureAlgorithm");
    }
  }

  void read_extension_list() {
    constexpr int kUnderstood[] = {NID_basic_constraints, NID_key_usage, NID_ext_key_usage,
                                   NID_subject_alt_name, NID_name_constraints};
    std::set<std::string> seen;
    for (int i = 0; i < X509_get_ext_count(x_); ++i) {
      X509_EXTENSION* const e = X509_get_ext(x_, i);
      const std::string oid = dotted(X509_EXTENSION_get_object(e));
      if (!seen.insert(oid).second) fault(Reason::kChainDuplicateExtension, "extension " + oid);
      const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(e));
      const bool understood =
          std::find(std::begin(kUnderstood), std::end(kUnderstood), nid) != std::end(kUnderstood);
      if (!understood && X509_EXTENSION_get_critical(e) != 0) {
        fault(Reason::kChainCriticalExtension, "extension " + oid);
      }
      // A private extension may hold anything; those this profile or the standard knows are DER.
      const bool known = nid != NID_undef && X509V3_EXT_get_nid(nid) != nullptr;
      if (known && !check_der(text_of(X509_EXTENSION_get_data(e))).ok()) {
        fault(Reason::kChainMalformed, "extension " + oid);
      }
    }
  }

  // The decoded extension, or null when absent; a broken one is a fault. A repeated one gives null
  // too and is a fault since read_extension_list.
  void* extension(int nid, int& critical, std::string_view name) {
    void* const value = X509_get_ext_d2i(x_, nid, &critical, nullptr);
    if (value == nullptr && critical >= 0) {
      ERR_clear_error();
      fault(Reason::kChainMalformed, std::string(name));
    }
    return value;
  }

  void read_basic_constraints() {
    int critical = 0;
    const BasicConstraints bc(static_cast<BASIC_CONSTRAINTS*>(
        extension(NID_basic_constraints, critical, "basicConstraints")));
    if (bc == nullptr) return;
    f_.authority = bc->ca != 0;
    if (bc->pathlen != nullptr) f_.path_length = ASN1_INTEGER_get(bc->pathlen);
    if (f_.path_length && (!f_.authority || *f_.path_length < 0)) {
      fault(Reason::kChainMalformed, "basicConstraints");
    }
    // RFC 5280 4.2.1.9: MUST be critical in an authority's certificate.
    if (f_.authority && critical == 0) fault(Reason::kChainNotCa, "basicConstraints");
  }

  void read_usages() {
    int critical = 0;
    const BitString usage(
        static_cast<ASN1_BIT_STRING*>(extension(NID_key_usage, critical, "keyUsage")));
    if (usage != nullptr) f_.key_usage = X509_get_key_usage(x_);
    const ExtendedKeyUsage extended(static_cast<EXTENDED_KEY_USAGE*>(
        extension(NID_ext_key_usage, critical, "extendedKeyUsage")));
    if (extended == nullptr) return;
    f_.extended_key_usage.emplace();
    for (int i = 0; i < sk_ASN1_OBJECT_num(extended.get()); ++i) {
      f_.extended_key_usage->insert(dotted(sk_ASN1_OBJECT_value(extended.get(), i)));
    }
  }

  void read_names() {
    int critical = 0;
    const CPtr<NAME_CONSTRAINTS, NAME_CONSTRAINTS_free> constraints(static_cast<NAME_CONSTRAINTS*>(
        extension(NID_name_constraints, critical, "nameConstraints")));
    f_.constrains_names = constraints != nullptr;
    // RFC 5280 4.2.1.10: only in an authority's certificate, and it says something.
    const bool empty = f_.constrains_names && constraints->permittedSubtrees == nullptr &&
                       constraints->excludedSubtrees == nullptr;
    if (f_.constrains_names && (!f_.authority || empty)) {
      fault(Reason::kChainNameConstraint, "nameConstraints");
    }
    const Names names(
        static_cast<GENERAL_NAMES*>(extension(NID_subject_alt_name, critical, "subjectAltName")));
    if (names == nullptr) return;
    bool fine = sk_GENERAL_NAME_num(names.get()) > 0;  // RFC 5280 4.2.1.6
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
      fine = take_name(sk_GENERAL_NAME_value(names.get(), i), f_) && fine;
    }
    if (!fine) fault(Reason::kChainMalformed, "subjectAltName");
  }

  void read_key_ids() {
    if (const ASN1_OCTET_STRING* own = X509_get0_subject_key_id(x_))
      f_.subject_key_id = text_of(own);
    if (const ASN1_OCTET_STRING* by = X509_get0_authority_key_id(x_))
      f_.authority_key_id = text_of(by);
  }

  X509* x_;
  CertificateFacts f_;
};

}  // namespace

Result<CertificateFacts> read_facts(x509_st* certificate) {
  return Reader(certificate).read();
}

}  // namespace lh::pki
