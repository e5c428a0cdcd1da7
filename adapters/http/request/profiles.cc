// The signatures met in the field, as data. A mapping names one and gives app_id and secret, or
// overrides single keys.
#include <array>

#include "adapters/http/request/auth.h"

namespace lh::adapters::http::request {
namespace {

struct Shipped {
  std::string_view name;
  std::string_view toml;
};

constexpr std::array<Shipped, 5> kProfiles{{
    // Gateways of provincial portals: lower-case SHA-256 over time, token, nonce, time.
    {"tif", R"(
method = "sha256"
output = "hex"
timestamp = "seconds"
nonce = "hex"
sign = "{timestamp}{secret}{nonce}{timestamp}"
[headers]
"x-tif-paasid" = "{app_id}"
"x-tif-timestamp" = "{timestamp}"
"x-tif-nonce" = "{nonce}"
"x-tif-signature" = "{signature}"
)"},
    // The same with other names and upper-case letters.
    {"rio", R"(
method = "sha256"
output = "HEX"
timestamp = "seconds"
nonce = "hex"
sign = "{timestamp}{secret}{nonce}{timestamp}"
[headers]
"x-rio-paasid" = "{app_id}"
"x-rio-timestamp" = "{timestamp}"
"x-rio-nonce" = "{nonce}"
"x-rio-signature" = "{signature}"
)"},
    // National data sharing platform: HMAC over service, requester and time.
    {"gjgxjhpt", R"(
method = "hmac-sha256"
output = "base64"
timestamp = "milliseconds"
nonce = "hex"
sign = "{sid}{rid}{timestamp}"
[headers]
"gjgxjhpt_rid" = "{rid}"
"gjgxjhpt_sid" = "{sid}"
"gjgxjhpt_rtime" = "{timestamp}"
"gjgxjhpt_sign" = "{signature}"
)"},
    {"app-key-hmac", R"(
method = "hmac-sha256"
output = "hex"
timestamp = "milliseconds"
nonce = "hex"
sign = "{app_id}{timestamp}{nonce}{body_sha256}"
[headers]
"X-App-Id" = "{app_id}"
"X-Timestamp" = "{timestamp}"
"X-Nonce" = "{nonce}"
"X-Body-Sha256" = "{body_sha256}"
"X-Signature" = "{signature}"
)"},
    {"app-key-sha256", R"(
method = "sha256"
output = "hex"
timestamp = "milliseconds"
nonce = "hex"
sign = "{secret}{app_id}{timestamp}{nonce}{body_sha256}"
[headers]
"X-App-Id" = "{app_id}"
"X-Timestamp" = "{timestamp}"
"X-Nonce" = "{nonce}"
"X-Signature" = "{signature}"
)"},
}};

}  // namespace

std::vector<std::string_view> shipped_profiles() {
  std::vector<std::string_view> out;
  for (const Shipped& profile : kProfiles) out.push_back(profile.name);
  return out;
}

std::string_view find_profile(std::string_view name) {
  for (const Shipped& profile : kProfiles) {
    if (profile.name == name) return profile.toml;
  }
  return {};
}

}  // namespace lh::adapters::http::request
