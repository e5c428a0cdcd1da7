#include "hub/licences/office/qr.h"

#include "crypto/digest.h"

namespace lh::hub::licences {
namespace {

constexpr std::string_view kPrefix = "lhq1.";
constexpr std::size_t kLongest = 256;

std::string mac_text(const crypto::KeyStore& keys, std::string_view licence_id) {
  const Secret* key = keys.find("mac");
  LH_CHECK(key != nullptr, "the hub has a mac key");
  Bytes input("qr payload");
  input.push_back('\0');
  input += licence_id;
  return to_base64url(view(crypto::blake2b_mac(*key, input)));
}

}  // namespace

std::string make_qr(const crypto::KeyStore& keys, std::string_view licence_id) {
  std::string out(kPrefix);
  out += licence_id;
  out += '.';
  return out += mac_text(keys, licence_id);
}

std::optional<std::string> read_qr(const crypto::KeyStore& keys, std::string_view payload) {
  if (payload.size() > kLongest || !payload.starts_with(kPrefix)) return std::nullopt;
  payload.remove_prefix(kPrefix.size());
  const std::size_t dot = payload.rfind('.');  // a licence number has dots of its own
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view licence_id = payload.substr(0, dot);
  if (!equal_constant_time(payload.substr(dot + 1), mac_text(keys, licence_id))) {
    return std::nullopt;
  }
  return std::string(licence_id);
}

}  // namespace lh::hub::licences
