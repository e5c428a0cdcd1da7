#include "hub/licences/signers.h"

#include "schemas/sd_jwt_json.h"

namespace lh::hub::licences {
namespace {

constexpr std::size_t kPage = 256;

Result<std::unique_ptr<const Signer>> make_signer(std::string_view code, std::string_view pem,
                                                  const crypto::KeyStore& keys) {
  Uscc organisation = LH_TRY(parse_uscc(code));
  std::vector<pki::Certificate> chain = LH_TRY(pki::parse_pem_chain(pem));
  if (chain.empty()) return Error(Reason::kChainEmpty, "signing chain");
  const crypto::PublicKey leaf = LH_TRY(chain.front().public_key());
  crypto::PrivateKey key =
      LH_TRY(keys.get_private("sign/" + organisation.text(), leaf.algorithm()));
  if (key.public_key().fingerprint() != leaf.fingerprint()) {
    return Error(Reason::kKeyMissing, "the signing key is not the one of its certificate");
  }
  std::vector<std::string> x5c;
  x5c.reserve(chain.size());
  for (const auto& certificate : chain) x5c.push_back(to_base64(certificate.der()));
  std::string header = schemas::sd_jwt_header(crypto::jose_name(key.algorithm()), "dc+sd-jwt", x5c);
  return std::unique_ptr<const Signer>(new Signer{std::move(organisation), std::move(key),
                                                  std::move(chain), std::move(x5c),
                                                  std::move(header)});
}

}  // namespace

Status Signers::load(const store::Store& store, const crypto::KeyStore& keys) {
  const std::lock_guard lock(loading_);
  auto fresh = std::make_unique<View>();
  View& loaded = *fresh;
  Bytes from;
  for (;;) {
    const auto rows = LH_TRY(store.latest().scan(store::Family::kData, "G", from, kPage));
    for (const auto& row : rows) {
      const auto stored = LH_TRY(ledger::parse_stored(row.value));
      auto signer = LH_TRY(make_signer(ByteView(row.key).substr(1), stored.payload, keys));
      std::string code = signer->organisation.text();
      loaded.insert_or_assign(std::move(code), std::move(signer));
    }
    if (rows.size() < kPage) break;
    from = rows.back().key + '\0';
  }
  views_.push_back(std::move(fresh));
  present_.store(views_.back().get(), std::memory_order_release);
  return ok_status();
}

const Signer* Signers::find(const Uscc& organisation) const {
  const View* view = present_.load(std::memory_order_acquire);
  if (view == nullptr) return nullptr;
  const auto it = view->find(organisation.text());
  return it == view->end() ? nullptr : it->second.get();
}

std::vector<ledger::RowWrite> Signers::rows(const Uscc& organisation,
                                            const std::vector<pki::Certificate>& chain) {
  std::string pem;
  for (const auto& certificate : chain) pem += pki::to_pem(certificate);
  return {{store::Family::kData, "G" + organisation.text(), std::move(pem)}};
}

}  // namespace lh::hub::licences
