#include "crypto/jws.h"

#include "base/limits.h"

namespace lh::crypto {
namespace {

Error malformed(std::string_view what) {
  return Error(Reason::kJwsMalformed, std::string(what));
}

Result<Bytes> decode_part(std::string_view part, std::string_view what) {
  Result<Bytes> bytes = parse_base64url(part);
  if (!bytes.ok()) return malformed(what);
  return bytes;
}

}  // namespace

Result<Jws> parse_jws(std::string_view compact) {
  if (compact.size() > limits::kDocumentBytes) return malformed("too large");
  const std::size_t one = compact.find('.');
  const std::size_t two = one == std::string_view::npos ? one : compact.find('.', one + 1);
  if (two == std::string_view::npos || compact.find('.', two + 1) != std::string_view::npos) {
    return malformed("three parts are expected");
  }
  Jws out;
  out.header = LH_TRY(decode_part(compact.substr(0, one), "header"));
  out.payload = LH_TRY(decode_part(compact.substr(one + 1, two - one - 1), "payload"));
  out.signature = LH_TRY(decode_part(compact.substr(two + 1), "signature"));
  // An empty signature is the form of alg "none" (RFC 7518 3.6), which has no place here.
  if (out.header.empty() || out.signature.empty()) return malformed("empty part");
  out.signing_input = std::string(compact.substr(0, two));
  return out;
}

Result<std::string> sign_jws(std::string_view header, std::string_view payload,
                             const PrivateKey& key) {
  std::string out = to_base64url(header);
  out.push_back('.');
  out += to_base64url(payload);
  const Bytes signature = LH_TRY(key.sign(out));
  out.push_back('.');
  out += to_base64url(signature);
  return out;
}

Status verify_jws(const Jws& jws, std::string_view alg, const PublicKey& key) {
  if (alg != jose_name(key.algorithm())) {
    return Error(Reason::kAlgorithmRefused, "the key is for another algorithm");
  }
  return key.verify(jws.signing_input, jws.signature);
}

}  // namespace lh::crypto
