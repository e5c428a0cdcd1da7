#include "hub/app/hub_signer.h"

#include "hub/app/hub.h"
#include "schemas/sd_jwt_json.h"

namespace lh::hub::app {

Result<licences::Signer> load_hub_signer(const DataDir& dir, const crypto::KeyStore& keys,
                                         std::string_view typ) {
  auto key = LH_TRY(keys.get_private(kHubSigningKey, crypto::Algorithm::kEs256));
  auto chain =
      LH_TRY(pki::parse_pem_chain(LH_TRY(read_file(dir.path() + "/hub-signing.pem", 1U << 20U))));
  std::vector<std::string> x5c;
  for (const auto& certificate : chain) x5c.push_back(to_base64(certificate.der()));
  std::string header = schemas::sd_jwt_header(crypto::jose_name(key.algorithm()), typ, x5c);
  return licences::Signer{{}, std::move(key), std::move(chain), std::move(x5c), std::move(header)};
}

}  // namespace lh::hub::app
