#include "pki/authority.h"

#include <openssl/x509v3.h>

#include <algorithm>

#include "crypto/c_ptr.h"
#include "crypto/digest.h"
#include "pki/certificate_facts.h"

namespace lh::pki {
namespace {

using crypto::CPtr;
using X509Ptr = CPtr<X509, X509_free>;
using NamePtr = CPtr<X509_NAME, X509_NAME_free>;
using Pkey = CPtr<EVP_PKEY, EVP_PKEY_free>;
using BasicConstraints = CPtr<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>;
using BitString = CPtr<ASN1_BIT_STRING, ASN1_BIT_STRING_free>;
using Octets = CPtr<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using KeyId = CPtr<AUTHORITY_KEYID, AUTHORITY_KEYID_free>;
using Purposes = CPtr<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;
using Names = CPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using NameOf = CPtr<GENERAL_NAME, GENERAL_NAME_free>;
using Integer = CPtr<ASN1_INTEGER, ASN1_INTEGER_free>;
using Number = CPtr<BIGNUM, BN_free>;

constexpr std::size_t kSpkiBitsP256 = 26;  // where the key's own octets begin
constexpr std::size_t kSpkiBitsEd25519 = 12;
constexpr std::size_t kKeyIdOctets = 20;  // RFC 7093 2, method 1: SHA-256, leftmost 160 bits

Error failed(std::string_view what) {
  return crypto::openssl_error(Reason::kCryptoFailure, what);
}

Bytes key_id_of(const crypto::PublicKey& key) {
  const bool p256 = key.algorithm() == crypto::Algorithm::kEs256;
  const Digest d =
      crypto::sha256(ByteView(key.spki()).substr(p256 ? kSpkiBitsP256 : kSpkiBitsEd25519));
  return Bytes(view(d).substr(0, kKeyIdOctets));
}

Result<Pkey> signing_key(const crypto::PrivateKey& key) {
  Bytes der = key.pkcs8();
  const auto* p = reinterpret_cast<const unsigned char*>(der.data());
  Pkey out(d2i_AutoPrivateKey(nullptr, &p, static_cast<long>(der.size())));
  wipe(der);
  if (out == nullptr) return failed("signing key");
  return out;
}

// 159 random bits under a leading zero bit: positive, 20 octets, and unpredictable (the only
// part of a certificate its holder cannot choose).
Status set_serial(X509* x, Random& random) {
  auto octets = random.array<20>();
  octets[0] = static_cast<std::uint8_t>(octets[0] & 0x7FU);
  const Number number(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
  if (number == nullptr || BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x)) == nullptr) {
    return failed("serial");
  }
  return ok_status();
}

Result<NamePtr> name_of(std::string_view common_name, std::string_view organisation) {
  NamePtr name(X509_NAME_new());
  if (name == nullptr) return failed("name");
  const auto add = [&name](int nid, std::string_view value) {
    return X509_NAME_add_entry_by_NID(name.get(), nid, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(value.data()),
                                      static_cast<int>(value.size()), -1, 0) == 1;
  };
  const bool empty = common_name.empty() && organisation.empty();
  // RFC 5280 A.1: at most 64 characters each; X509_NAME refuses more.
  if (empty || (!organisation.empty() && !add(NID_organizationName, organisation)) ||
      (!common_name.empty() && !add(NID_commonName, common_name))) {
    return crypto::openssl_error(Reason::kInputMalformed, "subject name");
  }
  return name;
}

constexpr std::int64_t kSecond = 1000;

enum class Critical : std::uint8_t { kNo, kYes };

// A certificate in the making.
struct Draft {
  X509Ptr x{X509_new()};

  Status begin(const crypto::PublicKey& subject, UtcTime from, UtcTime until, Random& random) {
    if (x == nullptr || X509_set_version(x.get(), X509_VERSION_3) != 1)
      return failed("certificate");
    LH_TRY(begin_life(from, until, random));
    const auto* p = reinterpret_cast<const unsigned char*>(subject.spki().data());
    const Pkey key(d2i_PUBKEY(nullptr, &p, static_cast<long>(subject.spki().size())));
    if (key == nullptr || X509_set_pubkey(x.get(), key.get()) != 1) return failed("subject key");
    return add_subject_key_id(key_id_of(subject));
  }

  // What is new whenever a certificate is made.
  Status begin_life(UtcTime from, UtcTime until, Random& random) {
    if (x == nullptr) return failed("certificate");
    if (until < from || from.ms < 0) return Error(Reason::kInputMalformed, "validity");
    LH_TRY(set_serial(x.get(), random));
    if (ASN1_TIME_set(X509_getm_notBefore(x.get()), from.ms / kSecond) == nullptr ||
        ASN1_TIME_set(X509_getm_notAfter(x.get()), until.ms / kSecond) == nullptr) {
      return crypto::openssl_error(Reason::kInputMalformed, "validity");
    }
    return ok_status();
  }

