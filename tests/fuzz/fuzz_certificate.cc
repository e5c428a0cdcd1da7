// Certificates, PEM chains and public keys: whatever parses can be read, checked and written back,
// and no chain is valid under a trust store that holds nobody.
#include <cstdint>

#include "base/result.h"
#include "pki/chain.h"

namespace lh::pki {
namespace {

void check(const Certificate& c) {
  LH_CHECK(Certificate::from_der(c.der()).value().fingerprint() == c.fingerprint(), "same bytes");
  ignore(c.public_key(), "either is fine");
  LH_CHECK(c.common_name().size() <= c.der().size() * 4, "names come out of the certificate");
  const auto again = parse_pem_chain(to_pem(c));
  LH_CHECK(again.ok() && again->at(0).der() == c.der(), "PEM gives the certificate back");
  for (const Usage usage : {Usage::kTlsServer, Usage::kAny}) {
    const UtcTime at = c.not_before();
    LH_CHECK(check_chain({c}, TrustStore(), at, usage).verdict() != Verdict::kValid, "no anchor");
    const TrustStore itself({c}, {}, 1);
    LH_CHECK(check_chain({c}, itself, at, usage).verdict() != Verdict::kValid,
             "an anchor is no leaf");
    LH_CHECK(check_chain({c, c}, itself, at, usage).verdict() != Verdict::kValid, "repeated");
  }
}

}  // namespace
}  // namespace lh::pki

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using lh::pki::Certificate;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const lh::Result<Certificate> one = Certificate::from_der(bytes);
  if (one.ok()) lh::pki::check(*one);
  const auto chain = lh::pki::parse_pem_chain(bytes);
  if (chain.ok()) lh::pki::check(chain->at(0));
  const auto key = lh::crypto::PublicKey::from_spki(bytes);
  LH_CHECK(!key.ok() || key->spki() == bytes, "a key has one spelling");
  return 0;
}
