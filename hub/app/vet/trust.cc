#include <algorithm>
#include <filesystem>

#include "hub/app/data_dir.h"
#include "hub/app/vet/vet.h"

namespace lh::hub::app::vet {
namespace {

constexpr std::size_t kKeyFileBytes = 1U << 16U;

std::vector<std::string> files_with(const std::string& dir, const std::string& extension) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(dir, error)) {
    if (entry.path().extension() == extension) paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Result<Bytes> coordinate(const schemas::Json& jwk, std::string_view name) {
  const schemas::Json* value = jwk.find(name);
  if (value == nullptr || value->string() == nullptr) {
    return Error(Reason::kJsonMissingMember, std::string(name));
  }
  Bytes bytes = LH_TRY(parse_base64url(*value->string()));
  if (bytes.size() != 32) return Error(Reason::kKeyWeak, std::string(name) + " is not 32 bytes");
  return bytes;
}

std::string member(const schemas::Json& jwk, std::string_view name) {
  const schemas::Json* value = jwk.find(name);
  return value == nullptr || value->string() == nullptr ? "" : *value->string();
}

}  // namespace

Result<std::pair<std::string, crypto::PublicKey>> parse_jwk(std::string_view text) {
  const auto jwk = LH_TRY(schemas::parse_json(text, kKeyFileBytes));
  if (jwk.members() == nullptr) return Error(Reason::kJsonWrongType, "jwk");
  const std::string curve = member(jwk, "kty") + " " + member(jwk, "crv");
  if (curve == "EC P-256") {
    const Bytes x = LH_TRY(coordinate(jwk, "x"));
    const Bytes y = LH_TRY(coordinate(jwk, "y"));
    return std::pair(member(jwk, "kid"), LH_TRY(crypto::PublicKey::from_p256(x, y)));
  }
  if (curve == "OKP Ed25519") {
    const Bytes x = LH_TRY(coordinate(jwk, "x"));
    return std::pair(member(jwk, "kid"), LH_TRY(crypto::PublicKey::from_ed25519(x)));
  }
  return Error(Reason::kKeyWeak, "keys are P-256 or Ed25519");
}

Result<Trust> load_trust(const std::string& dir) {
  Trust trust;
  if (dir.empty()) return trust;
  std::error_code error;
  if (!std::filesystem::is_directory(dir, error)) return Error(Reason::kFileUnreadable, dir);
  trust.anchors = LH_TRY(pki::TrustStore::load_dir(dir));
  for (const auto& path : files_with(dir, ".jwk")) {
    auto key = parse_jwk(LH_TRY(read_file(path, kKeyFileBytes)));
    if (!key.ok() && key.error().reason() == Reason::kKeyWeak) continue;  // not of our profile
    if (!key.ok()) return Error(key.error().reason(), path);
    trust.keys.insert_or_assign(std::move(key->first), std::move(key->second));
  }
  for (const auto& path : files_with(dir, ".vkey")) {
    std::string text = LH_TRY(read_file(path, kKeyFileBytes));
    if (text.ends_with('\n')) text.pop_back();
    trust.logs.push_back(LH_TRY(crypto::parse_vkey(text)));
  }
  return trust;
}

}  // namespace lh::hub::app::vet