  Status add(int nid, void* value, Critical critical) {
    const int flag = critical == Critical::kYes ? 1 : 0;
    if (value == nullptr || X509_add1_ext_i2d(x.get(), nid, value, flag, X509V3_ADD_DEFAULT) != 1) {
      return failed("extension");
    }
    return ok_status();
  }

  Status add_subject_key_id(const Bytes& id) {
    const Octets octets(ASN1_OCTET_STRING_new());
    if (octets == nullptr ||
        ASN1_OCTET_STRING_set(octets.get(), reinterpret_cast<const unsigned char*>(id.data()),
                              static_cast<int>(id.size())) != 1) {
      return failed("key id");
    }
    return add(NID_subject_key_identifier, octets.get(), Critical::kNo);
  }

  Status add_authority_key_id(const Bytes& id) {
    const KeyId by(AUTHORITY_KEYID_new());
    if (by == nullptr || (by->keyid = ASN1_OCTET_STRING_new()) == nullptr ||
        ASN1_OCTET_STRING_set(by->keyid, reinterpret_cast<const unsigned char*>(id.data()),
                              static_cast<int>(id.size())) != 1) {
      return failed("key id");
    }
    return add(NID_authority_key_identifier, by.get(), Critical::kNo);
  }

  Status add_authority(long path_length) {
    const BasicConstraints bc(BASIC_CONSTRAINTS_new());
    if (bc == nullptr || (bc->pathlen = ASN1_INTEGER_new()) == nullptr ||
        ASN1_INTEGER_set(bc->pathlen, path_length) != 1) {
      return failed("basic constraints");
    }
    bc->ca = 0xFF;
    LH_TRY(add(NID_basic_constraints, bc.get(), Critical::kYes));
    return add_key_usage({5, 6});  // keyCertSign, cRLSign
  }

  // RFC 5280 4.2.1.3: numbers of the named bits.
  Status add_key_usage(std::initializer_list<int> bits) {
    const BitString usage(ASN1_BIT_STRING_new());
    for (const int bit : bits) {
      if (usage == nullptr || ASN1_BIT_STRING_set_bit(usage.get(), bit, 1) != 1) {
        return failed("key usage");
      }
    }
    return add(NID_key_usage, usage.get(), Critical::kYes);
  }

  Status add_purpose(const char* oid) {
    const Purposes purposes(EXTENDED_KEY_USAGE_new());
    ASN1_OBJECT* const object = OBJ_txt2obj(oid, 1);
    if (purposes == nullptr || object == nullptr ||
        sk_ASN1_OBJECT_push(purposes.get(), object) == 0) {
      ASN1_OBJECT_free(object);
      return failed("extended key usage");
    }
    return add(NID_ext_key_usage, purposes.get(), Critical::kNo);
  }

  Result<Certificate> sign(const X509_NAME* subject, const X509_NAME* issuer,
                           const crypto::PrivateKey& key) {
    if (X509_set_subject_name(x.get(), subject) != 1 ||
        X509_set_issuer_name(x.get(), issuer) != 1) {
      return failed("names");
    }
    const Pkey signer = LH_TRY(signing_key(key));
    const bool p256 = key.algorithm() == crypto::Algorithm::kEs256;
    if (X509_sign(x.get(), signer.get(), p256 ? EVP_sha256() : nullptr) <= 0) {
      return failed("signature");
    }
    unsigned char* der = nullptr;
    const int n = i2d_X509(x.get(), &der);
    if (n <= 0) return failed("encoding");
    const Bytes bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(n));
    OPENSSL_free(der);
    return Certificate::from_der(bytes);
  }
};

Status push_name(GENERAL_NAMES* names, int type, std::string_view value) {
  NameOf name(GENERAL_NAME_new());
  ASN1_STRING* const text = type == GEN_IPADD ? a2i_IPADDRESS(std::string(value).c_str())
                                              : ASN1_STRING_type_new(V_ASN1_IA5STRING);
  if (name == nullptr || text == nullptr) {
    ASN1_STRING_free(text);
    return crypto::openssl_error(Reason::kInputMalformed, "name of the subject");
  }
  GENERAL_NAME_set0_value(name.get(), type, text);
  if (type != GEN_IPADD &&
      ASN1_STRING_set(text, value.data(), static_cast<int>(value.size())) != 1) {
    return failed("name of the subject");
  }
  if (sk_GENERAL_NAME_push(names, name.get()) == 0) return failed("name of the subject");
  static_cast<void>(name.release());  // owned by the list since the push
  return ok_status();
}

