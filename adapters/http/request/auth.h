// How a request shows who asks: basic, bearer, or a signature that is described by data (an app key
// with time, nonce and digest). Secrets come by name and are never part of a mapping.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/digests.h"
#include "adapters/http/request/template.h"
#include "adapters/http/transport/transport.h"
#include "adapters/kind.h"

namespace lh::adapters::http::request {

enum class AuthKind : std::uint8_t { kNone, kBasic, kBearer, kSigned };
enum class SignMethod : std::uint8_t { kHmacSha256, kSha256 };
enum class DigestText : std::uint8_t { kHexLower, kHexUpper, kBase64 };
enum class TimeForm : std::uint8_t { kSeconds, kMilliseconds, kCompact };  // yyyyMMddHHmmss, UTC+8
enum class NonceForm : std::uint8_t { kHex, kUuid, kDigits };

struct SignatureProfile {
  SignMethod method = SignMethod::kHmacSha256;
  DigestText output = DigestText::kHexLower;
  TimeForm time = TimeForm::kMilliseconds;
  NonceForm nonce = NonceForm::kHex;
  std::vector<Template> sign;  // one: what is digested, or signed with the secret as the key
  std::vector<std::pair<std::string, Template>> headers;
  std::vector<std::pair<std::string, Template>> query;  // added behind the request's own
};

struct Auth {
  AuthKind kind = AuthKind::kNone;
  std::string user;    // basic
  std::string secret;  // name of the password, token or app secret
  std::vector<std::pair<std::string, std::string>> values;  // app_id, … for the profile's places
  SignatureProfile profile;
};

// The [source.auth] table; null: none. Errors: mapping.invalid.
Result<Auth> read_auth(const SettingsNode* table);
// Names of the profiles that are shipped (tif, rio, gjgxjhpt, app-key-hmac, app-key-sha256).
std::vector<std::string_view> shipped_profiles();
std::string_view find_profile(std::string_view name);  // TOML; empty: not there

// Adds to the call what shows who asks, anew for every sending. Errors: key.missing;
// input.malformed (a secret that cannot stand in a header).
Status authorise(const Auth& auth, const Surroundings& with, const MessageDigests& digests,
                 transport::Call& call, std::vector<Secret>& used);

}  // namespace lh::adapters::http::request
