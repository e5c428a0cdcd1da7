#include "pki/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <mutex>

#include "base/limits.h"
#include "crypto/c_ptr.h"
#include "crypto/digest.h"
#include "pki/certificate_facts.h"
#include "pki/der.h"

namespace lh::pki {
namespace {

using crypto::CPtr;
using X509Ptr = CPtr<X509, X509_free>;

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
constexpr std::size_t kPemBytes = 1U << 20U;
constexpr std::size_t kPemCertificates = 256;

Error malformed(std::string_view what) {
  return Error(Reason::kChainMalformed, std::string(what));
}

// RFC 2253 text in UTF-8; control characters and separators stay escaped.
std::string name_text(const X509_NAME* name) {
  const CPtr<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
  LH_CHECK(out != nullptr, "memory for a name");
  constexpr auto kFlags = static_cast<unsigned long>(XN_FLAG_RFC2253) &
                          ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (X509_NAME_print_ex(out.get(), name, 0, kFlags) < 0) {
    return crypto::openssl_error(Reason::kChainMalformed, "unreadable name").detail();
  }
  char* data = nullptr;
  const long n = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(n)};
}

std::string common_name_of(const X509_NAME* name) {
  const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (n < 0) {
    ERR_clear_error();
    return {};  // a name in no known encoding is no name
  }
  std::string out(reinterpret_cast<const char*>(text), static_cast<std::size_t>(n));
  OPENSSL_free(text);
  return out;
}

Result<crypto::PublicKey> key_of(const X509* x) {
  unsigned char* der = nullptr;
  const int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
  if (n <= 0) return crypto::openssl_error(Reason::kChainMalformed, "subjectPublicKeyInfo");
  const Bytes spki(reinterpret_cast<const char*>(der), static_cast<std::size_t>(n));
  OPENSSL_free(der);
  return crypto::PublicKey::from_spki(spki);
}

std::string_view without_cr(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return without_cr(line);
}

bool is_blank_or_comment(std::string_view line) {
  return line.starts_with('#') || line.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

struct Certificate::Impl {
  X509Ptr x509;
  Bytes der;
  Digest fingerprint{};
  std::string subject;
  std::string issuer;
  CertificateFacts facts;
  // Parsed when first asked for: it costs more than the rest together.
  mutable std::once_flag key_once;
  mutable std::optional<Result<crypto::PublicKey>> key;
};

const CertificateFacts& CertificateAccess::facts(const Certificate& c) {
  return c.impl_->facts;
}
x509_st* CertificateAccess::x509(const Certificate& c) {
  return c.impl_->x509.get();
}

Result<Certificate> Certificate::from_der(ByteView der) {
  if (der.size() > limits::kCertificateBytes) return malformed("too large");
  LH_TRY(check_der(der));
  const auto* p = reinterpret_cast<const unsigned char*>(der.data());
  const auto impl = std::make_shared<Impl>();
  impl->x509.reset(d2i_X509(nullptr, &p, static_cast<long>(der.size())));
  if (impl->x509 == nullptr) {
    return crypto::openssl_error(Reason::kChainMalformed, "not a certificate");
  }
  impl->facts = LH_TRY(read_facts(impl->x509.get()));
  impl->der = Bytes(der);
  impl->fingerprint = crypto::sha256(der);
  impl->subject = name_text(X509_get_subject_name(impl->x509.get()));
  impl->issuer = name_text(X509_get_issuer_name(impl->x509.get()));
  return Certificate(impl);
}

const Bytes& Certificate::der() const {
  return impl_->der;
}
Digest Certificate::fingerprint() const {
  return impl_->fingerprint;
}
const std::string& Certificate::subject() const {
  return impl_->subject;
}
const std::string& Certificate::issuer() const {
  return impl_->issuer;
}
std::string Certificate::common_name() const {
  return common_name_of(X509_get_subject_name(impl_->x509.get()));
}
std::string Certificate::serial_hex() const {
  return to_hex(impl_->facts.serial);
}
UtcTime Certificate::not_before() const {
  return impl_->facts.not_before;
}
UtcTime Certificate::not_after() const {
  return impl_->facts.not_after;
}
std::vector<std::string> Certificate::dns_names() const {
  return impl_->facts.dns_names;
}
std::vector<std::string> Certificate::uri_names() const {
  return impl_->facts.uri_names;
}

Result<crypto::PublicKey> Certificate::public_key() const {
  const Impl& impl = *impl_;
  std::call_once(impl.key_once, [&impl] { impl.key.emplace(key_of(impl.x509.get())); });
  return *impl.key;
}

Result<std::vector<Certificate>> parse_pem_chain(std::string_view pem) {
  if (pem.size() > kPemBytes) return malformed("too large");
  std::vector<Certificate> out;
  while (!pem.empty()) {
    const std::string_view line = take_line(pem);
    if (is_blank_or_comment(line)) continue;
    if (line != kBegin) return malformed("text outside a CERTIFICATE block");
    std::string body;
    std::string_view inner = take_line(pem);
    while (inner != kEnd) {
      if (inner.empty() && pem.empty()) return malformed("CERTIFICATE block without an end");
      body += inner;
      inner = take_line(pem);
    }
    const Result<Bytes> der = parse_base64(body);
    if (!der.ok()) return malformed("base64");
    if (out.size() == kPemCertificates) return Error(Reason::kChainTooLong, "PEM");
    out.push_back(LH_TRY(Certificate::from_der(*der)));
  }
  if (out.empty()) return Error(Reason::kChainEmpty, "PEM");
  return out;
}

std::string to_pem(const Certificate& c) {
  constexpr std::size_t kLine = 64;  // RFC 7468 2
  const std::string text = to_base64(c.der());
  std::string out = std::string(kBegin) + "\n";
  for (std::size_t i = 0; i < text.size(); i += kLine) out += text.substr(i, kLine) + "\n";
  return out + std::string(kEnd) + "\n";
}

// RFC 7515 4.1.6
Result<std::vector<Certificate>> parse_x5c(const std::vector<std::string>& x5c) {
  if (x5c.empty()) return Error(Reason::kChainEmpty, "x5c");
  if (x5c.size() > limits::kChainCertificates) return Error(Reason::kChainTooLong, "x5c");
  std::vector<Certificate> out;
  for (const std::string& text : x5c) {
    const Result<Bytes> der = parse_base64(text);
    if (!der.ok()) return malformed("x5c base64");
    out.push_back(LH_TRY(Certificate::from_der(*der)));
  }
  return out;
}

}  // namespace lh::pki