Status add_names(Draft& draft, const CertificateRequest& request) {
  const Names names(GENERAL_NAMES_new());
  if (names == nullptr) return failed("names of the subject");
  for (const std::string& dns : request.dns_names) LH_TRY(push_name(names.get(), GEN_DNS, dns));
  for (const std::string& ip : request.ip_names) LH_TRY(push_name(names.get(), GEN_IPADD, ip));
  if (!request.uscc.empty()) LH_TRY(push_name(names.get(), GEN_URI, "urn:uscc:" + request.uscc));
  if (sk_GENERAL_NAME_num(names.get()) == 0) return ok_status();
  return draft.add(NID_subject_alt_name, names.get(), Critical::kNo);
}

Status add_usage(Draft& draft, Usage usage) {
  switch (usage) {
    case Usage::kTlsClient:
      LH_TRY(draft.add_key_usage({0}));  // digitalSignature
      return draft.add_purpose("1.3.6.1.5.5.7.3.2");
    case Usage::kTlsServer:
      LH_TRY(draft.add_key_usage({0}));
      return draft.add_purpose("1.3.6.1.5.5.7.3.1");
    case Usage::kSignDocument:
      LH_TRY(draft.add_key_usage({0, 1}));  // and contentCommitment
      return draft.add_purpose("1.3.6.1.5.5.7.3.36");
    case Usage::kAny:
      break;
  }
  return Error(Reason::kInputMalformed, "a certificate is for one use");
}

// What was made is held against our own profile and the issuer's certificate: nothing leaves this
// room that check_chain would refuse for its form.
Result<Certificate> checked(Certificate c, const Certificate& issuer) {
  const std::vector<Fault>& faults = CertificateAccess::facts(c).faults;
  if (!faults.empty()) return Error(Reason::kInputMalformed, faults.front().where);
  EVP_PKEY* const key = X509_get0_pubkey(CertificateAccess::x509(issuer));
  if (key == nullptr || X509_verify(CertificateAccess::x509(c), key) != 1) {
    return crypto::openssl_error(Reason::kKeyMissing, "the key is not the authority's");
  }
  return c;
}

}  // namespace

Result<Certificate> make_root(const crypto::PrivateKey& key, std::string_view common_name,
                              UtcTime not_before, UtcTime not_after, Random& random) {
  Draft draft;
  LH_TRY(draft.begin(key.public_key(), not_before, not_after, random));
  LH_TRY(draft.add_authority(1));
  const NamePtr name = LH_TRY(name_of(common_name, {}));
  const Certificate root = LH_TRY(draft.sign(name.get(), name.get(), key));
  return checked(root, root);
}

Result<Certificate> Authority::issue_authority(std::string_view common_name,
                                               const crypto::PublicKey& subject, UtcTime not_before,
                                               UtcTime not_after, Random& random) const {
  Draft draft;
  LH_TRY(draft.begin(subject, not_before, not_after, random));
  LH_TRY(draft.add_authority(0));
  LH_TRY(draft.add_authority_key_id(CertificateAccess::facts(certificate_).subject_key_id));
  const NamePtr name = LH_TRY(name_of(common_name, {}));
  const X509_NAME* const issuer = X509_get_subject_name(CertificateAccess::x509(certificate_));
  return checked(LH_TRY(draft.sign(name.get(), issuer, key_)), certificate_);
}

Result<Certificate> Authority::issue(const CertificateRequest& request,
                                     const crypto::PublicKey& subject, Random& random) const {
  Draft draft;
  LH_TRY(draft.begin(subject, request.not_before, request.not_after, random));
  LH_TRY(add_usage(draft, request.usage));
  LH_TRY(draft.add_authority_key_id(CertificateAccess::facts(certificate_).subject_key_id));
  LH_TRY(add_names(draft, request));
  const NamePtr name = LH_TRY(name_of(request.common_name, request.organisation));
  const X509_NAME* const issuer = X509_get_subject_name(CertificateAccess::x509(certificate_));
  return checked(LH_TRY(draft.sign(name.get(), issuer, key_)), certificate_);
}

Result<Certificate> Authority::renew(const Certificate& old, UtcTime not_before, UtcTime not_after,
                                     Random& random) const {
  const X509* const before = CertificateAccess::x509(old);
  const X509_NAME* const issuer = X509_get_subject_name(CertificateAccess::x509(certificate_));
  const auto& key_id = CertificateAccess::facts(certificate_).subject_key_id;
  if (X509_NAME_cmp(X509_get_issuer_name(before), issuer) != 0 ||
      CertificateAccess::facts(old).authority_key_id != key_id) {
    return Error(Reason::kInputMalformed, "a certificate of another authority");
  }
  Draft draft{X509Ptr(X509_dup(before))};
  LH_TRY(draft.begin_life(not_before, not_after, random));
  return checked(LH_TRY(draft.sign(X509_get_subject_name(before), issuer, key_)), certificate_);
}

}  // namespace lh::pki
